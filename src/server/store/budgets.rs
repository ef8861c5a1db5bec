//! Budgets: what admins decide, what is spent and reserved of it, and the alerts. Reached by a member's proof or by the
//! lease of a run; whoever writes spent and reserved has locked the rows first, see [`Budgets::lock`].

pub mod live;
pub mod reservations;

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{AgentId, BudgetId, GroupId, KeyId, PersonId},
    model::{
        Millis,
        budget::{BudgetDraft, Period, Scope, Unit},
        calendar::DayNumber,
    },
};
use std::ops::Range;
use uuid::Uuid;

pub struct Budgets<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// Who uses something, as far as budgets tell people apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spender {
    pub agent: Option<AgentId>,
    pub person: Option<PersonId>,
    pub key: Option<KeyId>,
}

/// A budget's row.
#[derive(Debug, Clone)]
pub struct Counter {
    pub id: BudgetId,
    pub scope: Scope,
    /// The group's own where the scope is the group.
    pub scope_id: Uuid,
    pub unit: Unit,
    pub period: Period,
    pub cap: i64,
    pub hard: bool,
    pub by_plan: bool,
    /// The period that `spent` is of.
    pub starts_at: Millis,
    pub ends_at: Millis,
    pub spent: i64,
    pub reserved: i64,
    pub alerted: i64,
    /// The group's, as it is now.
    pub time_zone: String,
}

/// One line of the list of alerts.
pub struct StoredAlert {
    pub budget: Counter,
    pub percent: i64,
    pub spent: i64,
    pub cap: i64,
    pub starts_at: Millis,
    pub at: Millis,
}

// Changes nothing: it locks the rows, and tells them as they stand once they are locked.
const LOCK: &str = "UPDATE budgets SET reserved = reserved WHERE group_id = $1 AND scope_id IN ($1, $2, $3, $4) \
    RETURNING id, scope, scope_id, unit, period, cap, hard, by_plan, starts_at, ends_at, spent, reserved, alerted, \
    (SELECT time_zone FROM groups g WHERE g.id = budgets.group_id) AS time_zone";

const LOCK_ALL: &str = "UPDATE budgets SET reserved = reserved WHERE group_id = $1 \
    RETURNING id, scope, scope_id, unit, period, cap, hard, by_plan, starts_at, ends_at, spent, reserved, alerted, \
    (SELECT time_zone FROM groups g WHERE g.id = budgets.group_id) AS time_zone";

const LIST: &str = "SELECT b.id, b.scope, b.scope_id, b.unit, b.period, b.cap, b.hard, b.by_plan, b.starts_at, b.ends_at, b.spent, \
    b.reserved, b.alerted, g.time_zone FROM budgets b JOIN groups g ON g.id = b.group_id WHERE b.group_id = $1";

const MATCHING: &str = "SELECT b.id, b.scope, b.scope_id, b.unit, b.period, b.cap, b.hard, b.by_plan, b.starts_at, b.ends_at, b.spent, \
    b.reserved, b.alerted, g.time_zone FROM budgets b JOIN groups g ON g.id = b.group_id \
    WHERE b.group_id = $1 AND b.scope_id IN ($1, $2, $3, $4)";

const INSERT: &str = "INSERT INTO budgets (id, group_id, scope, scope_id, unit, period, cap, hard, by_plan, \
    starts_at, ends_at, spent, reserved, alerted, created_at, created_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, 0, $10, $11)";

const SET_CAP: &str = "UPDATE budgets SET cap = $3, hard = $4 WHERE group_id = $1 AND id = $2";

const DELETE: &str = "DELETE FROM budgets WHERE group_id = $1 AND id = $2";

const TURN_OVER: &str = "UPDATE budgets SET starts_at = $3, ends_at = $4, spent = $5, \
    alerted = CASE WHEN starts_at = $3 THEN alerted ELSE 0 END WHERE group_id = $1 AND id = $2";

const SPEND: &str = "UPDATE budgets SET spent = spent + $3 WHERE group_id = $1 AND id = $2";

const SET_ALERTED: &str = "UPDATE budgets SET alerted = $3 WHERE group_id = $1 AND id = $2";

// Each period's counter begins with what the ledger has of it. Its sums by day say so, in the cut that tells agents or
// people apart; of keys they know nothing, but an index does.
const DAYS: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN $6 = 'tokens' \
        THEN input_tokens + cache_read_tokens + cache_write_tokens + output_tokens + reasoning_tokens \
        ELSE cost_microusd END), 0) AS BIGINT) AS spent \
    FROM usage_days WHERE group_id = $1 AND day >= $2 AND day < $3 \
    AND cut = CASE $4 WHEN 'agent' THEN 2 WHEN 'person' THEN 3 ELSE 1 END \
    AND ($4 = 'group' OR ($4 = 'agent' AND agent_id = $5) OR ($4 = 'person' AND person_id = $5))";

