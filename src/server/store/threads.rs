//! Threads, as their member sees them.

use super::{
    db::{Db, FromRow, Row, Run, Tx},
    plans::Terms,
};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, GroupId, PersonId, ThreadId},
    model::{
        Millis,
        agent::AgentStatus,
        page::Page,
        text::folded,
        thread::{Thread, ThreadFilter, ThreadStatus},
    },
};
use uuid::Uuid;

pub struct Threads<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

const GET: &str = "SELECT t.id, t.agent_id, a.name AS agent_name, t.title, t.status, t.created_at, t.updated_at, \
    EXISTS (SELECT 1 FROM runs r WHERE r.group_id = t.group_id AND r.thread_id = t.id AND r.status IN ('queued', 'running', 'waiting')) AS answering \
    FROM threads t JOIN things a ON a.id = t.agent_id \
    WHERE t.group_id = $1 AND t.person_id = $2 AND t.id = $3";

const LIST: &str = "SELECT t.id, t.agent_id, a.name AS agent_name, t.title, t.status, t.created_at, t.updated_at, \
    EXISTS (SELECT 1 FROM runs r WHERE r.group_id = t.group_id AND r.thread_id = t.id AND r.status IN ('queued', 'running', 'waiting')) AS answering \
    FROM threads t JOIN things a ON a.id = t.agent_id \
    WHERE t.group_id = $1 AND t.person_id = $2 AND t.status = $3 AND ($4 IS NULL OR t.agent_id = $4) \
    AND ($5 IS NULL OR t.title_folded LIKE $5 ESCAPE '\\') AND ($6 IS NULL OR t.title_folded LIKE $6 ESCAPE '\\') \
    AND ($7 IS NULL OR t.title_folded LIKE $7 ESCAPE '\\') AND ($8 IS NULL OR t.title_folded LIKE $8 ESCAPE '\\') \
    AND (t.updated_at, t.id) < ($9, $10) ORDER BY t.updated_at DESC, t.id DESC LIMIT $11";

const INSERT: &str = "INSERT INTO threads (id, group_id, person_id, agent_id, title, title_folded, titled_by, status, seq, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', 0, $8, $8)";

// The thread's row is locked by taking its next numbers, and then seen as it stands.
const TAKE: &str = "UPDATE threads SET seq = seq + $4, updated_at = $5 WHERE group_id = $1 AND person_id = $2 AND id = $3";

const RECEIVING: &str = "SELECT t.id, t.agent_id, a.name AS agent_name, t.title, t.status, t.created_at, t.updated_at, t.seq, \
    a.status AS agent_status, a.version AS agent_version, EXISTS (SELECT 1 FROM runs r WHERE r.group_id = t.group_id AND r.thread_id = t.id AND r.status IN ('queued', 'running', 'waiting')) AS answering, \
    (SELECT COUNT(*) FROM runs r WHERE r.group_id = t.group_id AND r.thread_id = t.id AND r.status IN ('queued', 'running', 'waiting')) AS unfinished, \
    EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = t.group_id) AS budgeted, (SELECT g.plan FROM groups g WHERE g.id = t.group_id) AS plan \
    FROM threads t JOIN things a ON a.id = t.agent_id WHERE t.group_id = $1 AND t.person_id = $2 AND t.id = $3";

/// A thread that is about to take a message.
pub struct Receiving {
    pub thread: Thread,
    pub agent_status: AgentStatus,
    pub agent_version: i64,
    /// Runs that wait or go on.
    pub unfinished: i64,
    /// The last of the numbers that were taken.
    pub newest: i64,
    pub terms: Terms,
}

const RENAME: &str =
    "UPDATE threads SET title = $4, title_folded = $5, titled_by = 'person' WHERE group_id = $1 AND person_id = $2 AND id = $3";
const SET_STATUS: &str = "UPDATE threads SET status = $4 WHERE group_id = $1 AND person_id = $2 AND id = $3 AND status <> $4";
const DELETE: &str = "DELETE FROM threads WHERE group_id = $1 AND person_id = $2 AND id = $3";

/// A new message's trace: a title where nobody gave one yet.
const TITLE: &str = "UPDATE threads SET title = $3, title_folded = $4, titled_by = 'message' WHERE group_id = $1 AND id = $2 AND titled_by = 'default'";

// An escalation's thing holds words of the thread. Whatever hangs on a thread by a foreign key goes by itself.
const DELETE_ESCALATIONS: &str = "DELETE FROM things WHERE group_id = $1 AND kind = 'escalation' AND id IN \
    (SELECT e.escalation_id FROM escalations e JOIN threads t ON t.group_id = e.group_id AND t.id = e.thread_id \
    WHERE t.group_id = $1 AND t.person_id = $2 AND t.id = $3)";

