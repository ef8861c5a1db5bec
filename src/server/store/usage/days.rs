//! Closing days: once a day is over, its sums are put together from its hours, in every cut.

use super::columns::{added_up, close_days, cut_keys, measures};
use crate::{
    error::Result,
    ids::GroupId,
    model::calendar::DayNumber,
    server::store::{
        System,
        db::{FromRow, Row, Run as _},
    },
};

/// A day of a group of which the hours tell.
pub struct OpenDay {
    pub group: GroupId,
    pub day: DayNumber,
    pub time_zone: String,
}

// $1 is tomorrow in UTC: a day before it may be over somewhere. The calls of a group outlive it.
const OPEN: &str = "SELECT o.group_id, o.day, COALESCE(g.time_zone, 'UTC') AS time_zone \
    FROM usage_open_days o LEFT JOIN groups g ON g.id = o.group_id WHERE o.day < $1 ORDER BY o.day, o.group_id";

// First of all, so that of two who close the same day one finds it closed, and that no call comes in between.
const CLOSE: &str = "DELETE FROM usage_open_days WHERE group_id = $1 AND day = $2";

const SUM_UP: &str =
    close_days!("h.group_id = $1 AND h.day = $2 AND h.hour >= $2 * 86400000 - 57600000 AND h.hour < $2 * 86400000 + 144000000");

impl System<'_> {
    /// The open days before `day`, of all groups: days end whether or not a member looks.
    pub async fn open_days(&self, day: DayNumber) -> Result<Vec<OpenDay>> {
        self.db.all(OPEN, (day,)).await
    }

    /// Closes a day, in one transaction; false where somebody else did. A call that is booked later is added by the database.
    pub async fn close_day(&self, open: &OpenDay) -> Result<bool> {
        let mut tx = self.db.begin().await?;
        if tx.exec(CLOSE, (open.group, open.day)).await? == 0 {
            return Ok(false);
        }
        tx.exec(SUM_UP, (open.group, open.day)).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl FromRow for OpenDay {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { group: row.get("group_id")?, day: row.get("day")?, time_zone: row.get("time_zone")? })
    }
}
