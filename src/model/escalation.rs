//! An escalation: an agent asked for a person, and the thread waits for one.

use crate::{
    ids::{EscalationId, ThreadId},
    model::Millis,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    pub id: EscalationId,
    pub thread_id: ThreadId,
    pub reason: String,
    pub status: EscalationStatus,
    /// The member who talks in the thread.
    pub person: String,
    /// The agent that asked.
    pub agent: String,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalationStatus {
    /// Nobody has taken it yet.
    Open,
    Claimed,
    Resolved,
}

impl EscalationStatus {
    pub const ALL: [Self; 3] = [Self::Open, Self::Claimed, Self::Resolved];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Resolved => "resolved",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == raw)
    }
}

/// What a thread shows of its newest escalation that is not resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    pub escalation_id: EscalationId,
    pub status: EscalationStatus,
    pub reason: String,
    pub created_at: Millis,
}
