//! Calls of tools: as the run that made them writes them, and as their member decides about them.

use super::{
    System,
    db::{Db, FromRow, Row, Run, Tx},
    turns::Turn,
};
use crate::{
    error::{AppError, Result},
    ids::{GroupId, MessageId, PersonId, RunId, ThreadId, ToolCallId},
    model::{
        Millis,
        approval::PendingApproval,
        page::Page,
        tool_call::{Approval, Decision, ToolCall, ToolState, Verdict},
    },
    server::runs::lease::Lease,
};
use uuid::Uuid;

/// A call, and where its part stands.
#[derive(Debug, Clone)]
pub struct StoredCall {
    pub call: ToolCall,
    pub group: GroupId,
    pub thread: ThreadId,
    pub run: RunId,
    pub message: MessageId,
    pub part: usize,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.group_id, c.thread_id, c.run_id, c.message_id, c.part, c.name, c.input, c.state, c.started_at, c.finished_at, ",
            "c.expires_at, c.verdict, c.reason, c.decided_at, p.name AS decided_by ",
            "FROM tool_calls c LEFT JOIN people p ON p.id = c.decided_by ",
            $rest
        )
    };
}

const OPEN: &str = select!("WHERE c.group_id = $1 AND c.run_id = $2 AND c.output IS NULL ORDER BY c.id");

const INSERT: &str = "INSERT INTO tool_calls (id, group_id, thread_id, run_id, message_id, part, step, name, input, state, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const STARTED: &str = "UPDATE tool_calls SET state = 'running', started_at = $3 WHERE group_id = $1 AND id = $2";

const ENDED: &str = "UPDATE tool_calls SET state = $3, output = $4, finished_at = $5 WHERE group_id = $1 AND id = $2";

const SAME: &str = "SELECT COUNT(*) AS n FROM tool_calls WHERE group_id = $1 AND run_id = $2 AND name = $3 AND input = $4";

const CALLED: &str =
    "SELECT id FROM tool_calls WHERE group_id = $1 AND run_id = $2 AND step = $3 AND name = $4 AND state = 'done' LIMIT 1";

const SHOW: &str = "UPDATE parts SET json = $4 WHERE group_id = $1 AND message_id = $2 AND idx = $3";

// The run waits only where a call does: one that was decided a moment ago lets it go on.
const PARK: &str = "UPDATE runs SET status = 'waiting', lease_token = NULL, lease_until = NULL, worked_ms = $4 \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running' \
    AND EXISTS (SELECT 1 FROM tool_calls c WHERE c.group_id = $1 AND c.run_id = $2 AND c.state = 'waiting')";

const RELEASE: &str = "UPDATE runs SET status = 'queued', lease_token = NULL, lease_until = NULL \
    WHERE group_id = $1 AND id = $2 AND lease_token = $3 AND status = 'running'";

