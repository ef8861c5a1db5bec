//! What a viewer of a thread reads: journal rows behind a cursor, the texts that streamed since, and snapshots.

use super::{
    db::{Db, FromRow, Row, Run},
    escalations,
    journal::JournalRow,
    messages,
};
use crate::{
    error::{AppError, Result},
    ids::{GroupId, MessageId, ThreadId},
    model::{
        message::Growing,
        run::{RunError, RunStatus},
        thread_event::{RunState, Snapshot},
    },
};

pub struct Streams<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// A part that streams or streamed.
#[derive(Debug, Clone)]
pub struct StreamedPart {
    pub message: MessageId,
    pub index: usize,
    pub kind: Growing,
    pub text: String,
    pub opened_seq: i64,
    pub closed_seq: Option<i64>,
}

/// A snapshot, the number of the newest row that it holds, and the part that was open then.
pub struct Seen {
    pub snapshot: Snapshot,
    pub seq: i64,
    pub open: Option<StreamedPart>,
}

const ROWS: &str =
    "SELECT seq, payload FROM journal WHERE group_id = $1 AND thread_id = $2 AND seq > $3 ORDER BY seq LIMIT CAST($4 AS BIGINT)";

const SEQ: &str = "SELECT seq FROM threads WHERE group_id = $1 AND id = $2";

// From the part that was open at $3 (the newest one opened by then) on.
const PARTS: &str = "SELECT message_id, idx, kind, text, opened_seq, closed_seq FROM parts \
    WHERE group_id = $1 AND thread_id = $2 AND opened_seq IS NOT NULL AND opened_seq >= COALESCE( \
        (SELECT MAX(opened_seq) FROM parts WHERE group_id = $1 AND thread_id = $2 AND opened_seq IS NOT NULL AND opened_seq <= $3), 0) \
    ORDER BY opened_seq LIMIT CAST($4 AS BIGINT)";

const UNFINISHED: &str = "SELECT id, status, error FROM runs \
    WHERE group_id = $1 AND thread_id = $2 AND status IN ('queued', 'running', 'waiting') ORDER BY id LIMIT 100";

impl Streams<'_> {
    /// The number of the thread's newest row; `None` where there is no such thread.
    pub async fn seq(&self, thread: ThreadId) -> Result<Option<i64>> {
        let rows = self.db.rows(SEQ, (self.group, thread)).await?;
        Ok(rows.first().map(|row| row.get("seq")).transpose()?)
    }

    pub async fn rows_after(&self, thread: ThreadId, seq: i64, limit: usize) -> Result<Vec<JournalRow>> {
        self.db.all(ROWS, (self.group, thread, seq, limit as i64)).await
    }

    /// The part that was open at `seq`, where there was one, and all that were opened since.
    pub async fn parts_since(&self, thread: ThreadId, seq: i64, limit: usize) -> Result<Vec<StreamedPart>> {
        let parts: Vec<StreamedPart> = self.db.all(PARTS, (self.group, thread, seq, limit as i64)).await?;
        Ok(parts.into_iter().filter(|part| part.opened_seq > seq || part.closed_seq.is_none_or(|closed| closed > seq)).collect())
    }

    /// The newest `limit` messages and what goes on, all of one moment.
    pub async fn snapshot(&self, thread: ThreadId, limit: usize) -> Result<Seen> {
        let mut tx = self.db.begin_read().await?;
        let rows = tx.rows(SEQ, (self.group, thread)).await?;
        let seq: i64 = rows.first().ok_or(AppError::NotFound)?.get("seq")?;
        let newest = messages::newest(&mut tx, self.group, thread, limit).await?;
        let runs: Vec<RunState> = tx.all(UNFINISHED, (self.group, thread)).await?;
        let parts: Vec<StreamedPart> = tx.all(PARTS, (self.group, thread, seq, 2i64)).await?;
        let (queued, mut active): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.status == RunStatus::Queued);
        let handoff = escalations::of_thread(&mut tx, self.group, thread).await?;
        let (messages, earlier) = (newest.messages, newest.earlier);
        let snapshot = Snapshot { messages, earlier, run: active.pop(), queued, handoff, ..Snapshot::default() };
        Ok(Seen { snapshot, seq, open: parts.into_iter().find(|part| part.closed_seq.is_none()) })
    }
}

impl FromRow for StreamedPart {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            message: row.get("message_id")?,
            index: row.get::<i64>("idx")? as usize,
            kind: if row.get::<String>("kind")? == "reasoning" { Growing::Reasoning } else { Growing::Text },
            text: row.get("text")?,
            opened_seq: row.get("opened_seq")?,
            closed_seq: row.get("closed_seq")?,
        })
    }
}

impl FromRow for RunState {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            run_id: row.get("id")?,
            status: row.parse("status", |raw| RunStatus::parse(raw).ok_or(()))?,
            error: row.json_opt::<RunError>("error")?,
        })
    }
}
