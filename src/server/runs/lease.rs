//! A lease: the proof that a task drives a run. Whoever holds the newest token may write; a late owner changes nothing.

use crate::ids::{GroupId, RunId, ThreadId};
use std::time::Duration;
use uuid::Uuid;

/// How long a driver may be silent before the run counts as left behind. Renewed at a third of it.
pub const LENGTH: Duration = Duration::from_secs(30);

/// Only the store makes one, from the row of a run that was claimed or taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    pub(in crate::server) group: GroupId,
    pub(in crate::server) thread: ThreadId,
    pub(in crate::server) run: RunId,
    pub(in crate::server) token: Uuid,
}

impl Lease {
    pub(in crate::server) fn new(group: GroupId, thread: ThreadId, run: RunId, token: Uuid) -> Self {
        Self { group, thread, run, token }
    }
}
