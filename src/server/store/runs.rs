//! Runs: as their member sees and starts them, and as the server claims and recovers them.

use super::{
    System,
    db::{Db, FromRow, Row, Run as _, Tx},
    plans::Terms,
};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, GroupId, KeyId, MessageId, PersonId, RunId, ThreadId},
    model::{
        Millis,
        agent::AgentDraft,
        provider::Usage,
        run::{Run, RunError, RunKind, RunStatus, Sent},
    },
    server::runs::lease::Lease,
};
use uuid::Uuid;

pub struct Runs<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

/// A run to be queued.
pub struct NewRun {
    pub id: RunId,
    pub thread: ThreadId,
    pub agent: AgentId,
    pub agent_version: i64,
    pub kind: RunKind,
    /// The key that asked for it, where one did.
    pub key: Option<KeyId>,
}

// With what its calls used, stopped and failed ones too.
const GET: &str = "SELECT r.id, r.thread_id, r.kind, r.status, r.agent_version, r.step, r.error, r.created_at, r.started_at, r.finished_at, \
    CAST(COALESCE(SUM(c.input_tokens), 0) AS BIGINT) AS input_tokens, \
    CAST(COALESCE(SUM(c.cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens, \
    CAST(COALESCE(SUM(c.cache_write_tokens), 0) AS BIGINT) AS cache_write_tokens, \
    CAST(COALESCE(SUM(c.output_tokens), 0) AS BIGINT) AS output_tokens, \
    CAST(COALESCE(SUM(c.reasoning_tokens), 0) AS BIGINT) AS reasoning_tokens \
    FROM runs r JOIN threads t ON t.group_id = r.group_id AND t.id = r.thread_id LEFT JOIN calls c ON c.run_id = r.id \
    WHERE r.group_id = $1 AND t.person_id = $2 AND r.id = $3 GROUP BY r.id";

const NEWEST: &str = "SELECT id FROM runs WHERE group_id = $1 AND thread_id = $2 ORDER BY id DESC LIMIT 1";

const INSERT: &str = "INSERT INTO runs (id, group_id, thread_id, agent_id, agent_version, person_id, kind, status, step, attempt, created_at, key_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, 0, $8, $9)";

const STOP_QUEUED: &str = "UPDATE runs SET status = 'stopped', stop_requested_at = $3, finished_at = $3 \
    WHERE group_id = $1 AND id = $2 AND status = 'queued' AND attempt = 0";

const REQUEST_STOP: &str = "UPDATE runs SET stop_requested_at = COALESCE(stop_requested_at, $3) \
    WHERE group_id = $1 AND id = $2 AND status IN ('queued', 'running')";

const WAKE_TO_STOP: &str = "UPDATE runs SET status = 'queued', stop_requested_at = COALESCE(stop_requested_at, $3) \
    WHERE group_id = $1 AND id = $2 AND status = 'waiting'";

const SUPERSEDE: &str = "UPDATE messages SET superseded = TRUE WHERE group_id = $1 AND run_id = $2 AND role = 'assistant'";

const QUEUED: &str =
    "SELECT COUNT(*) AS n FROM runs WHERE group_id = $1 AND thread_id = $2 AND status IN ('queued', 'running', 'waiting')";

const SENT: &str =
    "SELECT thread_id, body_hash, message_id, run_id FROM idempotency WHERE group_id = $1 AND person_id = $2 AND key = $3";

const REMEMBER: &str = "INSERT INTO idempotency (group_id, person_id, key, thread_id, body_hash, message_id, run_id, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// What an idempotency key stands for.
pub struct SentBefore {
    pub thread: ThreadId,
    pub body_hash: Vec<u8>,
    pub sent: Sent,
}

