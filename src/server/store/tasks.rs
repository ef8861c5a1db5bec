//! Tasks: things of a group that every member sees. Whom one is assigned to is a connection.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, ConnectionId, GroupId, PersonId, TaskId, ToolCallId},
    model::{
        Millis,
        page::Page,
        task::{Named, Priority, Task, TaskFilter, TaskStatus},
    },
};
use uuid::Uuid;

pub struct Tasks<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

// The thread is told only to the member whose it is.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, k.description, k.priority, t.status, t.version, k.person_id, p.name AS person_name, ",
            "k.agent_id, a.name AS agent_name, th.id AS thread_id, c.to_id AS assignee_id, ap.name AS assignee_name, ",
            "t.created_at, t.updated_at ",
            "FROM things t JOIN tasks k ON k.group_id = t.group_id AND k.task_id = t.id ",
            "LEFT JOIN people p ON p.id = k.person_id ",
            "LEFT JOIN things a ON a.group_id = k.group_id AND a.id = k.agent_id ",
            "LEFT JOIN threads th ON th.group_id = k.group_id AND th.id = k.thread_id AND th.person_id = $2 ",
            "LEFT JOIN connections c ON c.group_id = t.group_id AND c.kind = 'assigned_to' AND c.from_id = t.id ",
            "LEFT JOIN people ap ON ap.id = c.to_id ",
            "WHERE t.group_id = $1 AND t.kind = 'task' ",
            $rest
        )
    };
}

const GET: &str = select!("AND t.id = $3");

const BY_ORIGIN: &str = select!("AND k.origin = $3");

const LIST: &str = select!(
    "AND ($3 IS NULL AND t.status IN ('open', 'in_progress') OR t.status = $3) AND ($4 IS NULL OR k.priority = $4) \
    AND ($5 IS NULL OR c.to_id = $5) AND t.id < $6 ORDER BY t.id DESC LIMIT $7"
);

const OPEN_OF: &str = select!(
    "AND t.status IN ('open', 'in_progress') AND (c.to_id = $3 OR c.to_id IS NULL AND k.person_id = $3) ORDER BY t.id DESC LIMIT $4"
);

const INSERT_THING: &str = "INSERT INTO things (id, group_id, kind, name, status, version, created_at, updated_at) \
    VALUES ($1, $2, 'task', $3, $4, 1, $5, $5)";

const INSERT: &str = "INSERT INTO tasks (group_id, task_id, description, priority, person_id, agent_id, thread_id, origin) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const CHANGE_THING: &str = "UPDATE things SET name = $3, status = $4, version = version + 1, updated_at = $5 \
    WHERE group_id = $1 AND id = $2 AND kind = 'task'";

const CHANGE: &str = "UPDATE tasks SET description = $3, priority = $4 WHERE group_id = $1 AND task_id = $2";

const UNASSIGN: &str = "DELETE FROM connections WHERE group_id = $1 AND kind = 'assigned_to' AND from_id = $2";

const ASSIGN: &str =
    "INSERT INTO connections (id, group_id, kind, from_id, to_id, created_at) VALUES ($1, $2, 'assigned_to', $3, $4, $5)";

impl Tasks<'_> {
    pub async fn get(&self, id: TaskId) -> Result<Task> {
        self.db.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn in_tx(&self, tx: &mut Tx, id: TaskId) -> Result<Task> {
        tx.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    /// The task that this tool call has made already.
    pub async fn of_origin(&self, tx: &mut Tx, origin: ToolCallId) -> Result<Option<Task>> {
        tx.opt(BY_ORIGIN, (self.group, self.person, origin)).await
    }

    /// Newest first. `after` is the `next` of the page before; one that cannot be read is a mistake of the caller.
    pub async fn list(&self, filter: &TaskFilter, after: Option<&str>, limit: usize) -> Result<Page<Task>> {
        let before = super::id_cursor(after, Uuid::max())?;
        let (status, priority) = (filter.status.map(TaskStatus::as_str), filter.priority.map(Priority::as_str));
        let args = (self.group, self.person, status, priority, filter.assignee, before, limit as i64 + 1);
        let tasks = self.db.all(LIST, args).await?;
        Ok(Page::from_surplus(tasks, limit, |task: &Task| task.id.to_string()))
    }

    /// What this person has to do: assigned to them, or made for them and assigned to nobody.
    pub async fn open_of(&self, person: PersonId, limit: usize) -> Result<Vec<Task>> {
        self.db.all(OPEN_OF, (self.group, self.person, person, limit as i64)).await
    }

    pub async fn insert(&self, tx: &mut Tx, task: &Task, agent: Option<AgentId>, origin: Option<ToolCallId>) -> Result<()> {
        tx.exec(INSERT_THING, (task.id, self.group, &task.title, task.status.as_str(), task.created_at)).await?;
        let (description, priority) = (&task.description, task.priority.as_str());
        tx.exec(INSERT, (self.group, task.id, description, priority, self.person, agent, task.thread_id, origin)).await?;
        Ok(())
    }

    pub async fn save(&self, tx: &mut Tx, task: &Task, now: Millis) -> Result<()> {
        tx.exec(CHANGE_THING, (self.group, task.id, &task.title, task.status.as_str(), now)).await?;
        tx.exec(CHANGE, (self.group, task.id, &task.description, task.priority.as_str())).await?;
        Ok(())
    }

    pub async fn assign(&self, tx: &mut Tx, task: TaskId, to: Option<(ConnectionId, PersonId)>, now: Millis) -> Result<()> {
        tx.exec(UNASSIGN, (self.group, task)).await?;
        if let Some((id, person)) = to {
            tx.exec(ASSIGN, (id, self.group, task, person, now)).await?;
        }
        Ok(())
    }
}

impl FromRow for Task {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let agent: Option<AgentId> = row.get("agent_id")?;
        let assignee: Option<PersonId> = row.get("assignee_id")?;
        let name = |column: &str| Ok::<_, sqlx::Error>(row.get::<Option<String>>(column)?.unwrap_or_default());
        Ok(Self {
            id: row.get("id")?,
            title: row.get("name")?,
            description: row.get("description")?,
            priority: row.parse("priority", Priority::parse)?,
            status: row.parse("status", TaskStatus::parse)?,
            version: row.get("version")?,
            assignee: assignee.map(|id| Ok::<_, sqlx::Error>(Named { id, name: name("assignee_name")? })).transpose()?,
            person: Named { id: row.get("person_id")?, name: name("person_name")? },
            agent: agent.map(|id| Ok::<_, sqlx::Error>(Named { id, name: name("agent_name")? })).transpose()?,
            thread_id: row.get("thread_id")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}
