//! A person: someone who signs in.

use crate::{
    error::{AppError, Result},
    ids::PersonId,
    model::{
        Millis,
        group::{Group, Role},
        text,
    },
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub email: Email,
    pub name: String,
    pub created_at: Millis,
}

/// A group and the role that one has in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub group: Group,
    pub role: Role,
}

/// Who is signed in, and where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub person: Person,
    pub memberships: Vec<Membership>,
}

/// A place where one is signed in, as the account page lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    pub device: String,
    pub created_at: Millis,
    pub seen_at: Millis,
    pub current: bool,
}

/// An e-mail address, trimmed and in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Checks the shape only: one @, a name before it, a host after it, no white space, at most 254 bytes.
    pub fn parse(raw: &str) -> Result<Self> {
        let email = raw.trim().to_lowercase();
        let fits = email.len() <= 254
            && !email.chars().any(|c| c.is_whitespace() || c.is_control())
            && email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 1 && !host.contains('@'));
        if fits { Ok(Self(email)) } else { Err(AppError::invalid("email", "Write an e-mail address such as ada@example.org.")) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name: 1 to 80 characters.
pub fn person_name(raw: &str) -> Result<String> {
    text::line("name", raw, 80)
}

/// A new password: 12 to 200 characters, whatever they are. It has no `Debug`, so that it cannot reach a log.
pub struct NewPassword(String);

impl NewPassword {
    pub const MIN: usize = 12;

    pub fn parse(raw: &str) -> Result<Self> {
        match raw.chars().count() {
            n if n < Self::MIN => Err(AppError::invalid("password", "Use 12 characters or more. A short sentence works well.")),
            n if n > 200 => Err(AppError::invalid("password", "Use 200 characters or fewer.")),
            _ => Ok(Self(raw.to_owned())),
        }
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}
