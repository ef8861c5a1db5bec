//! A message: one utterance in a thread, made of parts.

use crate::{
    ids::{AgentId, DocumentId, MessageId, RunId, ToolCallId},
    model::{Millis, run::RunError, tool_call::ToolCall},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub run_id: RunId,
    pub role: Role,
    pub status: MessageStatus,
    pub parts: Vec<Part>,
    pub agent_id: AgentId,
    /// The name that stands above it, as it was at the time.
    pub author: String,
    /// Its place in the thread; grows, with gaps.
    pub seq: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    pub created_at: Millis,
    pub finished_at: Option<Millis>,
}

impl Message {
    /// All text of the message: what Copy copies and what a model remembers.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(|part| if let Part::Text { text } = part { Some(text.as_str()) } else { None }).collect()
    }
}

/// Messages before those that a viewer shows, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierMessages {
    pub messages: Vec<Message>,
    /// Whether still older ones exist.
    pub earlier: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Assistant,
    /// A person who answers in the agent's place.
    Operator,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Operator => "operator",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::User, Self::Assistant, Self::Operator].into_iter().find(|role| role.as_str() == raw)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    Streaming,
    Completed,
    Stopped,
    Failed,
    Interrupted,
}

impl MessageStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::Completed => "completed",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Streaming, Self::Completed, Self::Stopped, Self::Failed, Self::Interrupted]
            .into_iter()
            .find(|status| status.as_str() == raw)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    Text {
        text: String,
    },
    Reasoning {
        text: String,
    },
    ToolCall(ToolCall),
    ToolResult {
        call_id: ToolCallId,
        output: String,
        is_error: bool,
    },
    /// A passage of a document that the answer comes from, and how well it fits: 0 to 1.
    Source {
        document_id: DocumentId,
        title: String,
        start: i64,
        end: i64,
        #[serde(default)]
        passage: String,
        #[serde(default)]
        relevance: f64,
    },
    File {
        name: String,
        media_type: String,
    },
    Error {
        code: String,
        message: String,
    },
}

/// The kinds of part that grow while they stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Growing {
    Text,
    Reasoning,
}

impl Growing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Reasoning => "reasoning",
        }
    }

    pub fn part(self, text: String) -> Part {
        match self {
            Self::Text => Part::Text { text },
            Self::Reasoning => Part::Reasoning { text },
        }
    }
}

impl Part {
    /// The growing text of the part, where it is of a growing kind.
    pub fn growing(&self) -> Option<(Growing, &str)> {
        match self {
            Self::Text { text } => Some((Growing::Text, text)),
            Self::Reasoning { text } => Some((Growing::Reasoning, text)),
            _ => None,
        }
    }
}

/// A member's message: 1 to 32,000 characters.
pub const MESSAGE_MAX: usize = 32_000;