const CALLS_OF_KEY: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN $5 = 'tokens' \
        THEN input_tokens + cache_read_tokens + cache_write_tokens + output_tokens + reasoning_tokens \
        ELSE COALESCE(cost_microusd, 0) END), 0) AS BIGINT) AS spent \
    FROM calls WHERE group_id = $1 AND key_id = $4 AND finished_at >= $2 AND finished_at < $3";

const ALERT: &str = "INSERT INTO budget_alerts (id, group_id, budget_id, starts_at, percent, spent, cap, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (group_id, budget_id, starts_at, percent) DO NOTHING RETURNING id";

const ALERTS: &str = "SELECT a.percent, a.spent AS alert_spent, a.cap AS alert_cap, a.starts_at AS alert_starts_at, a.at, \
    b.id, b.scope, b.scope_id, b.unit, b.period, b.cap, b.hard, b.by_plan, b.starts_at, b.ends_at, b.spent, b.reserved, b.alerted, \
    g.time_zone FROM budget_alerts a JOIN budgets b ON b.id = a.budget_id JOIN groups g ON g.id = a.group_id \
    WHERE a.group_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT $2";

const ADMINS: &str = "SELECT p.name FROM connections c JOIN people p ON p.id = c.from_id \
    WHERE c.group_id = $1 AND c.kind = 'member_of' AND c.role IN ('owner', 'admin') ORDER BY c.created_at, p.id LIMIT $2";

const EXISTS: &str = "SELECT CASE $2 \
    WHEN 'agent' THEN (SELECT name FROM things WHERE group_id = $1 AND id = $3 AND kind = 'agent') \
    WHEN 'person' THEN (SELECT p.name FROM connections c JOIN people p ON p.id = c.from_id \
        WHERE c.group_id = $1 AND c.kind = 'member_of' AND c.from_id = $3) \
    WHEN 'key' THEN (SELECT hint FROM api_keys WHERE group_id = $1 AND id = $3) END AS name";

const NAMED: &str = "SELECT id, name FROM (SELECT id, name, 'agent' AS scope FROM things WHERE group_id = $1 AND kind = 'agent' \
    UNION ALL SELECT p.id, p.name, 'person' FROM connections c JOIN people p ON p.id = c.from_id \
        WHERE c.group_id = $1 AND c.kind = 'member_of' \
    UNION ALL SELECT id, hint, 'key' FROM api_keys WHERE group_id = $1 AND revoked_at IS NULL) AS named \
    WHERE scope = $2 ORDER BY LOWER(name), id LIMIT 1000";

const TIME_ZONE: &str = "SELECT time_zone FROM groups WHERE id = $1";

