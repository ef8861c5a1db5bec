//! One call of a tool: what the model asked for, how it went, and who allowed it.

use crate::{ids::ToolCallId, model::Millis};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    pub call_id: ToolCallId,
    pub name: String,
    pub input: Value,
    pub state: ToolState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Millis>,
    /// Of a call that may run only once the member has agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

impl ToolCall {
    /// The member agreed, and it will run; or it was denied.
    pub fn decide(&mut self, decision: Decision) {
        self.state = if decision.verdict == Verdict::Approved { ToolState::Pending } else { ToolState::Denied };
        if let Some(approval) = &mut self.approval {
            approval.decision = Some(decision);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolState {
    /// It will run in a moment.
    Pending,
    /// For an approval.
    Waiting,
    Running,
    Done,
    Denied,
    Failed,
    TimedOut,
    /// It was cut off while it ran (by the server's death, a Stop, the run's time), and may or may not have had its effect.
    Uncertain,
    /// The run ended before the call was done; it had no effect.
    Stopped,
}

impl ToolState {
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Waiting,
        Self::Running,
        Self::Done,
        Self::Denied,
        Self::Failed,
        Self::TimedOut,
        Self::Uncertain,
        Self::Stopped,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Uncertain => "uncertain",
            Self::Stopped => "stopped",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == raw)
    }

    /// Whether nothing more happens to the call.
    pub fn ended(self) -> bool {
        !matches!(self, Self::Pending | Self::Waiting | Self::Running)
    }
}

/// What a call that asks first waits for, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub expires_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub verdict: Verdict,
    /// The name of who decided; `None` where the time ran out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approved,
    Denied,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Denied => "denied",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Approved, Self::Denied].into_iter().find(|verdict| verdict.as_str() == raw)
    }
}

/// The longest reason of a decision, in characters.
pub const REASON_MAX: usize = 500;
