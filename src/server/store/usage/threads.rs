//! What threads cost: the way down from a sum to what it was spent on.

use super::Usage;
use crate::{
    error::Result,
    ids::{PersonId, ThreadId},
    model::{
        calendar::DayNumber,
        provider::Usage as Tokens,
        thread::ThreadSpent,
        usage::{UsageFilter, drill::ThreadCost},
    },
    server::store::db::{FromRow, Row, Run as _},
};
use std::ops::Range;

// A thread may be gone; what it cost is not. Its title is told to its own person only: nobody else reads it.
const DEAREST: &str = "SELECT k.*, (SELECT t.name FROM things t WHERE t.group_id = $1 AND t.id = k.agent_id) AS agent_name, \
    (SELECT p.name FROM people p WHERE p.id = k.person_id) AS person_name, \
    (SELECT t.title FROM threads t WHERE t.group_id = $1 AND t.id = k.thread_id AND t.person_id = $9) AS title \
    FROM (SELECT thread_id, NULLIF(MAX(agent_id), x'') AS agent_id, NULLIF(MAX(person_id), x'') AS person_id, \
    CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(input_tokens) AS BIGINT) AS input_tokens, \
    CAST(SUM(cache_read_tokens) AS BIGINT) AS cache_read_tokens, CAST(SUM(cache_write_tokens) AS BIGINT) AS cache_write_tokens, \
    CAST(SUM(output_tokens) AS BIGINT) AS output_tokens, CAST(SUM(reasoning_tokens) AS BIGINT) AS reasoning_tokens, \
    CAST(SUM(cost_microusd) AS BIGINT) AS cost_microusd, CAST(SUM(unknown_price_calls) AS BIGINT) AS unknown_price_calls \
    FROM usage_threads WHERE group_id = $1 AND day >= $2 AND day < $3 AND ($4 IS NULL OR provider = $4) \
    AND ($5 IS NULL OR model = $5) AND ($6 IS NULL OR agent_id = $6) AND ($7 IS NULL OR person_id = $7) AND ($8 IS NULL OR purpose = $8) \
    GROUP BY thread_id ORDER BY cost_microusd DESC, calls DESC, thread_id LIMIT $10) k";

// The index of a thread's calls holds all that were ever made in it. A run that goes on tells its cost when it ends.
const OF_THREAD: &str = "SELECT CAST(COALESCE(SUM(c.cost_microusd), 0) AS BIGINT) AS cost_microusd, \
    COUNT(*) - COUNT(c.cost_microusd) AS unknown FROM calls c WHERE c.group_id = $1 AND c.thread_id = $2 \
    AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.group_id = $1 AND r.id = c.run_id AND r.status IN ('queued', 'running', 'waiting'))";

impl Usage<'_> {
    /// The threads that cost the most, `me` being who asks.
    pub async fn threads(
        &self,
        days: Range<DayNumber>,
        filter: &UsageFilter,
        me: PersonId,
        limit: usize,
    ) -> Result<Vec<ThreadCost>> {
        let UsageFilter { provider, model, agent, person, purpose } = filter.clone();
        let args = (self.group, days.start, days.end, provider, model, agent, self.only.or(person), purpose, me, limit as i64);
        self.db.all(DEAREST, args).await
    }

    /// What the finished runs of a thread cost.
    pub async fn of_thread(&self, thread: ThreadId) -> Result<ThreadSpent> {
        let rows = self.db.rows(OF_THREAD, (self.group, thread)).await?;
        let Some(row) = rows.first() else { return Ok(ThreadSpent::default()) };
        Ok(ThreadSpent { cost_microusd: row.get("cost_microusd")?, unknown_price_calls: row.get("unknown")? })
    }
}

impl FromRow for ThreadCost {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            thread: row.get("thread_id")?,
            title: row.get("title")?,
            agent_name: row.get("agent_name")?,
            person_name: row.get("person_name")?,
            calls: row.get("calls")?,
            usage: Tokens::from_row(row)?,
            cost_microusd: row.get("cost_microusd")?,
            unknown_price_calls: row.get("unknown_price_calls")?,
        })
    }
}
