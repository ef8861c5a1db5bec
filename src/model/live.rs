//! What the one event stream of a browser carries: events of the threads that its tabs follow, and changes of lists.

use crate::{
    ids::{GroupId, ThreadId},
    model::{thread::Thread, thread_event::ThreadEvent},
};
use serde::{Deserialize, Serialize};

/// One event of `GET /live`. The stream follows the threads named in its query, each from a cursor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveEvent {
    /// An event of a followed thread, and the cursor behind it.
    Thread { thread_id: ThreadId, cursor: String, event: ThreadEvent },
    /// A followed thread does not exist (any more), or is not the viewer's: stop following it.
    Gone { thread_id: ThreadId },
    /// Something changed that lists of threads show.
    List(ListChange),
}

/// A change in the lists of the viewer's threads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ListChange {
    /// A thread was made, renamed, archived, restored, or began or ended answering: show it as it is now.
    Thread {
        group_id: GroupId,
        thread: Thread,
    },
    Removed {
        group_id: GroupId,
        thread_id: ThreadId,
    },
    /// Some changes were missed: fetch the list again.
    Refresh,
}
