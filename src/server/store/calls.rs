//! The ledger: one row per model call. Rows never change and never go; nothing cascades into them. The sums that reports
//! are made of are written with each row, by a trigger of the database.

use super::{
    bind::Chain,
    db::{FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::{AgentId, CallId, GroupId, KeyId, PersonId, RunId, ThreadId},
    model::{
        Millis,
        calendar::DayNumber,
        provider::{Price, Priced, Usage},
    },
};

/// One model call as it is booked. What it was made for is told as far as there is such a thing: a document is made
/// findable without a run, a thread or an agent.
#[derive(Debug, Clone)]
pub struct Call {
    pub id: CallId,
    pub group: GroupId,
    pub run: Option<RunId>,
    /// From 1 within a run.
    pub step: i64,
    pub attempt: i64,
    pub thread: Option<ThreadId>,
    pub agent: Option<AgentId>,
    pub agent_version: Option<i64>,
    pub person: Option<PersonId>,
    pub key: Option<KeyId>,
    /// `chat`, `title` or `embedding`.
    pub purpose: &'static str,
    pub provider: String,
    pub model: String,
    /// `completed`, `stopped`, `failed` or `interrupted`.
    pub status: &'static str,
    pub error_kind: Option<&'static str>,
    pub counted: Counted,
    pub usage: Usage,
    pub started_at: Millis,
    pub first_token_at: Option<Millis>,
    pub finished_at: Millis,
}

/// How the usage of a call was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The provider told it.
    Reported,
    /// The call was stopped, and the provider told it even so.
    Drained,
    /// The provider told the input; of the output it told less than arrived, which is what is counted.
    Partial,
    /// The provider told nothing.
    Estimated,
}

/// What the ledger adds to a call.
pub struct Booking {
    /// `None` where the price is not known, and then the cost is not either.
    pub priced: Option<Priced>,
    /// When and on which day the call ended, in the group's time zone.
    pub hour: Millis,
    pub day: DayNumber,
}

impl Counted {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Drained => "drained",
            Self::Partial => "partial",
            Self::Estimated => "estimated",
        }
    }

    /// Whether any of it is our estimate.
    pub fn estimated(self) -> bool {
        matches!(self, Self::Partial | Self::Estimated)
    }
}

const INSERT: &str = "INSERT INTO calls (id, group_id, run_id, step, attempt, thread_id, agent_id, agent_version, person_id, key_id, purpose, \
    provider, model, status, error_kind, estimated, counted, \
    input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd, \
    price_input, price_cache_read, price_cache_write, price_output, price_reasoning, price_source, \
    started_at, first_token_at, finished_at, hour, day) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
    $28, $29, $30, $31, $32, $33, $34) \
    ON CONFLICT (run_id, step, attempt) WHERE run_id IS NOT NULL DO NOTHING";

/// Books a call. The same call is booked once, whoever tries again.
pub fn insert(tx: &mut Tx, call: &Call, booking: &Booking) {
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
        call.key,
        call.purpose,
    );
    let what = (
        call.provider.as_str(),
        call.model.as_str(),
        call.status,
        call.error_kind,
        call.counted.estimated(),
        call.counted.as_str(),
    );
    let Usage { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens } = call.usage;
    let price = booking.priced.map(|priced| priced.price);
    let cost = price.map(|price| price.cost(&call.usage));
    let tokens = (input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost);
    let per = |class: fn(Price) -> i64| price.map(class);
    let prices = (
        per(|price| price.input),
        per(|price| price.cache_read),
        per(|price| price.cache_write),
        per(|price| price.output),
        per(|price| price.reasoning),
        booking.priced.map(|priced| priced.source.as_str()),
    );
    let when = (call.started_at, call.first_token_at, call.finished_at, booking.hour, booking.day);
    tx.later(INSERT, Chain(Chain(who, what), Chain(Chain(tokens, prices), when)));
}

const OF_RUN: &str = "SELECT status, estimated FROM calls WHERE run_id = $1 ORDER BY step, attempt";

impl super::System<'_> {
    /// Status of each call of a run, and whether its usage is estimated. The ledger outlives every proof for the run.
    pub async fn calls_of_run(&self, run: RunId) -> Result<Vec<(String, bool)>> {
        let rows = self.db.rows(OF_RUN, (run,)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("status")?, row.get("estimated")?))).collect::<sqlx::Result<_>>()?)
    }
}

impl FromRow for Usage {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            input_tokens: row.get("input_tokens")?,
            cache_read_tokens: row.get("cache_read_tokens")?,
            cache_write_tokens: row.get("cache_write_tokens")?,
            output_tokens: row.get("output_tokens")?,
            reasoning_tokens: row.get("reasoning_tokens")?,
        })
    }
}
