//! Rows on their way out: decoded once, by column name, into the model's types.

use crate::ids::{
    AgentId, CallId, ChunkId, ConnectionId, DocumentId, DocumentVersionId, EmbeddingGenerationId, EscalationId, EventId, GroupId,
    KeyId, MessageId, PersonId, RetrievalCheckId, RunId, TaskId, ThreadId, ToolCallId, ToolSourceId,
};
use crate::ids::{BudgetId, DeliveryId};
use sqlx::{Row as _, sqlite::SqliteRow};
use uuid::Uuid;

pub enum Row {
    Sqlite(SqliteRow),
}

impl Row {
    pub fn get<T: Column>(&self, name: &str) -> sqlx::Result<T> {
        T::column(self, name)
    }

    /// A column of JSON text.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> sqlx::Result<T> {
        from_json(&self.get::<String>(name)?)
    }

    /// A column of JSON text that may be NULL.
    pub fn json_opt<T: serde::de::DeserializeOwned>(&self, name: &str) -> sqlx::Result<Option<T>> {
        self.get::<Option<String>>(name)?.as_deref().map(from_json).transpose()
    }

    /// A column of text with a closed set of values.
    pub fn parse<T, E>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> sqlx::Result<T> {
        let text: String = self.get(name)?;
        parse(&text).map_err(|_| sqlx::Error::Decode(format!("column {name} holds the unknown value {text:?}").into()))
    }
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// A type that a whole row becomes.
pub trait FromRow: Send + Sized {
    fn from_row(row: &Row) -> sqlx::Result<Self>;
}

/// A type that one column becomes.
pub trait Column: Sized {
    fn column(row: &Row, name: &str) -> sqlx::Result<Self>;
}

macro_rules! columns {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn column(row: &Row, name: &str) -> sqlx::Result<Self> {
                let Row::Sqlite(row) = row;
                row.try_get(name)
            }
        }
        impl Column for Option<$type> {
            fn column(row: &Row, name: &str) -> sqlx::Result<Self> {
                let Row::Sqlite(row) = row;
                row.try_get(name)
            }
        }
    )*};
}

columns!(i64, f64, bool, String, Vec<u8>, Uuid);

impl Column for ChunkId {
    fn column(row: &Row, name: &str) -> sqlx::Result<Self> {
        row.get(name).map(Self::new)
    }
}

macro_rules! id_columns {
    ($($id:ident),*) => {$(
        impl Column for $id {
            fn column(row: &Row, name: &str) -> sqlx::Result<Self> {
                row.get::<Uuid>(name).map($id::from_uuid)
            }
        }
        impl Column for Option<$id> {
            fn column(row: &Row, name: &str) -> sqlx::Result<Self> {
                Ok(row.get::<Option<Uuid>>(name)?.map($id::from_uuid))
            }
        }
    )*};
}

id_columns!(
    GroupId,
    PersonId,
    AgentId,
    ThreadId,
    MessageId,
    RunId,
    CallId,
    EventId,
    ConnectionId,
    KeyId,
    DocumentId,
    DocumentVersionId,
    ToolCallId,
    TaskId,
    EscalationId,
    ToolSourceId,
    BudgetId,
    DeliveryId,
    EmbeddingGenerationId,
    RetrievalCheckId
);
