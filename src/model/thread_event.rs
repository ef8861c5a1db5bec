//! What happens in a thread, as viewers hear of it. The wire format is the serde form of these types.

use crate::{
    ids::{AgentId, MessageId, RunId},
    model::{
        Millis,
        escalation::Handoff,
        message::{Message, MessageStatus, Part, Role},
        provider::Usage,
        run::{RunError, RunStatus},
        thread::ThreadStatus,
        tool_call::ToolCall,
    },
};
use serde::{Deserialize, Serialize};

/// One event. `kind` is the name of the server-sent event, `data` its JSON object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum ThreadEvent {
    /// Replaces all that a viewer shows.
    Snapshot(Snapshot),
    /// A message was made (with its parts) or finished (without: they were streamed).
    Message(MessageChange),
    Run(RunState),
    Text(Delta),
    Reasoning(Delta),
    /// The whole state of a tool call's part: applying it twice changes nothing.
    ToolCall(PartChange),
    ToolResult(PartChange),
    /// Where the answer comes from.
    Source(PartChange),
    /// Not kept: a piece of a call's input, as the model writes it.
    ToolInput(ToolInput),
    /// A call waits for the member, or was decided.
    Approval(ApprovalChange),
    /// A person was asked for, or the asking changed.
    Handoff(Handoff),
    /// Not kept: the run waits for a busy model, with so many ahead of it.
    Queue(Queue),
    /// What a run used, once it is settled.
    Usage(RunUsage),
    /// The thread's own title or status changed.
    Thread(ThreadChange),
    Error(RunError),
}

impl ThreadEvent {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Snapshot(_) => "snapshot",
            Self::Message(_) => "message",
            Self::Run(_) => "run",
            Self::Text(_) => "text",
            Self::Reasoning(_) => "reasoning",
            Self::ToolCall(_) => "tool_call",
            Self::ToolResult(_) => "tool_result",
            Self::Source(_) => "source",
            Self::ToolInput(_) => "tool_input",
            Self::Approval(_) => "approval",
            Self::Handoff(_) => "handoff",
            Self::Queue(_) => "queue",
            Self::Usage(_) => "usage",
            Self::Thread(_) => "thread",
            Self::Error(_) => "error",
        }
    }

    /// The message that the event changes, where it is about one.
    pub fn message_id(&self) -> Option<MessageId> {
        match self {
            Self::Message(change) => Some(change.id),
            Self::Text(delta) | Self::Reasoning(delta) => Some(delta.message_id),
            Self::ToolCall(change) | Self::ToolResult(change) | Self::Source(change) => Some(change.message_id),
            Self::ToolInput(input) => Some(input.message_id),
            _ => None,
        }
    }
}

impl ThreadEvent {
    /// The event's own JSON object, without its kind: the `data` of a server-sent event.
    pub fn data(&self) -> serde_json::Result<String> {
        match self {
            Self::Snapshot(data) => serde_json::to_string(data),
            Self::Message(data) => serde_json::to_string(data),
            Self::Run(data) => serde_json::to_string(data),
            Self::Text(data) | Self::Reasoning(data) => serde_json::to_string(data),
            Self::ToolCall(data) | Self::ToolResult(data) | Self::Source(data) => serde_json::to_string(data),
            Self::ToolInput(data) => serde_json::to_string(data),
            Self::Approval(data) => serde_json::to_string(data),
            Self::Handoff(data) => serde_json::to_string(data),
            Self::Queue(data) => serde_json::to_string(data),
            Self::Usage(data) => serde_json::to_string(data),
            Self::Thread(data) => serde_json::to_string(data),
            Self::Error(data) => serde_json::to_string(data),
        }
    }
}

/// The newest messages of a thread and what goes on in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub messages: Vec<Message>,
    /// Whether older messages exist.
    pub earlier: bool,
    /// The run that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunState>,
    /// Runs that wait for their turn, in order.
    #[serde(default)]
    pub queued: Vec<RunState>,
    /// How many others a busy model serves before the run that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<u32>,
    /// Calls whose input is being written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<ToolDraft>,
    /// Where the thread waits for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<Handoff>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageChange {
    pub id: MessageId,
    pub run_id: RunId,
    pub role: Role,
    pub status: MessageStatus,
    /// Present when the message was made; absent when it finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<Part>>,
    pub agent_id: AgentId,
    pub author: String,
    pub seq: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    pub created_at: Millis,
    pub finished_at: Option<Millis>,
    /// The sender's Idempotency-Key, so that the tab that sent it knows its own message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl MessageChange {
    /// The message as it was made.
    pub fn made(message: &Message, key: Option<String>) -> Self {
        Self { parts: Some(message.parts.clone()), key, ..Self::finished(message) }
    }

    /// The message without its parts, which viewers have.
    pub fn finished(message: &Message) -> Self {
        Self {
            id: message.id,
            run_id: message.run_id,
            role: message.role,
            status: message.status,
            parts: None,
            agent_id: message.agent_id,
            author: message.author.clone(),
            seq: message.seq,
            error: message.error.clone(),
            created_at: message.created_at,
            finished_at: message.finished_at,
            key: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunState {
    pub run_id: RunId,
    pub status: RunStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
}

/// Text to append to a part of a message. A part that does not exist yet begins with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    pub message_id: MessageId,
    pub part: usize,
    pub delta: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartChange {
    pub message_id: MessageId,
    pub part: usize,
    #[serde(flatten)]
    pub content: Part,
}

/// More of a call's input. A viewer that does not hold exactly `start` bytes of it missed something, and lets it be: the
/// whole call follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolInput {
    pub message_id: MessageId,
    /// Tells the calls of one step apart.
    pub index: u32,
    pub name: String,
    pub start: usize,
    pub delta: String,
}

/// A call as far as the model has written it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolDraft {
    pub message_id: MessageId,
    pub index: u32,
    pub name: String,
    pub input: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovalChange {
    pub run_id: RunId,
    pub message_id: MessageId,
    #[serde(flatten)]
    pub call: ToolCall,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub run_id: RunId,
    pub ahead: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunUsage {
    pub run_id: RunId,
    #[serde(flatten)]
    pub usage: Usage,
    /// Micro-dollars; `None` where a price is not known.
    pub cost_microusd: Option<i64>,
    pub duration_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadChange {
    pub title: String,
    pub status: ThreadStatus,
}
