//! What calls that go on may use at most. A reservation is made and ended in one statement with its budget's sum of them.

use super::Budgets;
use crate::{
    error::Result,
    ids::BudgetId,
    model::Millis,
    server::store::{
        System,
        db::{Run as _, Tx},
    },
};
use uuid::Uuid;

const RESERVE: &str =
    "INSERT INTO reservations (holder, budget_id, group_id, amount, lease_until, made_at) VALUES ($1, $2, $3, $4, $5, $6)";
const ADD: &str = "UPDATE budgets SET reserved = reserved + $3 WHERE group_id = $1 AND id = $2";

const SUBTRACT: &str = "UPDATE budgets SET reserved = reserved - \
        (SELECT r.amount FROM reservations r WHERE r.holder = $2 AND r.budget_id = budgets.id) \
    WHERE group_id = $1 AND id IN (SELECT r.budget_id FROM reservations r WHERE r.holder = $2)";
const RELEASE: &str = "DELETE FROM reservations WHERE group_id = $1 AND holder = $2";

const SUBTRACT_OF: &str = "UPDATE budgets SET reserved = reserved - \
        COALESCE((SELECT r.amount FROM reservations r WHERE r.holder = $2 AND r.budget_id = $3), 0) \
    WHERE group_id = $1 AND id = $3";
const RELEASE_OF: &str = "DELETE FROM reservations WHERE group_id = $1 AND holder = $2 AND budget_id = $3";

const AMOUNTS: &str = "SELECT budget_id, amount FROM reservations WHERE group_id = $1 AND holder = $2";

// Left behind: of a run that nobody drives, or whose thread was deleted, and of a call whose lease ran out.
const SUBTRACT_LEFT: &str = "UPDATE budgets SET reserved = reserved - \
        (SELECT SUM(r.amount) FROM reservations r WHERE r.budget_id = budgets.id AND \
            ((r.lease_until IS NULL AND NOT EXISTS (SELECT 1 FROM runs x WHERE x.id = r.holder AND x.status = 'running')) OR r.lease_until < $1)) \
    WHERE id IN (SELECT r.budget_id FROM reservations r WHERE \
            (r.lease_until IS NULL AND NOT EXISTS (SELECT 1 FROM runs x WHERE x.id = r.holder AND x.status = 'running')) OR r.lease_until < $1)";
const RELEASE_LEFT: &str = "DELETE FROM reservations WHERE \
    (lease_until IS NULL AND NOT EXISTS (SELECT 1 FROM runs x WHERE x.id = reservations.holder AND x.status = 'running')) OR lease_until < $1";

/// Who holds reservations.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    pub id: Uuid,
    /// `None` for a run, whose own lease counts.
    pub lease_until: Option<Millis>,
}

impl Budgets<'_> {
    pub fn reserve(&self, tx: &mut Tx, holder: Holder, budget: BudgetId, amount: i64, now: Millis) {
        tx.later(RESERVE, (holder.id, budget, self.group, amount, holder.lease_until, now));
        tx.later(ADD, (self.group, budget, amount));
    }

    /// Gives back all that the holder has reserved. Without any it does nothing.
    pub fn release(&self, tx: &mut Tx, holder: Uuid) {
        tx.later(SUBTRACT, (self.group, holder));
        tx.later(RELEASE, (self.group, holder));
    }

    /// Reserves so much of a budget, instead of what the holder had reserved of it.
    pub fn reserve_anew(&self, tx: &mut Tx, holder: Holder, budget: BudgetId, amount: i64, now: Millis) {
        tx.later(SUBTRACT_OF, (self.group, holder.id, budget));
        tx.later(RELEASE_OF, (self.group, holder.id, budget));
        self.reserve(tx, holder, budget, amount, now);
    }

    /// What the holder has reserved, budget by budget.
    pub async fn reserved(&self, tx: &mut Tx, holder: Uuid) -> Result<Vec<(BudgetId, i64)>> {
        let rows = tx.rows(AMOUNTS, (self.group, holder)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("budget_id")?, row.get("amount")?))).collect::<sqlx::Result<_>>()?)
    }
}

impl System<'_> {
    /// Gives back what was left behind, of all groups: what nobody drives, and what has a lease that ended before `expired`.
    /// Answers how many reservations.
    pub async fn release_left_behind(&self, expired: Millis) -> Result<u64> {
        let mut tx = self.db.begin().await?;
        tx.later(SUBTRACT_LEFT, (expired,));
        let released = tx.exec(RELEASE_LEFT, (expired,)).await?;
        tx.commit().await?;
        Ok(released)
    }
}
