//! A call of a tool that waits for its member.

use crate::{
    ids::{ThreadId, ToolCallId},
    model::Millis,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingApproval {
    pub id: ToolCallId,
    pub thread_id: ThreadId,
    pub thread_title: String,
    pub agent: String,
    /// The tool.
    pub name: String,
    pub input: Value,
    pub created_at: Millis,
    pub expires_at: Millis,
}
