//! A run: one agent turn, from the member's message to the final answer.

use crate::{
    ids::{MessageId, RunId, ThreadId},
    model::{Millis, budget::Refusal, provider::Usage},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: RunId,
    pub thread_id: ThreadId,
    pub kind: RunKind,
    pub status: RunStatus,
    pub agent_version: i64,
    pub steps: i64,
    pub usage: Usage,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub finished_at: Option<Millis>,
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunKind {
    /// Answers a message.
    Message,
    /// Goes on where the run before it ended too early.
    Continue,
    /// Answers the message of the run before it again.
    Retry,
}

impl RunKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Continue => "continue",
            Self::Retry => "retry",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Message, Self::Continue, Self::Retry].into_iter().find(|kind| kind.as_str() == raw)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    Queued,
    Running,
    /// For an approval or a person.
    Waiting,
    Completed,
    Stopped,
    Failed,
    Interrupted,
}

impl RunStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Waiting, Self::Completed, Self::Stopped, Self::Failed, Self::Interrupted]
            .into_iter()
            .find(|status| status.as_str() == raw)
    }

    pub fn ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running | Self::Waiting)
    }
}

/// Why a run or a message failed, as members see it. The provider's own words stay in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// Stable: `unavailable`, `rate_limited`, `limit_seconds`, …
    pub code: String,
    pub message: String,
    pub retryable: bool,
    /// The budget that did not allow it, where one is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Box<Refusal>>,
}

impl RunError {
    pub fn new(code: impl Into<String>, message: impl Into<String>, retryable: bool) -> Self {
        Self { code: code.into(), message: message.into(), retryable, refusal: None }
    }
}

/// The answer to a sent message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub message_id: MessageId,
    pub run_id: RunId,
}
