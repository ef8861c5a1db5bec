//! What the task that drives a run writes. Each transaction proves the lease, mostly by [`Turn::hold`] as its first statement,
//! and is not committed without it.

mod calls;

use super::{
    db::{Db, FromRow as _, Run, Tx},
    groups, messages,
};
use crate::{
    error::Result,
    ids::{AgentId, GroupId, MessageId, ThreadId},
    model::{
        Millis,
        agent::AgentDraft,
        message::{Growing, Message, MessageStatus, Part},
        provider::Usage,
        run::{RunError, RunStatus},
        thread::Thread,
    },
    server::runs::lease::Lease,
};

pub struct Turn<'a> {
    pub(super) db: &'a Db,
    pub(super) lease: &'a Lease,
}

/// What a run leaves behind.
pub struct Finished {
    /// As lists show it; it answers where another run waits.
    pub thread: Thread,
    /// The last of the numbers that were taken.
    pub newest: i64,
    /// Whether the group has budgets.
    pub budgeted: bool,
}

/// Whether another run of the thread waits behind the one that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Waits,
    None,
}

const HOLD: &str = "UPDATE runs SET lease_until = $4 WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running'";

// Appending is one statement for itself, so it checks the lease itself.
const APPEND: &str = "UPDATE parts SET text = text || $3 WHERE message_id = $1 AND idx = $2 \
    AND EXISTS (SELECT 1 FROM runs WHERE group_id = $4 AND id = $5 AND lease_token = $6 AND status = 'running')";

const OPEN_PART: &str =
    "INSERT INTO parts (message_id, idx, group_id, thread_id, opened_seq, kind, text) VALUES ($1, $2, $3, $4, $5, $6, '')";
const CLOSE_PART: &str = "UPDATE parts SET text = text || $4, closed_seq = $3 WHERE message_id = $1 AND idx = $2";
const OPEN_PARTS: &str = "SELECT message_id, idx, text FROM parts WHERE group_id = $1 AND thread_id = $2 AND opened_seq IS NOT NULL AND closed_seq IS NULL";

const FINISH_MESSAGE: &str = "UPDATE messages SET status = $3, error = $4, finished_at = $5 WHERE group_id = $1 AND id = $2";

const FINISH_RUN: &str = "UPDATE runs SET status = $4, error = $5, finished_at = $6, lease_token = NULL, lease_until = NULL, \
    call_input_tokens = NULL, call_output_tokens = NULL \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3";

const PLACE: &str = "UPDATE messages SET opened_seq = $3 WHERE group_id = $1 AND id = $2";

const OWN_MESSAGES: &str = "SELECT m.id, m.run_id, m.role, m.status, m.agent_id, m.author, m.opened_seq, m.error, m.created_at, m.finished_at \
    FROM messages m WHERE m.group_id = $1 AND m.run_id = $2 AND m.opened_seq < $3 ORDER BY m.opened_seq DESC";

const NEWEST_PLACE: &str =
    "SELECT CAST(COALESCE(MAX(opened_seq), 0) AS BIGINT) AS seq FROM messages WHERE group_id = $1 AND thread_id = $2";

// Locks the run's row, so that what the next statement sees of the lease stays true.
const OWN: &str = "UPDATE runs SET lease_until = lease_until WHERE group_id = $1 AND id = $2 AND lease_token = $3";

// Takes numbers for what is still to be written, where the lease holds. The writer sees whether a run waits in the
// transaction that makes room for it, so nobody has to look again, and lists are told what they show.
const LEAVE: &str = "UPDATE threads SET seq = seq + $5, updated_at = $6 WHERE group_id = $1 AND id = $2 \
    AND EXISTS (SELECT 1 FROM runs WHERE group_id = $1 AND id = $3 AND lease_token = $4) \
    RETURNING id, agent_id, (SELECT name FROM things WHERE things.id = threads.agent_id) AS agent_name, title, status, created_at, updated_at, seq, \
    EXISTS (SELECT 1 FROM runs WHERE group_id = $1 AND thread_id = $2 AND status IN ('queued', 'running', 'waiting') AND status = 'queued') AS answering, \
    EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = threads.group_id) AS budgeted";

const STOP_REQUESTED: &str = "SELECT id FROM runs WHERE group_id = $1 AND id = $2 AND stop_requested_at IS NOT NULL";

const AGENT: &str = "SELECT v.name, v.provider, v.model, v.instructions, v.tools, v.ask_first, v.look_first, v.limits FROM agent_versions v \
    WHERE v.group_id = $1 AND v.agent_id = $2 AND v.version = $3";

