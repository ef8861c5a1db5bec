//! The wire format of threads.

use crate::model::{
    self, Millis,
    message::{Message, Role},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

super::super::words! {
    /// An archived thread is read-only until it is restored.
    ThreadStatus from model::thread::ThreadStatus { Active, Archived }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Thread)]
pub struct ThreadView {
    id: Uuid,
    agent_id: Uuid,
    agent_name: String,
    title: String,
    status: ThreadStatus,
    /// Whether a run goes on or waits for its turn.
    answering: bool,
    created_at: Millis,
    /// The newest message's time.
    updated_at: Millis,
}

impl From<model::thread::Thread> for ThreadView {
    fn from(thread: model::thread::Thread) -> Self {
        let model::thread::Thread { id, agent_id, agent_name, title, status, answering, created_at, updated_at } = thread;
        let (id, agent_id, status) = (id.uuid(), agent_id.uuid(), status.into());
        Self { id, agent_id, agent_name, title, status, answering, created_at, updated_at }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewThread {
    pub(super) agent_id: Uuid,
    /// 1 to 120 characters; the first message suggests one where it is not given.
    pub(super) title: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadChange {
    pub(super) title: Option<String>,
    pub(super) status: Option<ThreadStatus>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ThreadsQuery {
    pub(super) agent_id: Option<Uuid>,
    /// Active ones where it is not given.
    #[param(inline)]
    pub(super) status: Option<ThreadStatus>,
    /// Words of the title.
    pub(super) q: Option<String>,
    /// Items of the page: 1 to 100, usually 30.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<usize>,
    /// The `next` of the page before.
    pub(super) after: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContextQuery {
    /// Messages: 1 to 100, usually 10.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<usize>,
}

/// A message as a model would be given it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContextItem {
    role: ContextRole,
    content: String,
    created_at: Millis,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ContextRole {
    User,
    Assistant,
}

impl From<Message> for ContextItem {
    fn from(message: Message) -> Self {
        // A model takes a person who answers in its place for itself.
        let role = if message.role == Role::User { ContextRole::User } else { ContextRole::Assistant };
        Self { role, content: message.text(), created_at: message.created_at }
    }
}
