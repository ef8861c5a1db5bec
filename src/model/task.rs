//! A task: something to be done, made by a member or by an agent for one.

use crate::{
    error::{AppError, Result},
    ids::{AgentId, PersonId, TaskId, ThreadId},
    model::{Millis, text},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub status: TaskStatus,
    /// Counts changes, from 1.
    pub version: i64,
    pub assignee: Option<Named<PersonId>>,
    /// For whom it was made.
    pub person: Named<PersonId>,
    /// The agent that made it.
    pub agent: Option<Named<AgentId>>,
    /// The thread that it came from, where the viewer may open it.
    pub thread_id: Option<ThreadId>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// An id with the name that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<Id> {
    pub id: Id,
    pub name: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Medium,
    High,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|priority| priority.as_str() == raw);
        found.ok_or_else(|| AppError::invalid("priority", "A priority is low, medium or high."))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    #[default]
    Open,
    InProgress,
    Done,
    Cancelled,
}

impl TaskStatus {
    pub const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Done, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        found.ok_or_else(|| AppError::invalid("status", "A task's status is open, in_progress, done or cancelled."))
    }
}

/// Which tasks a list shows. Without a status: those that are not over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskFilter {
    pub status: Option<TaskStatus>,
    pub priority: Option<Priority>,
    pub assignee: Option<PersonId>,
}

/// What a member writes to make a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTask {
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub assignee: Option<PersonId>,
}

/// What a change sets; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskChange {
    pub title: Option<String>,
    pub description: Option<String>,
    pub status: Option<TaskStatus>,
    pub priority: Option<Priority>,
    /// `Some(None)` takes the assignee away.
    #[serde(with = "doubled", skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Option<PersonId>>,
}

/// Tells a field that is null from one that is absent.
mod doubled {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(de: D) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(de).map(Some)
    }
}

pub const TITLE_MAX: usize = 200;
pub const DESCRIPTION_MAX: usize = 10_000;

pub fn title(raw: &str) -> Result<String> {
    text::line("title", raw, TITLE_MAX)
}

/// May be empty.
pub fn description(raw: &str) -> Result<String> {
    if raw.trim().is_empty() { Ok(String::new()) } else { text::block("description", raw, DESCRIPTION_MAX) }
}
