//! A month as a bill: written down once it is over, and never changed again.

use super::{Key, Sums};
use crate::model::{Millis, calendar::Month};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub group: String,
    pub month: Month,
    pub time_zone: String,
    /// `None`: the month goes on, or is over for less than an hour.
    pub closed_at: Option<Millis>,
    pub totals: Sums,
    pub models: Vec<Line>,
    pub agents: Vec<Line>,
    pub people: Vec<Line>,
    pub purposes: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub key: Key,
    /// As it was called when the month was closed.
    pub name: String,
    pub sums: Sums,
}

/// One line of the list of months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthSum {
    pub month: Month,
    pub closed: bool,
    pub calls: i64,
    pub cost_microusd: i64,
    pub unknown_price_calls: i64,
}

/// The ledger of a month beside what a provider says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Providers that the ledger knows.
    pub providers: Vec<String>,
    pub provider: String,
    pub month: Month,
    /// Days in UTC that either side knows.
    pub days: Vec<ReconciledDay>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciledDay {
    pub day: crate::model::calendar::Date,
    pub ours_microusd: i64,
    pub ours_tokens: i64,
    pub unknown_price_calls: i64,
    /// `None`: the provider's total of this day was not told.
    pub theirs_microusd: Option<i64>,
    pub theirs_tokens: Option<i64>,
}

impl ReconciledDay {
    /// What the provider says more than the ledger.
    pub fn difference(&self) -> Option<i64> {
        self.theirs_microusd.map(|theirs| theirs - self.ours_microusd)
    }
}
