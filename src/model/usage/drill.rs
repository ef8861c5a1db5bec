//! The way down from a sum: threads, and single calls of the ledger.

use crate::{
    ids::{AgentId, CallId, PersonId, RunId, ThreadId},
    model::{
        Millis,
        calendar::Date,
        page::Page,
        provider::{Price, PriceSource, Usage},
    },
};
use serde::{Deserialize, Serialize};

/// Which calls, besides what the dashboard is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    pub thread: Option<ThreadId>,
    pub run: Option<RunId>,
    /// The cursor of a later page.
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    pub time_zone: String,
    pub days: (Date, Date),
    /// The dearest ones; `None` where the period is too long to look at threads, or one thread is looked at already.
    pub threads: Option<Vec<ThreadCost>>,
    /// Newest first.
    pub calls: Page<CallLine>,
    /// The names of what the filter asks about: agent and person.
    pub names: (Option<String>, Option<String>),
    pub own: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadCost {
    pub thread: ThreadId,
    /// Only of the reader's own threads.
    pub title: Option<String>,
    pub agent_name: Option<String>,
    pub person_name: Option<String>,
    pub calls: i64,
    pub usage: Usage,
    /// Micro-dollars of the calls whose price is known.
    pub cost_microusd: i64,
    pub unknown_price_calls: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLine {
    pub id: CallId,
    /// When it ended, on the group's wall clock: `28 Nov 2026, 14:02:07`.
    pub when: String,
    pub run: Option<RunId>,
    pub step: i64,
    pub attempt: i64,
    pub thread: Option<ThreadId>,
    pub agent: Option<AgentId>,
    pub person: Option<PersonId>,
    pub agent_name: Option<String>,
    pub person_name: Option<String>,
    pub purpose: String,
    pub provider: String,
    pub model: String,
    pub status: String,
    pub error_kind: Option<String>,
    /// `reported`, `drained`, `partial` or `estimated`.
    pub counted: String,
    pub usage: Usage,
    pub cost_microusd: Option<i64>,
    /// Of the moment of the call; `None` where it is not known, or was not written down yet.
    pub price: Option<Price>,
    pub price_source: Option<PriceSource>,
    pub duration_ms: Millis,
    pub first_token_ms: Option<Millis>,
}