impl Turn<'_> {
    pub async fn ask_for(&self, tx: &mut Tx, stored: &StoredCall, step: i64, now: Millis) -> Result<()> {
        let Lease { group, run, thread, .. } = *self.lease;
        let StoredCall { call, message, part, .. } = stored;
        let input = super::json(&call.input)?;
        let expires_at = call.approval.as_ref().map(|approval| approval.expires_at);
        let state = call.state.as_str();
        let args = (call.call_id, group, thread, run, *message, *part as i64, step, &call.name, input, state, now, expires_at);
        tx.exec(INSERT, args).await?;
        Ok(())
    }

    /// The run's calls that have no result yet.
    pub async fn open_calls(&self, tx: &mut Tx) -> Result<Vec<StoredCall>> {
        tx.all(OPEN, (self.lease.group, self.lease.run)).await
    }

    pub async fn call_started(&self, tx: &mut Tx, call: ToolCallId, now: Millis) -> Result<()> {
        tx.exec(STARTED, (self.lease.group, call, now)).await?;
        Ok(())
    }

    pub async fn call_ended(&self, tx: &mut Tx, call: ToolCallId, state: ToolState, output: &str, now: Millis) -> Result<()> {
        tx.exec(ENDED, (self.lease.group, call, state.as_str(), output, now)).await?;
        Ok(())
    }

    /// How many calls of this run had the same name and input.
    pub async fn same_calls(&self, tx: &mut Tx, name: &str, input: &serde_json::Value) -> Result<i64> {
        let rows = tx.rows(SAME, (self.lease.group, self.lease.run, name, super::json(input)?)).await?;
        Ok(rows.first().map(|row| row.get("n")).transpose()?.unwrap_or(0))
    }

    /// Whether this step has called the tool, with success.
    pub async fn has_called(&self, tx: &mut Tx, step: i64, name: &str) -> Result<bool> {
        Ok(!tx.rows(CALLED, (self.lease.group, self.lease.run, step, name)).await?.is_empty())
    }

    /// Shows the call's state in its message.
    pub async fn show_call(&self, tx: &mut Tx, stored: &StoredCall) -> Result<()> {
        show(tx, stored).await
    }

    /// Lets go of the run until its calls are decided; false where none waits. `worked` is how long it was driven in all.
    pub async fn park(&self, tx: &mut Tx, worked: Millis) -> Result<bool> {
        let Lease { group, run, token, .. } = *self.lease;
        Ok(tx.exec(PARK, (group, run, token, worked)).await? == 1)
    }

    /// Lets go of the run so that it is claimed again, and goes on with its calls.
    pub async fn release(&self, tx: &mut Tx) -> Result<bool> {
        let Lease { group, run, token, .. } = *self.lease;
        Ok(tx.exec(RELEASE, (group, run, token)).await? == 1)
    }
}

async fn show(tx: &mut Tx, stored: &StoredCall) -> Result<()> {
    let json = super::json(&crate::model::message::Part::ToolCall(stored.call.clone()))?;
    tx.exec(SHOW, (stored.group, stored.message, stored.part as i64, json)).await?;
    Ok(())
}

pub struct ToolCalls<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

const GET: &str = select!(
    "JOIN threads t ON t.group_id = c.group_id AND t.id = c.thread_id \
    WHERE c.group_id = $1 AND t.person_id = $2 AND c.id = $3 AND c.expires_at IS NOT NULL"
);

const WAITING: &str = "SELECT c.id, c.thread_id, t.title, a.name AS agent, c.name, c.input, c.created_at, c.expires_at \
    FROM tool_calls c JOIN threads t ON t.group_id = c.group_id AND t.id = c.thread_id JOIN things a ON a.id = t.agent_id \
    WHERE c.group_id = $1 AND t.person_id = $2 AND c.state = 'waiting' AND c.id > $3 ORDER BY c.id LIMIT $4";

impl ToolCalls<'_> {
    /// A call that asked for approval.
    pub async fn in_tx(&self, tx: &mut Tx, id: ToolCallId) -> Result<StoredCall> {
        tx.opt(GET, (self.group, self.person, id)).await?.ok_or(AppError::NotFound)
    }

    /// What waits for this member, oldest first.
    pub async fn waiting(&self, after: Option<&str>, limit: usize) -> Result<Page<PendingApproval>> {
        let from = super::id_cursor(after, Uuid::nil())?;
        let found = self.db.all(WAITING, (self.group, self.person, from, limit as i64 + 1)).await?;
        Ok(Page::from_surplus(found, limit, |approval: &PendingApproval| approval.id.to_string()))
    }

    /// Answers false where it was decided before.
    pub async fn decide(&self, tx: &mut Tx, stored: &StoredCall, decision: &Decision) -> Result<bool> {
        decide(tx, stored, decision, Some(self.person)).await
    }
}

const DECIDE: &str = "UPDATE tool_calls SET state = $3, verdict = $4, decided_by = $5, reason = $6, decided_at = $7 \
    WHERE group_id = $1 AND id = $2 AND state = 'waiting'";

// Once nothing of the run waits any more, it is claimed again.
const RESUME: &str = "UPDATE runs SET status = 'queued' WHERE group_id = $1 AND id = $2 AND status = 'waiting' \
    AND NOT EXISTS (SELECT 1 FROM tool_calls c WHERE c.group_id = $1 AND c.run_id = $2 AND c.state = 'waiting')";

