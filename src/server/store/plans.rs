//! The plan of a group, and its allowance. The operator's affair: none of it takes a member's proof.

use super::{
    System,
    budgets::Budgets,
    db::{Run as _, Tx},
};
use crate::{error::Result, ids::GroupId};

const SET: &str = "UPDATE groups SET plan = $2 WHERE id = $1";

const ALL: &str = "SELECT g.id, g.plan, b.cap FROM groups g LEFT JOIN budgets b ON b.group_id = g.id AND b.by_plan";

impl<'a> System<'a> {
    /// The budgets of any group, for what its plan includes.
    pub fn budgets(self, group: GroupId) -> Budgets<'a> {
        Budgets { db: self.db, group }
    }

    pub fn set_plan(&self, tx: &mut Tx, group: GroupId, plan: &str) {
        tx.later(SET, (group, plan));
    }

    /// Every group with its plan and the allowance that is written down for it.
    pub async fn groups_with_plans(&self) -> Result<Vec<(GroupId, Option<String>, Option<i64>)>> {
        let rows = self.db.rows(ALL, ()).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, row.get("plan")?, row.get("cap")?))).collect::<sqlx::Result<_>>()?)
    }
}
