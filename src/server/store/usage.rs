//! Questions to the sums of the ledger. A question about whole days reads the days, in the smallest cut that has all it
//! asks about; one about hours reads the hours. A day that goes on is made of its hours, see `sql`.
//!
//! Whoever manages the group sees all of it, every other member what was spent for themselves.

pub mod calls;
mod columns;
pub mod days;
pub mod rebuild;
mod sql;
pub mod threads;

use super::db::{Db, FromRow, Row, Run as _};
use crate::{
    error::Result,
    ids::{AgentId, GroupId, PersonId},
    model::{
        Millis,
        calendar::DayNumber,
        provider::Usage as Tokens,
        usage::{By, Key, KeySums, Sums, UsageFilter},
    },
};
use sql::{
    BARS_OF_DAYS, BARS_OF_HOURS, KEYS_OF_DAYS, KEYS_OF_HOURS, PEOPLE_OF_DAYS, PEOPLE_OF_HOURS, TOTAL_OF_DAYS, TOTAL_OF_HOURS,
};
use std::ops::Range;

pub struct Usage<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    /// The member who sees only their own.
    pub(super) only: Option<PersonId>,
}

/// A stretch of time: in whole days of the group, or in hours by when they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    Days(Range<DayNumber>),
    Hours(Range<Millis>),
}

/// How many calls took how long: one count for each step of `usage::times`.
pub type Counts = [i64; 16];

/// The sums of a stretch, and how long its calls took.
pub struct Total {
    pub sums: Sums,
    pub duration: Counts,
    pub first_token: Counts,
}

/// The few figures of a chart: of a day (by its number) or of an hour (by its beginning).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub at: i64,
    pub calls: i64,
    pub tokens: i64,
    pub cost_microusd: i64,
    pub unknown_price_calls: i64,
}

/// A day or an hour, and what one key used then.
pub struct TimedSums {
    pub at: i64,
    pub sums: KeySums,
}

const ANY: &str = "SELECT 1 AS found FROM calls WHERE group_id = $1 AND ($2 IS NULL OR person_id = $2) LIMIT 1";

// Of people, only those who had calls made for them here: an id must not tell the name of a stranger.
const NAMES: &str = "SELECT (SELECT t.name FROM things t WHERE t.group_id = $1 AND t.id = $2) AS agent, \
    (SELECT p.name FROM people p WHERE p.id = $3 AND EXISTS (SELECT 1 FROM calls c WHERE c.group_id = $1 AND c.person_id = $3)) AS person";

impl Usage<'_> {
    /// Whether anything was ever booked.
    pub async fn any(&self) -> Result<bool> {
        Ok(!self.db.rows(ANY, (self.group, self.only)).await?.is_empty())
    }

    /// The names of the agent and the person that a filter asks about.
    pub async fn names(&self, filter: &UsageFilter) -> Result<(Option<String>, Option<String>)> {
        let rows = self.db.rows(NAMES, (self.group, filter.agent, self.only.or(filter.person))).await?;
        rows.first().map_or(Ok((None, None)), |row| Ok((row.get("agent")?, row.get("person")?)))
    }

    pub async fn total(&self, span: &Span, filter: &UsageFilter) -> Result<Total> {
        self.db.one(span.pick(TOTAL_OF_DAYS, TOTAL_OF_HOURS), self.which(span, filter, &[])).await
    }

    /// How many people had calls made for them.
    pub async fn people(&self, span: &Span, filter: &UsageFilter) -> Result<i64> {
        let sql = span.pick(PEOPLE_OF_DAYS, PEOPLE_OF_HOURS);
        let rows = self.db.rows(sql, self.which(span, filter, &[By::Person])).await?;
        rows.first().map_or(Ok(0), |row| Ok(row.get("people")?))
    }

    /// Day by day, or hour by hour, in order; those without a call are left out.
    pub async fn bars(&self, span: &Span, filter: &UsageFilter) -> Result<Vec<Bar>> {
        self.db.all(span.pick(BARS_OF_DAYS, BARS_OF_HOURS), self.which(span, filter, &[])).await
    }

    /// Told apart, dearest first.
    pub async fn by(&self, span: &Span, filter: &UsageFilter, by: By) -> Result<Vec<KeySums>> {
        self.by_at_most(span, filter, by, i64::MAX).await
    }

    /// The same, so many of them.
    pub async fn by_at_most(&self, span: &Span, filter: &UsageFilter, by: By, limit: i64) -> Result<Vec<KeySums>> {
        Ok(self.told_apart(span, filter, by, false, limit).await?.into_iter().map(|timed| timed.sums).collect())
    }

    /// The same for each day or hour, in order.
    pub async fn by_time(&self, span: &Span, filter: &UsageFilter, by: By, limit: i64) -> Result<Vec<TimedSums>> {
        self.told_apart(span, filter, by, true, limit).await
    }

    async fn told_apart(&self, span: &Span, filter: &UsageFilter, by: By, timed: bool, limit: i64) -> Result<Vec<TimedSums>> {
        let is = |one: By| by == one;
        let provider = matches!(by, By::Provider | By::Model);
        let flags = (timed, provider, is(By::Model), is(By::Agent), is(By::Person), is(By::Purpose), limit);
        let args = super::bind::Chain(self.which(span, filter, &[by]), flags);
        let rows = self.db.rows(span.pick(KEYS_OF_DAYS, KEYS_OF_HOURS), args).await?;
        Ok(rows.iter().map(|row| timed_sums(row, by)).collect::<sqlx::Result<_>>()?)
    }

    /// `$1` to `$9`. `more` is what the question tells apart besides what it filters by.
    fn which(&self, span: &Span, filter: &UsageFilter, more: &[By]) -> impl super::db::Args + use<> {
        let person = self.only.or(filter.person);
        let (from, to) = span.ends();
        let cut = cut(&UsageFilter { person, ..filter.clone() }, more);
        let filter = filter.clone();
        (self.group, from, to, filter.provider, filter.model, filter.agent, person, filter.purpose, cut)
    }
}