impl Runs<'_> {
    pub async fn get(&self, id: RunId) -> Result<Run> {
        self.db.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn in_tx(&self, tx: &mut Tx, id: RunId) -> Result<Run> {
        tx.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn newest(&self, tx: &mut Tx, thread: ThreadId) -> Result<Option<RunId>> {
        let rows = tx.rows(NEWEST, (self.group, thread)).await?;
        Ok(rows.first().map(|row| row.get("id")).transpose()?)
    }

    /// How many runs of the thread wait or go on.
    pub async fn unfinished(&self, tx: &mut Tx, thread: ThreadId) -> Result<i64> {
        let rows = tx.rows(QUEUED, (self.group, thread)).await?;
        Ok(rows.first().map(|row| row.get("n")).transpose()?.unwrap_or(0))
    }

    pub async fn insert(&self, tx: &mut Tx, run: &NewRun, now: Millis) -> Result<()> {
        let (kind, key) = (run.kind.as_str(), run.key);
        tx.later(INSERT, (run.id, self.group, run.thread, run.agent, run.agent_version, self.person, kind, now, key));
        Ok(())
    }

    /// Adds a message with its parts to the member's thread.
    pub async fn add_message(&self, tx: &mut Tx, thread: ThreadId, message: &crate::model::message::Message) -> Result<()> {
        super::messages::insert(tx, self.group, thread, message).await
    }

    /// Ends a run that has not begun; answers whether it had not.
    pub async fn stop_queued(&self, tx: &mut Tx, id: RunId, now: Millis) -> Result<bool> {
        Ok(tx.exec(STOP_QUEUED, (self.group, id, now)).await? == 1)
    }

    /// A run that waits for its member is claimed again, to be stopped.
    pub async fn wake_to_stop(&self, tx: &mut Tx, id: RunId, now: Millis) -> Result<bool> {
        Ok(tx.exec(WAKE_TO_STOP, (self.group, id, now)).await? == 1)
    }

    /// Writes down that the member wants a run that goes on to stop.
    pub async fn request_stop(&self, tx: &mut Tx, id: RunId, now: Millis) -> Result<bool> {
        Ok(tx.exec(REQUEST_STOP, (self.group, id, now)).await? == 1)
    }

    /// Keeps what a run said out of every later context.
    pub async fn supersede(&self, tx: &mut Tx, id: RunId) -> Result<()> {
        tx.later(SUPERSEDE, (self.group, id));
        Ok(())
    }

    pub async fn sent_before(&self, tx: &mut Tx, key: &str) -> Result<Option<SentBefore>> {
        tx.opt(SENT, (self.group, self.person, key)).await
    }

    pub async fn remember_sent(&self, tx: &mut Tx, key: &str, before: &SentBefore, now: Millis) -> Result<()> {
        let SentBefore { thread, body_hash, sent } = before;
        tx.later(REMEMBER, (self.group, self.person, key, *thread, body_hash.clone(), sent.message_id, sent.run_id, now));
        Ok(())
    }
}

/// A run that this process drives from now on.
pub struct Claimed {
    pub lease: Lease,
    pub agent: AgentId,
    pub agent_version: i64,
    pub person: PersonId,
    pub key: Option<KeyId>,
    pub kind: RunKind,
    /// Model calls that were begun so far.
    pub step: i64,
    /// How often it was claimed.
    pub attempt: i64,
    pub started_at: Millis,
    /// Time that it was driven before.
    pub worked_ms: Millis,
    pub stop_requested: bool,
}

/// A run that was claimed, and what its driver begins with.
pub struct Begun {
    pub claimed: Claimed,
    pub agent: AgentDraft,
    /// Whether something was said in the thread behind the message that the run answers.
    pub overtaken: bool,
    pub terms: Terms,
}

// The queued ones are few, and an index knows them: hence the second condition on the status.
const CLAIM: &str = "UPDATE runs SET status = 'running', lease_token = $2, lease_until = $3, attempt = attempt + 1, started_at = COALESCE(started_at, $4), \
    call_input_tokens = NULL, call_output_tokens = NULL \
    WHERE id = (SELECT id FROM runs WHERE group_id = (SELECT group_id FROM threads WHERE id = $1) AND thread_id = $1 \
        AND status IN ('queued', 'running', 'waiting') AND status = 'queued' ORDER BY id LIMIT 1) AND status = 'queued' \
    AND NOT EXISTS (SELECT 1 FROM runs WHERE thread_id = $1 AND status IN ('running', 'waiting'))";

const CLAIMED: &str = "SELECT r.id, r.group_id, r.thread_id, r.agent_id, r.agent_version, r.person_id, r.key_id, r.kind, r.step, r.attempt, r.started_at, \
    r.lease_token, r.worked_ms, r.stop_requested_at IS NOT NULL AS stop_requested, v.name, v.provider, v.model, v.instructions, v.tools, v.ask_first, v.look_first, v.limits, \
    EXISTS (SELECT 1 FROM messages m WHERE m.group_id = r.group_id AND m.run_id = r.id AND m.opened_seq < \
        (SELECT MAX(opened_seq) FROM messages WHERE group_id = r.group_id AND thread_id = r.thread_id)) AS overtaken, \
    EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = r.group_id) AS budgeted, (SELECT g.plan FROM groups g WHERE g.id = r.group_id) AS plan \
    FROM runs r JOIN agent_versions v ON v.group_id = r.group_id AND v.agent_id = r.agent_id AND v.version = r.agent_version \
    WHERE r.thread_id = $1 AND r.status IN ('running', 'waiting') AND r.lease_token = $2";

// Runs whose driver is gone: the lease has run out. Here and below the status is asked for twice as above, for the index.
const TAKE_OVER: &str = "UPDATE runs SET lease_token = $1, lease_until = $2 \
    WHERE id = (SELECT id FROM runs WHERE status IN ('queued', 'running', 'waiting') AND status = 'running' AND lease_until < $3 \
        ORDER BY id LIMIT 1) AND status = 'running' AND lease_until < $3 \
    RETURNING id, group_id, thread_id, agent_id, agent_version, person_id, key_id, kind, step, attempt, started_at, lease_token, worked_ms, \
    stop_requested_at IS NOT NULL AS stop_requested";

const WAITING_THREADS: &str = "SELECT DISTINCT r.thread_id FROM runs r WHERE r.status IN ('queued', 'running', 'waiting') AND r.status = 'queued' \
    AND NOT EXISTS (SELECT 1 FROM runs a WHERE a.thread_id = r.thread_id AND a.status IN ('running', 'waiting')) ORDER BY r.thread_id LIMIT 10000";

impl Claimed {
    /// Whether the run was driven before: it waited, or its driver died between two steps.
    pub fn resumed(&self) -> bool {
        self.attempt > 1
    }
}

const SWEEP_KEYS: &str = "DELETE FROM idempotency WHERE created_at < $1";
const GIVE_UP_RUN: &str = "UPDATE runs SET status = 'interrupted', finished_at = $3, lease_token = NULL, lease_until = NULL, \
    call_input_tokens = NULL, call_output_tokens = NULL \
    WHERE id = $1 AND status = 'running' AND lease_until < $2";

const GIVE_UP_MESSAGES: &str =
    "UPDATE messages SET status = 'interrupted', finished_at = $2 WHERE run_id = $1 AND status = 'streaming'";

impl System<'_> {
    /// Ends a run that recovery cannot settle, whatever is the matter with it, so that the others are settled.
    pub async fn give_up(&self, run: RunId, expired: Millis, now: Millis) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.exec(GIVE_UP_RUN, (run, expired, now)).await?;
        tx.exec(GIVE_UP_MESSAGES, (run, now)).await?;
        tx.commit().await
    }

    /// Forgets the idempotency keys of requests before `before`; of all groups, by the same age.
    pub async fn sweep_idempotency(&self, before: Millis) -> Result<u64> {
        self.db.exec(SWEEP_KEYS, (before,)).await
    }

    /// Claims the thread's next queued run, unless one goes on already. No tenant's proof exists here: the run's own row
    /// is what says whose it is.
    pub async fn claim(&self, tx: &mut Tx, thread: ThreadId, token: Uuid, until: Millis, now: Millis) -> Result<Option<Begun>> {
        tx.later(CLAIM, (thread, token, until, now));
        tx.opt(CLAIMED, (thread, token)).await
    }

    /// Takes over one run whose lease ended before `expired`.
    pub async fn take_over(&self, tx: &mut Tx, token: Uuid, until: Millis, expired: Millis) -> Result<Option<Claimed>> {
        tx.opt(TAKE_OVER, (token, until, expired)).await
    }

    /// Threads in which a run waits for its turn.
    pub async fn waiting_threads(&self) -> Result<Vec<ThreadId>> {
        let rows = self.db.rows(WAITING_THREADS, ()).await?;
        Ok(rows.iter().map(|row| row.get("thread_id")).collect::<sqlx::Result<_>>()?)
    }
}

