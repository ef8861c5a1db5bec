//! The journal's rows: one per discrete event of a thread, numbered without gaps.

use super::db::{FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{GroupId, ThreadId},
    model::Millis,
    server::runs::journal::Entry,
};
use std::ops::Range;

const TAKE: &str = "UPDATE threads SET seq = seq + $3 WHERE group_id = $1 AND id = $2 RETURNING seq";

const INSERT: &str = "INSERT INTO journal (thread_id, seq, group_id, kind, payload, at) VALUES ($1, $2, $3, $4, $5, $6)";

/// Takes the next `count` numbers. The thread's row is locked until the transaction ends, so numbers never collide; that
/// none is skipped is up to the caller, who uses them all.
pub(in crate::server) async fn take(tx: &mut Tx, group: GroupId, thread: ThreadId, count: i64) -> Result<Range<i64>> {
    let rows = tx.rows(TAKE, (group, thread, count)).await?;
    let last: i64 = rows.first().ok_or(crate::error::AppError::NotFound)?.get("seq")?;
    Ok(last - count + 1..last + 1)
}

pub(in crate::server) async fn insert(
    tx: &mut Tx,
    group: GroupId,
    thread: ThreadId,
    seq: i64,
    entry: &Entry,
    now: Millis,
) -> Result<()> {
    tx.later(INSERT, (thread, seq, group, entry.kind(), super::json(entry)?, now));
    Ok(())
}

/// A row as viewers read it.
pub struct JournalRow {
    pub seq: i64,
    pub entry: Entry,
}

impl FromRow for JournalRow {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { seq: row.get("seq")?, entry: row.json("payload")? })
    }
}
