//! Typed ids. A `ThreadId` cannot be passed where a `RunId` is meant; over the wire each is a plain uuid text.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::try_parse(text).map(Self).map_err(|_| BadId)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    GroupId,
    /// Someone who signs in.
    PersonId,
    AgentId,
    ThreadId,
    MessageId,
    RunId,
    /// One row of the ledger: a model call.
    CallId,
    /// One line of the audit log.
    EventId,
    ConnectionId,
    KeyId,
    DocumentId,
    /// One state of a document's content: a document has one that serves, and perhaps one that is being built.
    DocumentVersionId,
    /// One call of a tool. It is also the call's idempotency key, and names its approval.
    ToolCallId,
    TaskId,
    EscalationId,
    /// A server or an API that brings tools.
    ToolSourceId,
    BudgetId,
    /// A message to a group's webhook.
    DeliveryId,
    /// All vectors of a group that one model made.
    EmbeddingGenerationId,
    /// A query with the documents that it should find.
    RetrievalCheckId,
}

/// A passage of a document's version. The database counts these: they are many, and other tables go by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChunkId(i64);

impl ChunkId {
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

/// The text was not an id. Callers answer as if nothing with that id existed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;
