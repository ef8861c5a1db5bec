//! The ledger: one row per model call. Rows never change and never go; nothing cascades into them.

use super::{
    bind::Chain,
    db::{Run, Tx},
};
use crate::{
    error::Result,
    ids::{AgentId, CallId, GroupId, PersonId, RunId, ThreadId},
    model::{Millis, provider::Usage},
};

/// One model call as it is booked. What was embedded in the background belongs to no run and to nobody in particular.
#[derive(Debug, Clone)]
pub struct Call {
    pub id: CallId,
    pub group: GroupId,
    pub run: Option<RunId>,
    pub step: i64,
    pub attempt: i64,
    pub thread: Option<ThreadId>,
    pub agent: Option<AgentId>,
    pub agent_version: Option<i64>,
    pub person: Option<PersonId>,
    pub purpose: &'static str,
    pub provider: String,
    pub model: String,
    /// `completed`, `stopped`, `failed` or `interrupted`.
    pub status: &'static str,
    pub error_kind: Option<&'static str>,
    /// Whether the usage is our estimate: the provider told none.
    pub estimated: bool,
    pub usage: Usage,
    /// `None` where the price is not known.
    pub cost_microusd: Option<i64>,
    pub started_at: Millis,
    pub first_token_at: Option<Millis>,
    pub finished_at: Millis,
}

const INSERT: &str = "INSERT INTO calls (id, group_id, run_id, step, attempt, thread_id, agent_id, agent_version, person_id, purpose, \
    provider, model, status, error_kind, estimated, \
    input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd, started_at, first_token_at, finished_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) \
    ON CONFLICT (run_id, step, attempt) WHERE run_id IS NOT NULL DO NOTHING";

/// Books a call. The same call is booked once, whoever tries again.
pub async fn insert(tx: &mut Tx, call: &Call) -> Result<()> {
    let who = (
        call.id,
        call.group,
        call.run,
        call.step,
        call.attempt,
        call.thread,
        call.agent,
        call.agent_version,
        call.person,
        call.purpose,
    );
    let what = (call.provider.as_str(), call.model.as_str(), call.status, call.error_kind, call.estimated);
    let Usage { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens } = call.usage;
    let tokens = (input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, call.cost_microusd);
    let when = (call.started_at, call.first_token_at, call.finished_at);
    tx.later(INSERT, Chain(Chain(who, what), Chain(tokens, when)));
    Ok(())
}

const OF_RUN: &str = "SELECT status, estimated FROM calls WHERE run_id = $1 ORDER BY step, attempt";

impl super::System<'_> {
    /// Status of each call of a run, and whether its usage is estimated. The ledger outlives every proof for the run.
    pub async fn calls_of_run(&self, run: RunId) -> Result<Vec<(String, bool)>> {
        let rows = self.db.rows(OF_RUN, (run,)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("status")?, row.get("estimated")?))).collect::<sqlx::Result<_>>()?)
    }
}