/// Model, agent, person, purpose: which of them each cut of the days has, from cut 1 on. A provider is part of its
/// model. The migration has the same.
const CUTS: [[bool; 4]; 6] = [
    [true, false, false, true],
    [false, true, false, true],
    [false, false, true, true],
    [true, true, false, false],
    [true, false, true, false],
    [true, true, true, true],
];

/// The first cut that has all that is asked about.
fn cut(filter: &UsageFilter, more: &[By]) -> i64 {
    let asked = [
        filter.provider.is_some() || filter.model.is_some() || more.iter().any(|by| matches!(by, By::Model | By::Provider)),
        filter.agent.is_some() || more.contains(&By::Agent),
        filter.person.is_some() || more.contains(&By::Person),
        filter.purpose.is_some() || more.contains(&By::Purpose),
    ];
    let covers = |cut: &[bool; 4]| cut.iter().zip(asked).all(|(has, asked)| *has || !asked);
    CUTS.iter().position(covers).unwrap_or(CUTS.len() - 1) as i64 + 1
}

impl Span {
    fn ends(&self) -> (i64, i64) {
        match self {
            Self::Days(range) | Self::Hours(range) => (range.start, range.end),
        }
    }

    fn pick(&self, days: &'static str, hours: &'static str) -> &'static str {
        match self {
            Self::Days(_) => days,
            Self::Hours(_) => hours,
        }
    }
}

fn timed_sums(row: &Row, by: By) -> sqlx::Result<TimedSums> {
    let (key, name) = match by {
        By::Model => (Key::Model { provider: row.get("provider")?, model: row.get("model")? }, None),
        By::Provider => (Key::Provider(row.get("provider")?), None),
        By::Agent => (Key::Agent(row.get::<Option<AgentId>>("agent_id")?), row.get("agent_name")?),
        By::Person => (Key::Person(row.get::<Option<PersonId>>("person_id")?), row.get("person_name")?),
        By::Purpose => (Key::Purpose(row.get("purpose")?), None),
    };
    Ok(TimedSums { at: row.get("at")?, sums: KeySums { key, name, sums: Sums::from_row(row)? } })
}

impl FromRow for Sums {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            calls: row.get("calls")?,
            messages: row.get("messages")?,
            threads: row.get("threads")?,
            failed: row.get("failed")?,
            stopped: row.get("stopped")?,
            estimated: row.get("estimated")?,
            usage: Tokens::from_row(row)?,
            cost_microusd: row.get("cost_microusd")?,
            unknown_price_calls: row.get("unknown_price_calls")?,
        })
    }
}

impl FromRow for Total {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { sums: Sums::from_row(row)?, duration: counts(row, DURATIONS)?, first_token: counts(row, FIRST_TOKENS)? })
    }
}

const DURATIONS: [&str; 16] =
    ["l0", "l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "l9", "l10", "l11", "l12", "l13", "l14", "l15"];
const FIRST_TOKENS: [&str; 16] =
    ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "t12", "t13", "t14", "t15"];

fn counts(row: &Row, names: [&str; 16]) -> sqlx::Result<Counts> {
    let mut counts = [0; 16];
    for (count, name) in counts.iter_mut().zip(names) {
        *count = row.get(name)?;
    }
    Ok(counts)
}

impl FromRow for Bar {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            at: row.get("at")?,
            calls: row.get("calls")?,
            tokens: row.get("tokens")?,
            cost_microusd: row.get("cost_microusd")?,
            unknown_price_calls: row.get("unknown_price_calls")?,
        })
    }
}