impl Budgets<'_> {
    /// The budgets that this spender's use counts in, locked until the transaction ends.
    pub async fn lock(&self, tx: &mut Tx, spender: Spender) -> Result<Vec<Counter>> {
        tx.all(LOCK, (self.group, spender.agent, spender.person, spender.key)).await
    }

    pub async fn lock_all(&self, tx: &mut Tx) -> Result<Vec<Counter>> {
        tx.all(LOCK_ALL, (self.group,)).await
    }

    pub async fn list(&self) -> Result<Vec<Counter>> {
        self.db.all(LIST, (self.group,)).await
    }

    /// The budgets that this spender's use counts in, for a look beforehand.
    pub async fn matching(&self, db: impl Run, spender: Spender) -> Result<Vec<Counter>> {
        db.all(MATCHING, (self.group, spender.agent, spender.person, spender.key)).await
    }

    /// Its period is of the distant past: whoever looks first turns it over, and thereby counts what was used before.
    pub fn insert(&self, tx: &mut Tx, id: BudgetId, draft: &BudgetDraft, by_plan: bool, by: Option<PersonId>, now: Millis) {
        let scope_id = draft.scope_id.unwrap_or(self.group.uuid());
        let what = (id, self.group, draft.scope.as_str(), scope_id, draft.unit.as_str(), draft.period.as_str());
        tx.later(INSERT, super::bind::Chain(what, (draft.cap, draft.hard, by_plan, now, by)));
    }

    pub fn set_cap(&self, tx: &mut Tx, id: BudgetId, cap: i64, hard: bool) {
        tx.later(SET_CAP, (self.group, id, cap, hard));
    }

    pub fn delete(&self, tx: &mut Tx, id: BudgetId) {
        tx.later(DELETE, (self.group, id));
    }

    /// Begins a period, with what was used of it already.
    pub fn turn_over(&self, tx: &mut Tx, counter: &Counter) {
        tx.later(TURN_OVER, (self.group, counter.id, counter.starts_at, counter.ends_at, counter.spent));
    }

    pub fn spend(&self, tx: &mut Tx, id: BudgetId, used: i64) {
        tx.later(SPEND, (self.group, id, used));
    }

    pub fn set_alerted(&self, tx: &mut Tx, id: BudgetId, percent: i64) {
        tx.later(SET_ALERTED, (self.group, id, percent));
    }

    /// What the ledger holds of a budget's use in some days of the group, which `times` are the ends of.
    pub async fn ledger(
        &self,
        db: impl Run,
        counter: &Counter,
        days: Range<DayNumber>,
        (from, to): (Millis, Millis),
    ) -> Result<i64> {
        let Counter { scope, scope_id, unit, .. } = *counter;
        let rows = match scope {
            Scope::Key => db.rows(CALLS_OF_KEY, (self.group, from, to, scope_id, unit.as_str())).await?,
            Scope::Group | Scope::Agent | Scope::Person => {
                db.rows(DAYS, (self.group, days.start, days.end, scope.as_str(), scope_id, unit.as_str())).await?
            }
        };
        Ok(rows.first().map(|row| row.get("spent")).transpose()?.unwrap_or(0))
    }

    /// Writes down that a share was reached; false where that was told of already.
    pub async fn alert(&self, tx: &mut Tx, id: Uuid, counter: &Counter, percent: i64, now: Millis) -> Result<bool> {
        let args = (id, self.group, counter.id, counter.starts_at, percent, counter.spent, counter.cap, now);
        Ok(!tx.rows(ALERT, args).await?.is_empty())
    }

    pub async fn alerts(&self, limit: usize) -> Result<Vec<StoredAlert>> {
        self.db.all(ALERTS, (self.group, limit as i64)).await
    }

    /// Names of those who manage the group.
    pub async fn admins(&self, db: impl Run, limit: usize) -> Result<Vec<String>> {
        let rows = db.rows(ADMINS, (self.group, limit as i64)).await?;
        Ok(rows.iter().map(|row| row.get("name")).collect::<sqlx::Result<_>>()?)
    }

    pub fn db(&self) -> &Db {
        self.db
    }

    /// What the same group may still use in this minute.
    pub fn buckets(&self) -> super::buckets::Buckets<'_> {
        super::buckets::Buckets { db: self.db, group: self.group }
    }

    /// The name of the agent, person or key, where the group has it.
    pub async fn name(&self, db: impl Run, scope: Scope, id: Uuid) -> Result<Option<String>> {
        let rows = db.rows(EXISTS, (self.group, scope.as_str(), id)).await?;
        Ok(rows.first().map(|row| row.get("name")).transpose()?.flatten())
    }

    /// All agents, people or keys that a budget may be for.
    pub async fn named(&self, scope: Scope) -> Result<Vec<(Uuid, String)>> {
        let rows = self.db.rows(NAMED, (self.group, scope.as_str())).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect::<sqlx::Result<_>>()?)
    }

    pub async fn time_zone(&self) -> Result<String> {
        let rows = self.db.rows(TIME_ZONE, (self.group,)).await?;
        Ok(rows.first().map(|row| row.get("time_zone")).transpose()?.unwrap_or_else(|| "UTC".to_owned()))
    }
}

impl FromRow for Counter {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            scope: row.parse("scope", |raw| Scope::parse(raw).ok_or(()))?,
            scope_id: row.get("scope_id")?,
            unit: row.parse("unit", |raw| Unit::parse(raw).ok_or(()))?,
            period: row.parse("period", |raw| Period::parse(raw).ok_or(()))?,
            cap: row.get("cap")?,
            hard: row.get("hard")?,
            by_plan: row.get("by_plan")?,
            starts_at: row.get("starts_at")?,
            ends_at: row.get("ends_at")?,
            spent: row.get("spent")?,
            reserved: row.get("reserved")?,
            alerted: row.get("alerted")?,
            time_zone: row.get("time_zone")?,
        })
    }
}

impl FromRow for StoredAlert {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            budget: Counter::from_row(row)?,
            percent: row.get("percent")?,
            spent: row.get("alert_spent")?,
            cap: row.get("alert_cap")?,
            starts_at: row.get("alert_starts_at")?,
            at: row.get("at")?,
        })
    }
}