impl Threads<'_> {
    pub async fn find(&self, id: ThreadId) -> Result<Option<Thread>> {
        self.db.opt(GET, (self.group, self.person, id)).await
    }

    pub async fn get(&self, id: ThreadId) -> Result<Thread> {
        self.find(id).await?.ok_or(AppError::NotFound)
    }

    /// Newest activity first. `after` is the `next` of the page before; one that cannot be read is a mistake of the caller.
    pub async fn list(&self, filter: &ThreadFilter, after: Option<&str>, limit: usize) -> Result<Page<Thread>> {
        let (at, id) = after.map_or(Ok((i64::MAX, Uuid::max())), read_cursor)?;
        let [one, two, three, four] = patterns(filter.q.as_deref().unwrap_or_default());
        let args =
            (self.group, self.person, filter.status.as_str(), filter.agent_id, one, two, three, four, at, id, limit as i64 + 1);
        let threads = self.db.all(LIST, args).await?;
        Ok(Page::from_surplus(threads, limit, |thread: &Thread| format!("{}.{}", thread.updated_at, thread.id)))
    }

    pub async fn insert(
        &self,
        tx: &mut Tx,
        id: ThreadId,
        agent: AgentId,
        title: &str,
        by_person: bool,
        now: Millis,
    ) -> Result<()> {
        let titled_by = if by_person { "person" } else { "default" };
        tx.later(INSERT, (id, self.group, self.person, agent, title, folded(title), titled_by, now));
        Ok(())
    }

    /// Moves the thread to the top of lists, and takes the numbers of `count` rows.
    pub async fn receive(&self, tx: &mut Tx, id: ThreadId, count: i64, now: Millis) -> Result<Receiving> {
        tx.later(TAKE, (self.group, self.person, id, count, now));
        tx.opt(RECEIVING, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn in_tx(&self, tx: &mut Tx, id: ThreadId) -> Result<Thread> {
        tx.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn rename(&self, tx: &mut Tx, id: ThreadId, title: &str) -> Result<bool> {
        Ok(tx.exec(RENAME, (self.group, self.person, id, title, folded(title))).await? == 1)
    }

    /// Answers whether the status changed.
    pub async fn set_status(&self, tx: &mut Tx, id: ThreadId, status: ThreadStatus) -> Result<bool> {
        Ok(tx.exec(SET_STATUS, (self.group, self.person, id, status.as_str())).await? == 1)
    }

    pub async fn delete(&self, tx: &mut Tx, id: ThreadId) -> Result<bool> {
        tx.exec(DELETE_ESCALATIONS, (self.group, self.person, id)).await?;
        Ok(tx.exec(DELETE, (self.group, self.person, id)).await? == 1)
    }

    /// Gives a thread that has no title yet one; answers whether it did.
    pub async fn suggest_title(&self, tx: &mut Tx, id: ThreadId, title: &str) -> Result<bool> {
        Ok(tx.exec(TITLE, (self.group, id, title, folded(title))).await? == 1)
    }
}

fn read_cursor(cursor: &str) -> Result<(i64, Uuid)> {
    let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, Uuid::try_parse(id).ok()?)));
    parts.ok_or_else(|| AppError::invalid("after", "This is no cursor of this list. Start again without one."))
}

/// A pattern for each of the first words of a search: a title has them all, in any order. What follows the third word
/// is looked for as it stands.
fn patterns(q: &str) -> [Option<String>; 4] {
    let mut rest = q.trim();
    std::array::from_fn(|index| {
        let (word, tail) = if index < 3 { rest.split_once(char::is_whitespace).unwrap_or((rest, "")) } else { (rest, "") };
        rest = tail.trim_start();
        (!word.is_empty()).then(|| super::like(word))
    })
}

impl FromRow for Receiving {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            thread: Thread::from_row(row)?,
            agent_status: row.parse("agent_status", AgentStatus::parse)?,
            agent_version: row.get("agent_version")?,
            unfinished: row.get("unfinished")?,
            newest: row.get("seq")?,
            terms: Terms::from_row(row)?,
        })
    }
}

impl FromRow for Thread {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            agent_id: row.get("agent_id")?,
            agent_name: row.get("agent_name")?,
            title: row.get("title")?,
            status: row.parse("status", ThreadStatus::parse)?,
            answering: row.get("answering")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}
