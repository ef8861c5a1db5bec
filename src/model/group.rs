//! A group: the tenant.

use crate::{
    error::{AppError, Result},
    ids::GroupId,
    model::{Millis, text},
};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub slug: Slug,
    pub name: String,
}

/// A group's name in URLs: 1 to 40 of a-z, 0-9 and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl TryFrom<String> for Slug {
    type Error = AppError;
    fn try_from(raw: String) -> Result<Self> {
        Self::parse(&raw)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl Slug {
    pub fn parse(raw: &str) -> Result<Self> {
        let fits = (1..=40).contains(&raw.len())
            && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !raw.starts_with('-')
            && !raw.ends_with('-');
        if fits { Ok(Self(raw.to_owned())) } else { Err(AppError::invalid("slug", "Use 1 to 40 of a-z, 0-9 and hyphens.")) }
    }

    /// The slug that a name suggests; `group` where nothing of it can stand in a URL.
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in name.to_lowercase().chars() {
            match c {
                'a'..='z' | '0'..='9' => slug.push(c),
                _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                _ => {}
            }
            if slug.len() == 40 {
                break;
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "group" } else { slug }.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// For how long an approval may be given: a minute to thirty days.
pub const APPROVAL_TIME: RangeInclusive<Millis> = 60_000..=30 * 24 * 3_600_000;

const HOUR: f64 = 3_600_000.0;

/// The time of approvals in hours, as a field shows it.
pub fn approval_hours(time: Millis) -> String {
    // As exact as a minute, and no longer than it has to be.
    let text = format!("{:.2}", time as f64 / HOUR);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was typed into that field.
pub fn approval_time(hours: &str) -> Result<Millis> {
    let hours: Option<f64> = hours.trim().replace(',', ".").parse().ok();
    let time = hours.map(|hours| (hours * HOUR).round() as Millis).filter(|time| APPROVAL_TIME.contains(time));
    time.ok_or_else(|| AppError::invalid("approval_time", "Use a number of hours, from 0.02 (a minute) to 720 (30 days)."))
}

/// A group's name: 1 to 80 characters.
pub fn group_name(raw: &str) -> Result<String> {
    text::line("group_name", raw, 80)
}

/// What a member may do. Owners and admins manage; an operator answers escalations; everybody talks to agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Admin,
    Member,
    Operator,
}

impl Role {
    pub fn parse(raw: &str) -> Result<Self> {
        match raw {
            "owner" => Ok(Self::Owner),
            "admin" => Ok(Self::Admin),
            "member" => Ok(Self::Member),
            "operator" => Ok(Self::Operator),
            _ => Err(AppError::invalid("role", "A role is owner, admin, member or operator.")),
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Operator => "operator",
        }
    }

    /// Whether the role answers members in an agent's place.
    pub fn answers(self) -> bool {
        self.manages() || self == Self::Operator
    }

    /// Whether the role manages agents, members and settings.
    pub fn manages(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// By which clock a group's days and months are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupZone {
    pub name: String,
    /// Why it cannot be changed any more; `None` while it can.
    pub fixed: Option<String>,
}