const LOCK_RUN: &str = "UPDATE runs SET step = step WHERE group_id = $1 AND id = $2";

async fn decide(tx: &mut Tx, stored: &StoredCall, decision: &Decision, by: Option<PersonId>) -> Result<bool> {
    let state = if decision.verdict == Verdict::Approved { ToolState::Pending } else { ToolState::Denied };
    let (verdict, reason) = (decision.verdict.as_str(), decision.reason.as_ref());
    let id = stored.call.call_id;
    if tx.exec(DECIDE, (stored.group, id, state.as_str(), verdict, by, reason, decision.at)).await? == 0 {
        return Ok(false);
    }
    let mut stored = stored.clone();
    stored.call.decide(decision.clone());
    show(tx, &stored).await?;
    // RESUME sees the decisions of others only once they are committed: of two, one waits here for the other.
    tx.exec(LOCK_RUN, (stored.group, stored.run)).await?;
    tx.exec(RESUME, (stored.group, stored.run)).await?;
    Ok(true)
}

const EXPIRED: &str = select!("WHERE c.state = 'waiting' AND c.expires_at <= $1 ORDER BY c.id LIMIT 100");

// Of the runs that are not over, which an index knows: hence the first condition on the status.
const RESUME_DECIDED: &str = "UPDATE runs SET status = 'queued' WHERE status IN ('queued', 'running', 'waiting') AND status = 'waiting' AND NOT EXISTS \
    (SELECT 1 FROM tool_calls c WHERE c.group_id = runs.group_id AND c.run_id = runs.id AND c.state = 'waiting')";

impl System<'_> {
    /// Runs of all groups that wait for nothing any more, however that came, go on.
    pub async fn resume_decided(&self) -> Result<u64> {
        self.db.exec(RESUME_DECIDED, ()).await
    }

    /// Calls of all groups that nobody decided about in time.
    pub async fn expired_approvals(&self, now: Millis) -> Result<Vec<StoredCall>> {
        let rows = self.db.rows(EXPIRED, (now,)).await?;
        // One that cannot be read must not keep all others waiting.
        let read = rows.iter().map(StoredCall::from_row);
        Ok(read
            .filter_map(|call| call.inspect_err(|error| tracing::error!(%error, "a call that waits cannot be read")).ok())
            .collect())
    }

    /// Decides in nobody's name: the time ran out.
    pub async fn let_expire(&self, tx: &mut Tx, stored: &StoredCall, decision: &Decision) -> Result<bool> {
        decide(tx, stored, decision, None).await
    }
}

impl FromRow for StoredCall {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            call: ToolCall {
                call_id: row.get("id")?,
                name: row.get("name")?,
                input: row.json("input")?,
                state: row.parse("state", |raw| ToolState::parse(raw).ok_or(()))?,
                started_at: row.get("started_at")?,
                finished_at: row.get("finished_at")?,
                approval: approval(row)?,
            },
            group: row.get("group_id")?,
            thread: row.get("thread_id")?,
            run: row.get("run_id")?,
            message: row.get("message_id")?,
            part: row.get::<i64>("part")? as usize,
        })
    }
}

fn approval(row: &Row) -> sqlx::Result<Option<Approval>> {
    let Some(expires_at) = row.get("expires_at")? else { return Ok(None) };
    let verdict: Option<String> = row.get("verdict")?;
    let decision = match verdict.as_deref().and_then(Verdict::parse) {
        Some(verdict) => Some(Decision {
            verdict,
            by: row.get("decided_by")?,
            reason: row.get("reason")?,
            at: row.get::<Option<i64>>("decided_at")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Some(Approval { expires_at, decision }))
}

impl FromRow for PendingApproval {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            thread_id: row.get("thread_id")?,
            thread_title: row.get("title")?,
            agent: row.get("agent")?,
            name: row.get("name")?,
            input: row.json("input")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}
