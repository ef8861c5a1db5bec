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
    Embed(Embed),
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

/// Texts to turn into vectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    pub id: AnswerId,
    pub texts: Vec<String>,
}

/// What the worker is asked to do, without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    Generate { messages: Vec<Turn>, max_tokens: u32 },
    Embed { texts: Vec<String> },
}

impl Job {
    pub fn numbered(self, id: AnswerId) -> Request {
        match self {
            Self::Generate { messages, max_tokens } => Request::Generate(Generate { id, messages, max_tokens }),
            Self::Embed { texts } => Request::Embed(Embed { id, texts }),
        }
    }
}

impl Request {
    pub fn id(&self) -> AnswerId {
        match self {
            Self::Generate(Generate { id, .. }) | Self::Embed(Embed { id, .. }) | Self::Cancel { id } => *id,
        }
    }
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

/// From the worker to the server. Of one answer: `started`, any number of `text`, then `done`; of texts to embed: `embedded`, or
/// `done` where they are not wanted any more. An `error` may come at any place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// The weights are in memory. Before the first answer that needs them.
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
    /// A vector of length 1 for each text, in their order.
    Embedded {
        id: AnswerId,
        vectors: Vec<Vec<f32>>,
        tokens: u32,
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