const CONTEXT: &str = "SELECT m.id, m.run_id, m.role, m.status, m.agent_id, m.author, m.opened_seq, m.error, m.created_at, m.finished_at, \
    p.message_id, p.kind, p.text, p.json \
    FROM (SELECT m.* FROM messages m WHERE m.group_id = $1 AND m.thread_id = $2 AND m.opened_seq <= $3 AND NOT m.superseded \
        ORDER BY m.opened_seq DESC LIMIT CAST($4 AS BIGINT)) m \
    LEFT JOIN parts p ON p.message_id = m.id ORDER BY m.opened_seq, p.idx";

const BOOKED: &str =
    "SELECT CAST(COALESCE(MAX(step), 0) AS BIGINT) AS step FROM calls WHERE run_id = $1 AND status = 'completed'";

const ATTEMPTS: &str = "SELECT CAST(COALESCE(MAX(attempt), 0) AS BIGINT) AS attempt FROM calls WHERE run_id = $1 AND step = $2";

const SPENT: &str = "SELECT CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens, \
    CAST(COALESCE(SUM(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens, \
    CAST(COALESCE(SUM(cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens, \
    CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens, \
    CAST(COALESCE(SUM(reasoning_tokens), 0) AS BIGINT) AS reasoning_tokens, \
    CAST(COALESCE(SUM(cost_microusd), 0) AS BIGINT) AS cost, COUNT(*) - COUNT(cost_microusd) AS unpriced FROM calls WHERE run_id = $1";

const NEXT_PART: &str = "SELECT CAST(COALESCE(MAX(idx), -1) + 1 AS BIGINT) AS idx FROM parts WHERE message_id = $1";

