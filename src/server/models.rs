//! Models: the one trait through which every answer comes, and what flows through it.
//!
//! An implementation turns a provider's wire format into [`ModelEvent`]s. It never retries, never stores, never
//! counts money: the run does.

pub mod anthropic;
#[cfg(feature = "local-models")]
pub mod fetch;
pub mod http;
#[cfg(feature = "local-models")]
pub mod local;
pub mod openai;
pub mod prices;
pub mod prompted;
pub mod registry;
pub mod scripted;

use crate::model::provider::{ModelInfo, Usage};
use futures::{future::BoxFuture, stream::BoxStream};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A model that chats. One value serves one provider and any number of concurrent calls.
pub trait ChatModel: Send + Sync + 'static {
    /// Streams one answer.
    ///
    /// The stream is lazy: nothing is sent before the first poll. It yields events in the order in which the provider
    /// sent them and ends after [`ModelEvent::Finished`] or after the first error; an answer that ends any other way is
    /// [`ModelError::CutOff`]. Dropping the stream, or firing `cancel`, closes the provider's connection; after `cancel`
    /// the stream ends, and may yield a last [`ModelEvent::Usage`] first where the provider told it.
    fn stream(&self, request: ChatRequest, cancel: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>>;

    /// The models on offer at this moment.
    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>>;
}

/// What a model is asked. Tool calls and their results are always paired, and results follow their calls at once.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    pub model: String,
    /// The agent's instructions; may be empty.
    pub system: String,
    pub messages: Vec<ChatMessage>,
    pub tools: Vec<ToolSpec>,
    pub max_output_tokens: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatRole {
    User,
    Assistant,
}

/// One turn. Tool calls stand in an assistant's turn, tool results in a user's turn (each wire format regroups them).
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    pub role: ChatRole,
    pub content: Vec<ChatContent>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ChatContent {
    Text(String),
    /// As [`ModelEvent::Thought`] brought it in an earlier step of the same run; it goes to the same model.
    Thought(Value),
    ToolCall {
        call_id: String,
        name: String,
        input: Value,
    },
    ToolResult {
        call_id: String,
        output: String,
        is_error: bool,
    },
}

/// A tool that the model may call; `input_schema` is a JSON Schema object.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    pub name: String,
    pub description: String,
    pub input_schema: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ModelEvent {
    /// Not started yet: `ahead` others are served first. May be repeated as the queue moves.
    Queued { ahead: u32 },
    /// Never empty.
    Text(String),
    /// Never empty.
    Reasoning(String),
    /// A thought that is over, in the provider's own form and with its signature. What of it may be shown came as
    /// [`ModelEvent::Reasoning`].
    Thought(Value),
    /// A tool call begins. `index` names it until it ends; ids that a server omits are made up by the implementation.
    ToolCallStarted { index: u32, call_id: String, name: String },
    /// A fragment of the call's input, as JSON text.
    ToolCallInput { index: u32, fragment: String },
    /// The call's whole input, parsed. An input that is no JSON object comes as `Err` with the raw text.
    ToolCallFinished { index: u32, input: Result<Value, String> },
    /// The newest totals of this call; a later event replaces an earlier one.
    Usage(Usage),
    /// The last event of a whole answer.
    Finished(FinishReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    Stop,
    ToolCalls,
    /// The output limit was reached.
    Length,
    /// The provider withheld the rest.
    ContentFilter,
}

/// Why a model did not answer. `detail` is the provider's own words, for admins and the log, cut to 2,000 bytes and
/// free of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No connection, 5xx, overloaded.
    #[error("the provider is unavailable: {detail}")]
    Unavailable { detail: String },
    #[error("the provider limits our rate: {detail}")]
    RateLimited { retry_after: Option<Duration>, detail: String },
    #[error("the provider refused the request: {detail}")]
    InvalidRequest { detail: String },
    #[error("the provider does not accept the key: {detail}")]
    Unauthorised { detail: String },
    #[error("the conversation is too long for the model: {detail}")]
    ContextTooLong { detail: String },
    #[error("the provider filtered the content: {detail}")]
    ContentFiltered { detail: String },
    /// The stream ended in the middle, or could not be understood.
    #[error("the answer was cut off: {detail}")]
    CutOff { detail: String },
    #[error("the provider did not answer in time: {detail}")]
    TimedOut { detail: String },
    /// The files of a model of this machine are not there.
    #[error("the model's files are missing: {detail}")]
    NotInstalled { detail: String },
}

impl ModelError {
    /// The stable name in the JSON API, the journal and the ledger.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "unavailable",
            Self::RateLimited { .. } => "rate_limited",
            Self::InvalidRequest { .. } => "invalid_request",
            Self::Unauthorised { .. } => "unauthorised",
            Self::ContextTooLong { .. } => "context_too_long",
            Self::ContentFiltered { .. } => "content_filtered",
            Self::CutOff { .. } => "cut_off",
            Self::TimedOut { .. } => "timed_out",
            Self::NotInstalled { .. } => "not_installed",
        }
    }

    /// Whether the same request may succeed a little later.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::RateLimited { .. } | Self::CutOff { .. } | Self::TimedOut { .. })
    }

    /// What the member is told: what happened and what to do. Never the provider's own words.
    pub fn friendly(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "The model cannot be reached right now. Try again in a moment.",
            Self::RateLimited { .. } => "The model's provider is limiting how much we may ask. Try again in a minute.",
            Self::InvalidRequest { .. } => {
                "The model's provider refused the request. An admin can see the cause and change the agent's model."
            }
            Self::Unauthorised { .. } => "The model's provider does not accept this server's key. An admin needs to check it.",
            Self::ContextTooLong { .. } => {
                "This conversation is too long for the model. Start a new thread, or choose a model with a larger context."
            }
            Self::ContentFiltered { .. } => "The model's provider withheld the answer. Rephrase the message and try again.",
            Self::CutOff { .. } => "The answer was cut off. What arrived is kept; you can continue from here.",
            Self::TimedOut { .. } => "The model took too long. Try again, or choose a quicker model.",
            Self::NotInstalled { .. } => {
                "The model's files are missing on this server. Ask its operator to run `guildhall models fetch`, then try again."
            }
        }
    }
}

/// The input of a tool call, from the text that a model wrote. A tool without parameters is often called with nothing at
/// all; what is no JSON object comes back as it was.
pub(crate) fn tool_input(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_str(text).ok().filter(Value::is_object).ok_or_else(|| text.to_owned())
}

/// A count of tokens that a provider reports. No call has a million million, and sums of counts must not overflow.
pub(crate) fn tokens(reported: &Value) -> Option<i64> {
    reported.as_i64().map(|count| count.clamp(0, 1_000_000_000_000))
}
