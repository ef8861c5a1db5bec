//! What the server and its worker say to each other: one JSON object a line.

use serde::{Deserialize, Serialize};

/// The most tokens that a conversation and its answer may have together. The model was made for 8,192, but a small one loses
/// the thread long before, reading that much takes half a minute on one core, and the cache costs 46 kB a token.
pub const CONTEXT_TOKENS: u32 = 2048;

/// Names one answer. Ids grow, and the server asks for one answer at a time.
pub type AnswerId = u64;

/// From the server to the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    Generate(Generate),
    /// This answer, and every earlier one, is not wanted any more.
    Cancel {
        id: AnswerId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generate {
    pub id: AnswerId,
    pub messages: Vec<Turn>,
    pub max_tokens: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub role: Role,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    System,
    User,
    Assistant,
}

/// From the worker to the server. Of one answer: `started`, any number of `text`, then `done`; or an `error` at any place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// The weights are in memory. Once, before anything else.
    Loaded,
    /// `cached_tokens` of the prompt's tokens were known from the conversation before.
    Started {
        id: AnswerId,
        prompt_tokens: u32,
        cached_tokens: u32,
    },
    /// Whole characters, never empty; `output_tokens` counts all tokens of the answer so far.
    Text {
        id: AnswerId,
        delta: String,
        output_tokens: u32,
    },
    Done {
        id: AnswerId,
        reason: Reason,
        output_tokens: u32,
    },
    /// Without an id the worker itself is lost and ends.
    Error {
        id: Option<AnswerId>,
        kind: ErrorKind,
        detail: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Stop,
    Length,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    ContextTooLong,
    Failed,
}