impl Turn<'_> {
    /// Renews the lease, and thereby says whether this task still owns the run. First statement of each transaction.
    pub async fn hold(&self, tx: &mut Tx, until: Millis) -> Result<bool> {
        Ok(tx.exec(HOLD, (self.lease.group, self.lease.run, self.lease.token, until)).await? == 1)
    }

    /// The budgets of the run's group.
    pub fn budgets(&self) -> super::budgets::Budgets<'_> {
        super::budgets::Budgets { db: self.db, group: self.lease.group }
    }

    /// What the run's group may still use in this minute.
    pub fn buckets(&self) -> super::buckets::Buckets<'_> {
        super::buckets::Buckets { db: self.db, group: self.lease.group }
    }

    /// Whether somebody has asked the run to stop.
    pub async fn stop_requested(&self, tx: &mut Tx) -> Result<bool> {
        Ok(!tx.rows(STOP_REQUESTED, (self.lease.group, self.lease.run)).await?.is_empty())
    }

    /// The version of the agent that the run uses.
    pub async fn agent(&self, tx: &mut Tx, agent: AgentId, version: i64) -> Result<AgentDraft> {
        tx.one(AGENT, (self.lease.group, agent, version)).await
    }

    /// The run's own messages before the place `seq`, oldest first.
    pub async fn own_messages(&self, tx: &mut Tx, seq: i64) -> Result<Vec<Message>> {
        let rows: Vec<Message> = tx.all(OWN_MESSAGES, (self.lease.group, self.lease.run, seq)).await?;
        Ok(messages::assemble(tx, self.lease.group, self.lease.thread, rows, usize::MAX).await?.messages)
    }

    /// The place of the thread's last message.
    pub async fn last_place(&self, tx: &mut Tx) -> Result<i64> {
        let rows = tx.rows(NEWEST_PLACE, (self.lease.group, self.lease.thread)).await?;
        Ok(rows.first().map(|row| row.get("seq")).transpose()?.unwrap_or(0))
    }

    /// Moves a message that waited for its turn behind what was said meanwhile.
    pub async fn place(&self, tx: &mut Tx, message: MessageId, seq: i64) -> Result<()> {
        tx.later(PLACE, (self.lease.group, message, seq));
        Ok(())
    }

    pub async fn open_message(&self, tx: &mut Tx, message: &Message) -> Result<()> {
        messages::insert(tx, self.lease.group, self.lease.thread, message).await
    }

    pub async fn add_part(&self, tx: &mut Tx, message: MessageId, index: usize, part: &Part) -> Result<()> {
        messages::insert_part(tx, self.lease.group, self.lease.thread, message, index, part).await
    }

    pub async fn open_part(&self, tx: &mut Tx, message: MessageId, index: usize, kind: Growing, seq: i64) -> Result<()> {
        let Lease { group, thread, .. } = *self.lease;
        tx.later(OPEN_PART, (message, index as i64, group, thread, seq, kind.as_str()));
        Ok(())
    }

    /// Adds text to the open part; answers whether the lease still held.
    pub async fn append(&self, message: MessageId, index: usize, text: &str) -> Result<bool> {
        let Lease { group, run, token, .. } = *self.lease;
        Ok(self.db.exec(APPEND, (message, index as i64, text, group, run, token)).await? == 1)
    }

    /// Adds the last text to the open part and closes it with row `seq`.
    pub async fn close_part(&self, tx: &mut Tx, message: MessageId, index: usize, rest: &str, seq: i64) -> Result<()> {
        tx.later(CLOSE_PART, (message, index as i64, seq, rest));
        Ok(())
    }

    /// Closes the part that a dead driver left open, where there is one, and answers its length.
    pub async fn close_left_open(&self, tx: &mut Tx, seq: i64) -> Result<Option<usize>> {
        let mut length = None;
        for row in tx.rows(OPEN_PARTS, (self.lease.group, self.lease.thread)).await? {
            tx.later(CLOSE_PART, (row.get::<MessageId>("message_id")?, row.get::<i64>("idx")?, seq, ""));
            length = Some(row.get::<String>("text")?.len());
        }
        Ok(length)
    }

    pub async fn finish_message(
        &self,
        tx: &mut Tx,
        id: MessageId,
        status: MessageStatus,
        error: Option<&RunError>,
        now: Millis,
    ) -> Result<()> {
        let error = error.map(super::json).transpose()?;
        tx.later(FINISH_MESSAGE, (self.lease.group, id, status.as_str(), error, now));
        Ok(())
    }

    /// Ends the run and gives the lease back, moves the thread to the top of lists, and takes the numbers of `count` rows.
    /// `None` where the lease was lost.
    pub async fn finish_run(
        &self,
        tx: &mut Tx,
        (status, error): (RunStatus, Option<&RunError>),
        count: i64,
        now: Millis,
    ) -> Result<Option<Finished>> {
        let error = error.map(super::json).transpose()?;
        let Lease { group, run, token, thread } = *self.lease;
        tx.later(OWN, (group, run, token));
        let rows = tx.rows(LEAVE, (group, thread, run, token, count, now)).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        tx.later(FINISH_RUN, (group, run, token, status.as_str(), error, now));
        Ok(Some(Finished { thread: Thread::from_row(row)?, newest: row.get("seq")?, budgeted: row.get("budgeted")? }))
    }

    /// What all calls of the run used and cost so far; no cost where one's price is not known.
    pub async fn spent(&self, tx: &mut Tx) -> Result<(Usage, Option<i64>)> {
        let rows = tx.rows(SPENT, (self.lease.run,)).await?;
        let Some(row) = rows.first() else { return Ok((Usage::default(), Some(0))) };
        let cost = (row.get::<i64>("unpriced")? == 0).then(|| row.get("cost")).transpose()?;
        Ok((Usage::from_row(row)?, cost))
    }

    /// How long an approval of this group may be given, in milliseconds.
    pub async fn approval_time(&self, tx: &mut Tx) -> Result<Millis> {
        groups::approval_time(tx, self.lease.group).await
    }

    /// The place of a part that is added behind all others.
    pub async fn next_part(&self, tx: &mut Tx, message: MessageId) -> Result<usize> {
        let rows = tx.rows(NEXT_PART, (message,)).await?;
        Ok(rows.first().map(|row| row.get::<i64>("idx")).transpose()?.unwrap_or(0) as usize)
    }

    /// Attempts of a step's call that are in the ledger.
    pub async fn attempts(&self, tx: &mut Tx, step: i64) -> Result<i64> {
        let rows = tx.rows(ATTEMPTS, (self.lease.run, step)).await?;
        Ok(rows.first().map(|row| row.get("attempt")).transpose()?.unwrap_or(0))
    }

    /// The last step whose call was answered.
    pub async fn booked_step(&self, tx: &mut Tx) -> Result<i64> {
        let rows = tx.rows(BOOKED, (self.lease.run,)).await?;
        Ok(rows.first().map(|row| row.get("step")).transpose()?.unwrap_or(0))
    }

    /// The newest `limit` messages up to place `seq` that a model may be given, oldest first.
    pub async fn context(&self, seq: i64, limit: usize) -> Result<Vec<Message>> {
        context(self.db, self.lease.group, self.lease.thread, seq, limit).await
    }
}

pub(super) async fn context(db: &Db, group: GroupId, thread: ThreadId, seq: i64, limit: usize) -> Result<Vec<Message>> {
    let rows = db.rows(CONTEXT, (group, thread, seq, limit as i64)).await?;
    Ok(messages::with_parts(&rows)?)
}
