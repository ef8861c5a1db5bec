//! The wire format of messages.

use super::super::runs::RunProblem;
use crate::model::{self, Millis, run::Sent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

super::super::words! {
    MessageRole from model::message::Role { User, Assistant, Operator }

    /// A message that streams grows still; the others are final.
    MessageStatus from model::message::MessageStatus { Streaming, Completed, Stopped, Failed, Interrupted }

    /// `waiting` is for an approval. `uncertain`: it was cut off while it ran, and may or may not have had its effect.
    ToolState from model::tool_call::ToolState {
        Pending, Waiting, Running, Done, Denied, Failed, TimedOut, Uncertain, Stopped,
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    id: Uuid,
    role: MessageRole,
    status: MessageStatus,
    parts: Vec<Part>,
    agent_id: Uuid,
    /// The run that it is part of.
    run_id: Uuid,
    /// The name that stood above it at the time.
    author: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RunProblem>,
    created_at: Millis,
    #[schema(required)]
    finished_at: Option<Millis>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MessagePart)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    Text {
        text: String,
    },
    Reasoning {
        text: String,
    },
    ToolCall {
        /// Also the id of its approval, where it asks for one.
        call_id: Uuid,
        name: String,
        #[schema(value_type = Object)]
        input: Value,
        state: ToolState,
        #[serde(skip_serializing_if = "Option::is_none")]
        started_at: Option<Millis>,
        #[serde(skip_serializing_if = "Option::is_none")]
        finished_at: Option<Millis>,
    },
    ToolResult {
        call_id: Uuid,
        output: String,
        is_error: bool,
    },
    Source {
        document_id: Uuid,
        title: String,
        /// Bytes of the document's text.
        start: i64,
        end: i64,
        /// How the passage begins.
        passage: String,
        /// How well it fits: 0 to 1.
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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// 1 to 32,000 characters.
    pub(super) text: String,
}

/// The message, and the run that answers it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sent)]
pub struct SentView {
    message_id: Uuid,
    run_id: Uuid,
}

impl From<Sent> for SentView {
    fn from(Sent { message_id, run_id }: Sent) -> Self {
        Self { message_id: message_id.uuid(), run_id: run_id.uuid() }
    }
}

impl From<model::message::Message> for MessageView {
    fn from(message: model::message::Message) -> Self {
        Self {
            id: message.id.uuid(),
            role: message.role.into(),
            status: message.status.into(),
            parts: message.parts.into_iter().map(Into::into).collect(),
            agent_id: message.agent_id.uuid(),
            run_id: message.run_id.uuid(),
            author: message.author,
            error: message.error.map(Into::into),
            created_at: message.created_at,
            finished_at: message.finished_at,
        }
    }
}

impl From<model::message::Part> for Part {
    fn from(part: model::message::Part) -> Self {
        use model::message::Part as Model;
        match part {
            Model::Text { text } => Self::Text { text },
            Model::Reasoning { text } => Self::Reasoning { text },
            Model::ToolCall(call) => Self::ToolCall {
                call_id: call.call_id.uuid(),
                name: call.name,
                input: call.input,
                state: call.state.into(),
                started_at: call.started_at,
                finished_at: call.finished_at,
            },
            Model::ToolResult { call_id, output, is_error } => Self::ToolResult { call_id: call_id.uuid(), output, is_error },
            Model::Source { document_id, title, start, end, passage, relevance } => {
                Self::Source { document_id: document_id.uuid(), title, start, end, passage, relevance }
            }
            Model::File { name, media_type } => Self::File { name, media_type },
            Model::Error { code, message } => Self::Error { code, message },
        }
    }
}
