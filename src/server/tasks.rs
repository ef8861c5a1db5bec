//! Rules about tasks: making one, and changing one. Every member sees and may change the group's tasks.

use crate::{
    error::{AppError, Result},
    ids::{AgentId, ConnectionId, PersonId, TaskId, ThreadId, ToolCallId},
    model::task::{self, Named, NewTask, Task, TaskChange, TaskStatus},
    server::{
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
        },
    },
};
use serde_json::{Map, Value, json};

/// A task to be made, and where it comes from.
pub struct Draft {
    pub new: NewTask,
    /// The agent that makes it, in the member's name.
    pub agent: Option<AgentId>,
    pub thread: Option<ThreadId>,
    /// The tool call that makes it. A second time it answers the task that it made.
    pub origin: Option<ToolCallId>,
}

/// A member makes it themselves.
impl From<NewTask> for Draft {
    fn from(new: NewTask) -> Self {
        Self { new, agent: None, thread: None, origin: None }
    }
}

pub async fn create(app: &App, member: &Member, draft: Draft) -> Result<Task> {
    let Draft { new, agent, thread, origin } = draft;
    let (title, description) = (task::title(&new.title)?, task::description(&new.description)?);
    let tasks = app.store.tasks(member);
    let mut tx = app.store.begin().await?;
    if let Some(origin) = origin
        && let Some(made) = tasks.of_origin(&mut tx, origin).await?
    {
        return Ok(made);
    }
    let now = app.clock.now();
    let task = Task {
        id: TaskId::from_uuid(app.clock.uuid()),
        title,
        description,
        priority: new.priority,
        status: TaskStatus::Open,
        version: 1,
        assignee: None,
        person: Named { id: member.person_id(), name: member.name().to_owned() },
        agent: None,
        thread_id: thread,
        created_at: now,
        updated_at: now,
    };
    tasks.insert(&mut tx, &task, agent, origin).await?;
    if new.assignee.is_some() {
        assign(app, member, &mut tx, task.id, new.assignee).await?;
    }
    let event =
        Event::new("task.created", "task", task.id.uuid()).with(json!({ "title": task.title, "agent": agent, "thread": thread }));
    audit::record(&mut tx, &app.clock, Actor::member(member), event).await?;
    let task = tasks.in_tx(&mut tx, task.id).await?;
    tx.commit().await?;
    Ok(task)
}

pub async fn change(app: &App, member: &Member, id: TaskId, change: TaskChange) -> Result<Task> {
    let tasks = app.store.tasks(member);
    let mut tx = app.store.begin().await?;
    let before = tasks.in_tx(&mut tx, id).await?;
    let mut after = before.clone();
    if let Some(title) = &change.title {
        after.title = task::title(title)?;
    }
    if let Some(description) = &change.description {
        after.description = task::description(description)?;
    }
    after.status = change.status.unwrap_or(before.status);
    after.priority = change.priority.unwrap_or(before.priority);
    tasks.save(&mut tx, &after, app.clock.now()).await?;
    if let Some(assignee) = change.assignee {
        assign(app, member, &mut tx, id, assignee).await?;
    }
    let after = tasks.in_tx(&mut tx, id).await?;
    let event = Event::new("task.changed", "task", id.uuid()).with(Value::Object(difference(&before, &after)));
    audit::record(&mut tx, &app.clock, Actor::member(member), event).await?;
    tx.commit().await?;
    Ok(after)
}

async fn assign(app: &App, member: &Member, tx: &mut Tx, id: TaskId, to: Option<PersonId>) -> Result<()> {
    if let Some(person) = to
        && app.store.groups(member).person(tx, person).await?.is_none()
    {
        return Err(AppError::invalid("assignee", "This person is no member of the group."));
    }
    let to = to.map(|person| (ConnectionId::from_uuid(app.clock.uuid()), person));
    app.store.tasks(member).assign(tx, id, to, app.clock.now()).await
}

/// What changed, for the audit log: the new values.
fn difference(before: &Task, after: &Task) -> Map<String, Value> {
    let mut changed = Map::new();
    let mut note = |name: &str, differs: bool, value: Value| {
        if differs {
            changed.insert(name.to_owned(), value);
        }
    };
    note("title", before.title != after.title, json!(after.title));
    note("description", before.description != after.description, json!("changed"));
    note("status", before.status != after.status, json!(after.status));
    note("priority", before.priority != after.priority, json!(after.priority));
    note("assignee", before.assignee != after.assignee, json!(after.assignee.as_ref().map(|person| person.id)));
    changed
}
