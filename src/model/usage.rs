//! Sums of the ledger, and what can be asked about them.

pub mod ask;
pub mod axis;
pub mod dashboard;
pub mod drill;
pub mod prices;
pub mod statement;

use crate::{
    ids::{AgentId, PersonId},
    model::provider::Usage,
};
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// What some calls used and cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub calls: i64,
    /// Members' messages that were answered, or were to be.
    pub messages: i64,
    /// Threads that had their first call.
    pub threads: i64,
    pub failed: i64,
    /// Stopped by a member or by a limit, or interrupted.
    pub stopped: i64,
    /// Calls whose provider did not tell all of the usage.
    pub estimated: i64,
    pub usage: Usage,
    /// Micro-dollars of all calls whose price is known.
    pub cost_microusd: i64,
    /// Calls whose price is not known: what they cost is not in the sum.
    pub unknown_price_calls: i64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.messages += other.messages;
        self.threads += other.threads;
        self.failed += other.failed;
        self.stopped += other.stopped;
        self.estimated += other.estimated;
        self.usage = self.usage + other.usage;
        self.cost_microusd += other.cost_microusd;
        self.unknown_price_calls += other.unknown_price_calls;
    }
}

/// By what sums are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    #[default]
    Model,
    Provider,
    Agent,
    Person,
    Purpose,
}

impl By {
    pub const ALL: [Self; 5] = [Self::Model, Self::Provider, Self::Agent, Self::Person, Self::Purpose];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Provider => "provider",
            Self::Agent => "agent",
            Self::Person => "person",
            Self::Purpose => "purpose",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == raw)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
    Hour,
    Day,
    Month,
}

/// Which calls. What is `None` is not asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct UsageFilter {
    pub provider: Option<String>,
    pub model: Option<String>,
    pub agent: Option<AgentId>,
    pub person: Option<PersonId>,
    pub purpose: Option<String>,
}

/// One of the things that sums are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    Model {
        provider: String,
        model: String,
    },
    Provider(String),
    /// `None`: no agent made the call.
    Agent(Option<AgentId>),
    /// `None`: the call was made for nobody in particular.
    Person(Option<PersonId>),
    Purpose(String),
}

/// Sums of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySums {
    pub key: Key,
    /// The name at present of an agent or a person; `None` once they are gone.
    pub name: Option<String>,
    pub sums: Sums,
}
