//! The wire format of tasks.

use crate::{
    ids::PersonId,
    model::{self, Millis},
    server,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

super::super::words! {
    TaskStatus from model::task::TaskStatus { Open, InProgress, Done, Cancelled }

    TaskPriority from model::task::Priority { Low, Medium, High }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub struct TaskView {
    id: Uuid,
    title: String,
    description: String,
    status: TaskStatus,
    priority: TaskPriority,
    #[schema(required)]
    assignee: Option<Named>,
    /// For whom it was made.
    person: Named,
    /// The agent that made it.
    #[schema(required)]
    agent: Option<Named>,
    /// The thread that it came from, where it is one of the key's holder.
    #[schema(required)]
    thread_id: Option<Uuid>,
    created_at: Millis,
    updated_at: Millis,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    id: Uuid,
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// 1 to 200 characters.
    title: String,
    /// At most 10,000 characters.
    #[serde(default)]
    description: String,
    priority: Option<TaskPriority>,
    assignee: Option<Uuid>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskChange {
    title: Option<String>,
    description: Option<String>,
    status: Option<TaskStatus>,
    priority: Option<TaskPriority>,
    #[serde(default, deserialize_with = "told")]
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<Option<Uuid>>,
}

/// A field that is there, be it null.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Uuid>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TasksQuery {
    /// Open ones and those in progress where it is not given.
    #[param(inline)]
    pub(super) status: Option<TaskStatus>,
    #[param(inline)]
    pub(super) priority: Option<TaskPriority>,
    /// The person it is assigned to.
    pub(super) assignee: Option<Uuid>,
    /// Items of the page: 1 to 100, usually 30.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<usize>,
    /// The `next` of the page before.
    pub(super) after: Option<String>,
}

impl From<model::task::Task> for TaskView {
    fn from(task: model::task::Task) -> Self {
        Self {
            id: task.id.uuid(),
            title: task.title,
            description: task.description,
            status: task.status.into(),
            priority: task.priority.into(),
            assignee: task.assignee.map(|person| Named { id: person.id.uuid(), name: person.name }),
            person: Named { id: task.person.id.uuid(), name: task.person.name },
            agent: task.agent.map(|agent| Named { id: agent.id.uuid(), name: agent.name }),
            thread_id: task.thread_id.map(|thread| thread.uuid()),
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

impl NewTask {
    pub(super) fn into_draft(self) -> server::tasks::Draft {
        let Self { title, description, priority, assignee } = self;
        let priority = priority.map(Into::into).unwrap_or_default();
        model::task::NewTask { title, description, priority, assignee: assignee.map(PersonId::from_uuid) }.into()
    }
}

impl From<TaskChange> for model::task::TaskChange {
    fn from(change: TaskChange) -> Self {
        let TaskChange { title, description, status, priority, assignee } = change;
        let assignee = assignee.map(|person| person.map(PersonId::from_uuid));
        Self { title, description, status: status.map(Into::into), priority: priority.map(Into::into), assignee }
    }
}