impl FromRow for Begun {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (claimed, agent) = (Claimed::from_row(row)?, AgentDraft::from_row(row)?);
        Ok(Self { claimed, agent, overtaken: row.get("overtaken")?, terms: Terms::from_row(row)? })
    }
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            lease: Lease::new(row.get("group_id")?, row.get("thread_id")?, row.get("id")?, row.get("lease_token")?),
            agent: row.get("agent_id")?,
            agent_version: row.get("agent_version")?,
            person: row.get("person_id")?,
            key: row.get("key_id")?,
            kind: row.parse("kind", |raw| RunKind::parse(raw).ok_or(()))?,
            step: row.get("step")?,
            attempt: row.get("attempt")?,
            started_at: row.get("started_at")?,
            worked_ms: row.get("worked_ms")?,
            stop_requested: row.get("stop_requested")?,
        })
    }
}

impl FromRow for Run {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            thread_id: row.get("thread_id")?,
            kind: row.parse("kind", |raw| RunKind::parse(raw).ok_or(()))?,
            status: row.parse("status", |raw| RunStatus::parse(raw).ok_or(()))?,
            agent_version: row.get("agent_version")?,
            steps: row.get("step")?,
            usage: Usage::from_row(row)?,
            error: row.json_opt::<RunError>("error")?,
            created_at: row.get("created_at")?,
            started_at: row.get("started_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}

impl FromRow for SentBefore {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            thread: row.get("thread_id")?,
            body_hash: row.get("body_hash")?,
            sent: Sent { message_id: row.get::<MessageId>("message_id")?, run_id: row.get("run_id")? },
        })
    }
}
