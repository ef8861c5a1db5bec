//! The rules by which the tabs of a browser share one event stream, apart from everything that touches the browser.
//!
//! One tab leads: it holds the stream and passes each event on. The others say what they *want*: a thread, from a
//! cursor. The stream is opened from the oldest cursor of each thread, so no tab misses anything; what a tab has
//! already, its own [`Conversation`](crate::model::conversation::Conversation) drops. Cursors may therefore lag behind
//! the truth without harm, and must never run ahead of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::ThreadId,
    model::{cursor::Cursor, live::LiveEvent, thread_event::ThreadEvent},
};

/// What the tabs of a browser say to one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
// The server's lint measures sizes that only the server's pointers have; a note lives for one post in a browser.
#[cfg_attr(not(target_arch = "wasm32"), expect(clippy::large_enum_variant, reason = "it never exists on the server"))]
pub enum Note {
    /// A tab follows a thread and has everything up to the cursor; `None` asks for a snapshot.
    Want { tab: String, thread_id: ThreadId, cursor: Option<Cursor> },
    /// A tab follows a thread no more.
    Drop { tab: String, thread_id: ThreadId },
    /// A tab is leaving, or going to sleep in the browser's history.
    Leave { tab: String },
    /// A new leader asks who follows what.
    Who,
    /// Somebody looks at a tab, or the network is back: a leader without a stream should try again now.
    Wake,
    /// From the leader: an event of the stream, and how far the stream had come in its thread before.
    Event { event: LiveEvent, after: Option<Cursor> },
    /// From the leader: how the stream does.
    State { connection: Connection },
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// The stream is open, or was until a moment ago.
    #[default]
    Open,
    /// There has been no stream for two seconds or more.
    Lost,
}

/// Who follows what, and from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    threads: BTreeMap<ThreadId, BTreeMap<String, Option<Cursor>>>,
}

/// What a stream is opened with: each thread once, from its oldest cursor. `None` comes before every cursor.
pub type Plan = BTreeMap<ThreadId, Option<Cursor>>;

impl Wants {
    pub fn want(&mut self, tab: &str, thread: ThreadId, cursor: Option<Cursor>) {
        self.threads.entry(thread).or_default().insert(tab.to_owned(), cursor);
    }

    pub fn drop(&mut self, tab: &str, thread: ThreadId) {
        if let Some(tabs) = self.threads.get_mut(&thread) {
            tabs.remove(tab);
        }
        self.threads.retain(|_, tabs| !tabs.is_empty());
    }

    pub fn leave(&mut self, tab: &str) {
        for tabs in self.threads.values_mut() {
            tabs.remove(tab);
        }
        self.threads.retain(|_, tabs| !tabs.is_empty());
    }

    /// Every tab of the thread was passed the event, by a stream that had come as far as `after` before it.
    pub fn passed(&mut self, event: &LiveEvent, after: Option<Cursor>) {
        match event {
            LiveEvent::Thread { thread_id, cursor, event } => {
                for have in self.threads.get_mut(thread_id).into_iter().flat_map(BTreeMap::values_mut) {
                    if takes(*have, after, event) {
                        *have = advanced(*have, Cursor::parse(cursor), event);
                    }
                }
            }
            LiveEvent::Gone { thread_id } => {
                self.threads.remove(thread_id);
            }
            LiveEvent::List(_) => {}
        }
    }

    pub fn plan(&self) -> Plan {
        self.threads.iter().filter_map(|(thread, tabs)| Some((*thread, *tabs.values().min()?))).collect()
    }
}

/// Whether a viewer that has `have` may use an event of a stream that had come as far as `after`. Where the stream was
/// ahead, what lies between is missing: the viewer waits for the stream that is opened from its own cursor.
pub fn takes(have: Option<Cursor>, after: Option<Cursor>, event: &ThreadEvent) -> bool {
    matches!(event, ThreadEvent::Snapshot(_)) || (have.is_some() && have >= after)
}

/// How far a stream has come, after an event.
pub fn reached(at: &mut Plan, event: &LiveEvent) -> Option<Cursor> {
    let LiveEvent::Thread { thread_id, cursor, event } = event else { return None };
    let place = at.entry(*thread_id).or_default();
    let before = *place;
    *place = match event {
        ThreadEvent::Snapshot(_) => Cursor::parse(cursor).or(before),
        _ => before.max(Cursor::parse(cursor)),
    };
    before
}

/// The cursor of a viewer that had `have` and was passed an event that ends at `at`. A snapshot replaces what a viewer
/// has, so it may move back; whoever waits for one is not helped by anything else.
pub fn advanced(have: Option<Cursor>, at: Option<Cursor>, event: &ThreadEvent) -> Option<Cursor> {
    match event {
        ThreadEvent::Snapshot(_) => at.or(have),
        _ => have.map(|have| at.map_or(have, |at| have.max(at))),
    }
}

/// Whether a stream that has come as far as `at` gives each viewer of `plan` all that it lacks. Threads that nobody
/// wants any more also ask for a new stream, so that the server stops sending them.
pub fn serves(at: &Plan, plan: &Plan) -> bool {
    at.len() == plan.len() && plan.iter().all(|(thread, wanted)| at.get(thread).is_some_and(|at| at <= wanted))
}

/// The path of the stream for a plan.
pub fn path(plan: &Plan) -> String {
    let threads = plan.iter().map(|(thread, cursor)| match cursor {
        Some(cursor) => format!("thread={thread}@{cursor}"),
        None => format!("thread={thread}@"),
    });
    let query = threads.collect::<Vec<_>>().join("&");
    if query.is_empty() { "/live".to_owned() } else { format!("/live?{query}") }
}

/// Milliseconds before the next attempt, after `failures` in a row: doubling from half a second to ten seconds, of which
/// `jitter` (0 to 1) takes away up to a half, so that a server that comes back is not met by all browsers at once.
pub fn backoff(failures: u32, jitter: f64) -> u32 {
    let full = 500_u32.saturating_mul(1 << failures.min(10)).min(10_000);
    let spared = f64::from(full) * jitter.clamp(0.0, 1.0) / 2.0;
    full - spared as u32
}
