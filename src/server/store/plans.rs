//! The plan of a group, and its allowance. The operator's affair: none of it takes a member's proof.

use super::{
    System,
    budgets::Budgets,
    db::{FromRow, Row, Run, Tx},
};
use crate::{error::Result, ids::GroupId};

const SET: &str = "UPDATE groups SET plan = $2 WHERE id = $1";

const GET: &str = "SELECT plan FROM groups WHERE id = $1";

const ALL: &str = "SELECT g.id, g.plan, b.cap FROM groups g LEFT JOIN budgets b ON b.group_id = g.id AND b.by_plan";

/// By what a group's messages and calls are let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether the group has budgets.
    pub budgeted: bool,
    /// The name of its plan, where it was given one.
    pub plan: Option<String>,
}

const TERMS: &str =
    "SELECT EXISTS (SELECT 1 FROM budgets b WHERE b.group_id = g.id) AS budgeted, g.plan FROM groups g WHERE g.id = $1";

impl Budgets<'_> {
    pub async fn terms(&self, db: impl Run) -> Result<Terms> {
        Ok(db.opt(TERMS, (self.group,)).await?.unwrap_or_default())
    }

    /// The same for a page, outside of a transaction.
    pub async fn now(&self) -> Result<Terms> {
        self.terms(self.db()).await
    }
}

impl FromRow for Terms {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { budgeted: row.get("budgeted")?, plan: row.get("plan")? })
    }
}

impl<'a> System<'a> {
    /// The budgets of any group, for what its plan includes.
    pub fn budgets(self, group: GroupId) -> Budgets<'a> {
        Budgets { db: self.db, group }
    }

    /// The name of a group's plan, where it was given one.
    pub async fn plan(&self, db: impl Run, group: GroupId) -> Result<Option<String>> {
        let rows = db.rows(GET, (group,)).await?;
        Ok(rows.first().map(|row| row.get("plan")).transpose()?.flatten())
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
