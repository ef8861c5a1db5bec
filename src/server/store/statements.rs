//! Months that were closed, and what providers say that days cost.

use super::{
    System,
    db::{Db, Row, Run as _, Tx},
};
use crate::{
    error::Result,
    ids::{GroupId, PersonId},
    model::{
        Millis,
        calendar::{Date, DayNumber, Month},
        usage::statement::Statement,
    },
};
use std::{collections::HashSet, ops::Range};

pub struct Statements<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

/// A provider's own total of a day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderTotal {
    pub day: DayNumber,
    pub cost_microusd: i64,
    pub tokens: Option<i64>,
}

/// A group that used something, and what of it is closed.
pub struct Unclosed {
    pub group: GroupId,
    pub name: String,
    pub time_zone: String,
    /// The month of the first call.
    pub first: Month,
    pub closed: HashSet<Month>,
}

const INSERT: &str =
    "INSERT INTO statements (group_id, month, closed_at, data) VALUES ($1, $2, $3, $4) ON CONFLICT (group_id, month) DO NOTHING";

/// Answers whether the month was open until now.
pub async fn insert(tx: &mut Tx, group: GroupId, statement: &Statement, now: Millis) -> Result<bool> {
    Ok(tx.exec(INSERT, (group, statement.month.to_string(), now, super::json(statement)?)).await? == 1)
}

const GET: &str = "SELECT data FROM statements WHERE group_id = $1 AND month = $2";
const MONTHS: &str = "SELECT month FROM statements WHERE group_id = $1";

const SAVE_TOTAL: &str = "INSERT INTO provider_totals (group_id, provider, day, cost_microusd, tokens, saved_by, saved_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (group_id, provider, day) DO UPDATE SET cost_microusd = excluded.cost_microusd, \
    tokens = excluded.tokens, saved_by = excluded.saved_by, saved_at = excluded.saved_at";

const TOTALS: &str = "SELECT day, cost_microusd, tokens FROM provider_totals \
    WHERE group_id = $1 AND provider = $2 AND day >= $3 AND day < $4 ORDER BY day";

impl Statements<'_> {
    pub async fn get(&self, month: Month) -> Result<Option<Statement>> {
        let rows = self.db.rows(GET, (self.group, month.to_string())).await?;
        Ok(rows.first().map(|row| row.json("data")).transpose()?)
    }

    pub async fn months(&self) -> Result<HashSet<Month>> {
        closed(self.db, self.group).await
    }

    pub async fn save_total(&self, tx: &mut Tx, provider: &str, total: ProviderTotal, now: Millis) -> Result<()> {
        let ProviderTotal { day, cost_microusd, tokens } = total;
        tx.later(SAVE_TOTAL, (self.group, provider, day, cost_microusd, tokens, self.person, now));
        Ok(())
    }

    pub async fn totals(&self, provider: &str, days: Range<DayNumber>) -> Result<Vec<ProviderTotal>> {
        let rows = self.db.rows(TOTALS, (self.group, provider, days.start, days.end)).await?;
        Ok(rows.iter().map(total).collect::<sqlx::Result<_>>()?)
    }
}

fn total(row: &Row) -> sqlx::Result<ProviderTotal> {
    Ok(ProviderTotal { day: row.get("day")?, cost_microusd: row.get("cost_microusd")?, tokens: row.get("tokens")? })
}

async fn closed(db: &Db, group: GroupId) -> Result<HashSet<Month>> {
    let rows = db.rows(MONTHS, (group,)).await?;
    Ok(rows.iter().map(|row| row.parse("month", |raw| Month::parse(raw).ok_or(()))).collect::<sqlx::Result<_>>()?)
}

const GROUPS: &str = "SELECT g.id, g.name, g.time_zone, (SELECT MIN(day) FROM ( \
        SELECT MIN(c.day) AS day FROM usage_closed_days c WHERE c.group_id = g.id AND c.cut = 1 \
        UNION ALL SELECT MIN(o.day) FROM usage_open_days o WHERE o.group_id = g.id) AS days) AS first FROM groups g ORDER BY g.id";

impl System<'_> {
    /// Every group that used anything, with the months that are closed. Months end whether or not a member looks.
    pub async fn unclosed_groups(&self) -> Result<Vec<Unclosed>> {
        let mut groups = Vec::new();
        for row in self.db.rows(GROUPS, ()).await? {
            let Some(first) = row.get::<Option<i64>>("first")? else { continue };
            let group: GroupId = row.get("id")?;
            groups.push(Unclosed {
                group,
                name: row.get("name")?,
                time_zone: row.get("time_zone")?,
                first: Date::of(first).month(),
                closed: closed(self.db, group).await?,
            });
        }
        Ok(groups)
    }
}

impl<'a> System<'a> {
    /// All that a group used, for closing its months.
    pub fn usage(self, group: GroupId) -> super::usage::Usage<'a> {
        super::usage::Usage { db: self.db, group, only: None }
    }
}
