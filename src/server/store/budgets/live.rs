//! Calls that go on, and the most that each may use: whether or not there is a budget yet that could say so.

use super::{Budgets, Spender, reservations::Holder};
use crate::{
    error::Result,
    ids::{CallId, GroupId},
    model::Millis,
    server::{
        budgets::counter::Worst,
        store::{
            System,
            bind::Chain,
            db::{FromRow, Row, Run as _, Tx},
        },
    },
};

/// A call that goes on.
pub struct LiveCall {
    pub holder: Holder,
    pub spender: Spender,
    pub provider: String,
    pub model: String,
    pub worst: Worst,
}

/// A call outside of runs, as it was let through.
#[derive(Debug, Clone)]
pub struct OutsideCall {
    pub id: CallId,
    pub group: GroupId,
    pub spender: Spender,
    pub purpose: &'static str,
    pub provider: String,
    pub model: String,
    pub worst: Worst,
    pub started_at: Millis,
}

/// What calls outside of runs are made for.
const PURPOSES: [&str; 2] = ["title", "embedding"];

// The runs that go on are few, and an index knows them: hence the second condition on the status.
const LIVE: &str = "SELECT r.id AS holder, NULL AS lease_until, r.agent_id, r.person_id, r.key_id, v.provider, v.model, \
        r.call_input_tokens AS input_tokens, r.call_output_tokens AS output_tokens \
    FROM runs r JOIN agent_versions v ON v.group_id = r.group_id AND v.agent_id = r.agent_id AND v.version = r.agent_version \
    WHERE r.group_id = $1 AND r.status IN ('queued', 'running', 'waiting') AND r.status = 'running' AND r.call_input_tokens IS NOT NULL \
    UNION ALL SELECT id, lease_until, agent_id, person_id, key_id, provider, model, input_tokens, output_tokens \
    FROM outside_calls WHERE group_id = $1 AND lease_until >= $2";

const BEGIN: &str = "INSERT INTO outside_calls \
    (id, group_id, agent_id, person_id, key_id, purpose, provider, model, input_tokens, output_tokens, started_at, lease_until) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const LEFT: &str = "SELECT id, group_id, agent_id, person_id, key_id, purpose, provider, model, input_tokens, output_tokens, started_at \
    FROM outside_calls WHERE lease_until < $1 ORDER BY id";

const END: &str = "DELETE FROM outside_calls WHERE group_id = $1 AND id = $2";

impl Budgets<'_> {
    /// The group's calls that go on: those of runs, and others.
    pub async fn live_calls(&self, tx: &mut Tx, now: Millis) -> Result<Vec<LiveCall>> {
        tx.all(LIVE, (self.group, now)).await
    }

    /// Writes down that a call outside of runs begins.
    pub fn begin_outside(&self, tx: &mut Tx, call: &OutsideCall, lease_until: Millis) {
        let OutsideCall { spender: Spender { agent, person, key }, worst: Worst { input_tokens, output_tokens }, .. } = *call;
        let who = (call.id, self.group, agent, person, key, call.purpose);
        let (provider, model) = (call.provider.as_str(), call.model.as_str());
        tx.later(BEGIN, Chain(who, (provider, model, input_tokens, output_tokens, call.started_at, lease_until)));
    }

    /// Forgets a call that ended; false where it was forgotten before.
    pub async fn end_outside(&self, tx: &mut Tx, id: CallId) -> Result<bool> {
        Ok(tx.exec(END, (self.group, id)).await? == 1)
    }
}

impl System<'_> {
    /// The calls outside of runs whose lease ended before `expired`, of all groups.
    pub async fn outside_left_behind(&self, expired: Millis) -> Result<Vec<OutsideCall>> {
        self.db.all(LEFT, (expired,)).await
    }
}

impl FromRow for OutsideCall {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            group: row.get("group_id")?,
            spender: Spender { agent: row.get("agent_id")?, person: row.get("person_id")?, key: row.get("key_id")? },
            purpose: row.parse("purpose", |raw| PURPOSES.into_iter().find(|purpose| *purpose == raw).ok_or(()))?,
            provider: row.get("provider")?,
            model: row.get("model")?,
            worst: Worst { input_tokens: row.get("input_tokens")?, output_tokens: row.get("output_tokens")? },
            started_at: row.get("started_at")?,
        })
    }
}

impl FromRow for LiveCall {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            holder: Holder { id: row.get("holder")?, lease_until: row.get("lease_until")? },
            spender: Spender { agent: row.get("agent_id")?, person: row.get("person_id")?, key: row.get("key_id")? },
            provider: row.get("provider")?,
            model: row.get("model")?,
            worst: Worst { input_tokens: row.get("input_tokens")?, output_tokens: row.get("output_tokens")? },
        })
    }
}
