//! What a demo says had happened before it was made: runs that ended in the past.

use super::db::Tx;
use crate::{
    ids::{GroupId, RunId, ThreadId},
    model::Millis,
};

pub struct History {
    pub(super) group: GroupId,
}

/// A run that was answered, and where its thread stands after it.
pub struct PastRun {
    pub run: RunId,
    pub thread: ThreadId,
    pub steps: i64,
    pub started_at: Millis,
    pub finished_at: Millis,
    pub seq: i64,
}

const END: &str = "UPDATE runs SET status = 'completed', step = $3, attempt = 1, started_at = $4, finished_at = $5 \
    WHERE group_id = $1 AND id = $2 AND status = 'queued'";

const ADVANCE: &str = "UPDATE threads SET seq = $3, updated_at = $4 WHERE group_id = $1 AND id = $2";

impl History {
    /// Ends a run that was just inserted, so that nobody drives it.
    pub fn end(&self, tx: &mut Tx, past: &PastRun) {
        tx.later(END, (self.group, past.run, past.steps, past.started_at, past.finished_at));
        tx.later(ADVANCE, (self.group, past.thread, past.seq, past.finished_at));
    }
}
