//! Single calls, straight from the ledger: newest first for people, oldest first for an export.

use super::Usage;
use crate::{
    error::Result,
    ids::{AgentId, CallId, KeyId, PersonId, RunId, ThreadId},
    model::{Millis, provider::Usage as Tokens, usage::UsageFilter},
    server::store::db::{FromRow, Row, Run as _},
};
use std::ops::Range;
use uuid::Uuid;

/// A row of the ledger.
#[derive(Debug, Clone)]
pub struct LedgerCall {
    pub id: CallId,
    pub run: Option<RunId>,
    pub step: i64,
    pub attempt: i64,
    pub thread: Option<ThreadId>,
    pub agent: Option<AgentId>,
    pub agent_version: Option<i64>,
    pub person: Option<PersonId>,
    pub key: Option<KeyId>,
    pub purpose: String,
    pub provider: String,
    pub model: String,
    pub status: String,
    pub error_kind: Option<String>,
    pub counted: String,
    pub usage: Tokens,
    pub cost_microusd: Option<i64>,
    /// Per million tokens: input, cache read, cache write, output, reasoning.
    pub prices: [Option<i64>; 5],
    pub price_source: Option<String>,
    pub started_at: Millis,
    pub first_token_at: Option<Millis>,
    pub finished_at: Millis,
}

/// A row of the ledger with the names of now.
pub struct NamedCall {
    pub call: LedgerCall,
    pub agent_name: Option<String>,
    pub person_name: Option<String>,
}

/// Which calls of the ledger.
#[derive(Debug, Clone, Default)]
pub struct Which {
    pub filter: UsageFilter,
    pub thread: Option<ThreadId>,
    pub run: Option<RunId>,
}

/// Where a page of calls begins or ends.
pub type Place = (Millis, Uuid);

macro_rules! ledger {
    ($more:literal, $order:literal, $beyond:literal) => {
        concat!(
            "SELECT id, run_id, step, attempt, thread_id, agent_id, agent_version, person_id, key_id, purpose, provider, model, status, \
            error_kind, COALESCE(counted, CASE WHEN estimated THEN 'estimated' ELSE 'reported' END) AS counted, \
            input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd, \
            price_input, price_cache_read, price_cache_write, price_output, price_reasoning, price_source, \
            started_at, first_token_at, finished_at",
            $more,
            " FROM calls WHERE group_id = $1 AND finished_at >= $2 AND finished_at < $3 AND ($4 IS NULL OR provider = $4) AND ($5 IS NULL OR model = $5) \
            AND ($6 IS NULL OR agent_id = $6) AND ($7 IS NULL OR person_id = $7) AND ($8 IS NULL OR purpose = $8) \
            AND ($9 IS NULL OR thread_id = $9) AND ($10 IS NULL OR run_id = $10) AND (finished_at, id) ",
            $beyond,
            " ($11, $12) ORDER BY finished_at ",
            $order,
            ", id ",
            $order,
            " LIMIT $13"
        )
    };
}
const NEWEST: &str = ledger!(
    ", (SELECT t.name FROM things t WHERE t.group_id = $1 AND t.id = calls.agent_id) AS agent_name, \
    (SELECT p.name FROM people p WHERE p.id = calls.person_id) AS person_name",
    "DESC",
    "<"
);
const OLDEST: &str = ledger!("", "ASC", ">");

const PROVIDERS: &str = "SELECT DISTINCT provider FROM usage_days WHERE group_id = $1 AND cut = CASE WHEN $2 IS NULL THEN 1 ELSE 5 END \
    AND ($2 IS NULL OR person_id = $2) ORDER BY provider";

const PROVIDER_DAYS: &str = "SELECT finished_at / 86400000 AS day, COUNT(*) AS calls, \
    CAST(COALESCE(SUM(cost_microusd), 0) AS BIGINT) AS cost_microusd, COUNT(*) - COUNT(cost_microusd) AS unknown, \
    CAST(SUM(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens + reasoning_tokens) AS BIGINT) AS tokens \
    FROM calls WHERE group_id = $1 AND provider = $2 AND finished_at >= $3 AND finished_at < $4 GROUP BY 1 ORDER BY 1";

/// A day in UTC, as the ledger has it.
pub struct LedgerDay {
    pub day: i64,
    pub calls: i64,
    pub cost_microusd: i64,
    pub unknown_price_calls: i64,
    pub tokens: i64,
}

impl Usage<'_> {
    /// Newest first, before `place`.
    pub async fn newest(&self, time: Range<Millis>, which: &Which, place: Option<Place>, limit: usize) -> Result<Vec<NamedCall>> {
        self.db.all(NEWEST, self.rows_of(time, which, place.unwrap_or((i64::MAX, Uuid::max())), limit)).await
    }

    /// Oldest first, behind `place`.
    pub async fn oldest(
        &self,
        time: Range<Millis>,
        which: &Which,
        place: Option<Place>,
        limit: usize,
    ) -> Result<Vec<LedgerCall>> {
        self.db.all(OLDEST, self.rows_of(time, which, place.unwrap_or((i64::MIN, Uuid::nil())), limit)).await
    }

    fn rows_of(&self, time: Range<Millis>, which: &Which, (at, id): Place, limit: usize) -> impl super::super::db::Args + use<> {
        let UsageFilter { provider, model, agent, person, purpose } = which.filter.clone();
        let person = self.only.or(person);
        let (from, to) = (time.start, time.end);
        (self.group, from, to, provider, model, agent, person, purpose, which.thread, which.run, at, id, limit as i64)
    }

    /// The providers that calls were made of, by name.
    pub async fn providers(&self) -> Result<Vec<String>> {
        let rows = self.db.rows(PROVIDERS, (self.group, self.only)).await?;
        Ok(rows.iter().map(|row| row.get("provider")).collect::<sqlx::Result<_>>()?)
    }

    /// What a provider's calls cost, by days in UTC.
    pub async fn provider_days(&self, provider: &str, time: Range<Millis>) -> Result<Vec<LedgerDay>> {
        self.db.all(PROVIDER_DAYS, (self.group, provider, time.start, time.end)).await
    }
}

impl LedgerCall {
    pub fn place(&self) -> Place {
        (self.finished_at, self.id.uuid())
    }
}

impl FromRow for LedgerCall {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            run: row.get("run_id")?,
            step: row.get("step")?,
            attempt: row.get("attempt")?,
            thread: row.get("thread_id")?,
            agent: row.get("agent_id")?,
            agent_version: row.get("agent_version")?,
            person: row.get("person_id")?,
            key: row.get("key_id")?,
            purpose: row.get("purpose")?,
            provider: row.get("provider")?,
            model: row.get("model")?,
            status: row.get("status")?,
            error_kind: row.get("error_kind")?,
            counted: row.get("counted")?,
            usage: Tokens::from_row(row)?,
            cost_microusd: row.get("cost_microusd")?,
            prices: [
                row.get("price_input")?,
                row.get("price_cache_read")?,
                row.get("price_cache_write")?,
                row.get("price_output")?,
                row.get("price_reasoning")?,
            ],
            price_source: row.get("price_source")?,
            started_at: row.get("started_at")?,
            first_token_at: row.get("first_token_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}

impl FromRow for NamedCall {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { call: LedgerCall::from_row(row)?, agent_name: row.get("agent_name")?, person_name: row.get("person_name")? })
    }
}

impl FromRow for LedgerDay {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            day: row.get("day")?,
            calls: row.get("calls")?,
            cost_microusd: row.get("cost_microusd")?,
            unknown_price_calls: row.get("unknown")?,
            tokens: row.get("tokens")?,
        })
    }
}
