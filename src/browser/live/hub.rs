//! One tab's part in sharing the stream. The state is borrowed for moments only, and never while a callback runs.

mod leader;
mod wake;

use std::{cell::RefCell, collections::BTreeMap};

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{channel::Channel, follower::Followers, locks, locks::Lock, stream::Stream};
use crate::{
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::{ListChange, LiveEvent},
        live_plan::{Connection, Note, Wants},
    },
};

const NAME: &str = "guildhall-live";

/// After how long a tab that does not lead by then knows that another one does.
const JOINED_MS: u32 = 300;

#[derive(Default)]
pub struct Hub {
    pub followers: Followers,
    pub connection: ArcRwSignal<Connection>,
    tab: String,
    started: bool,
    listening: bool,
    channel: Option<Channel>,
    /// The lock of the leader and the lock that says that this tab lives.
    locks: Vec<Lock>,
    /// Whether the others can tell when this tab is gone, so that it may say what it wants.
    known: bool,
    leading: bool,
    wants: Wants,
    /// Locks of other tabs: the leader waits for each, and has it when the tab is gone.
    watched: BTreeMap<String, Lock>,
    /// The stream, and behind it the one that is about to replace it.
    streams: Vec<Stream>,
    made: u64,
    failures: u32,
    /// Whether lists may have changed unseen: since the stream broke, or since the server rendered them.
    missed: bool,
    plan: Option<Timeout>,
    retry: Option<Timeout>,
    lost: Option<Timeout>,
}

thread_local! {
    static HUB: RefCell<Hub> = RefCell::new(Hub::default());
}

pub fn hub<T>(with: impl FnOnce(&mut Hub) -> T) -> T {
    HUB.with_borrow_mut(with)
}

/// Joins the tabs of this browser, once.
pub fn start() {
    if hub(|hub| std::mem::replace(&mut hub.started, true)) {
        return;
    }
    if !hub(|hub| std::mem::replace(&mut hub.listening, true)) {
        hub(|hub| hub.tab = crate::browser::keys::random());
        wake::listen();
    }
    hub(|hub| hub.missed = true);
    let shared = locks::available().then(|| Channel::open(NAME, heard)).flatten();
    match shared {
        Some(channel) => join(channel),
        None => leader::lead(),
    }
}

fn join(channel: Channel) {
    let tab = hub(|hub| {
        hub.channel = Some(channel);
        hub.tab.clone()
    });
    let own = locks::hold(&lock_of(&tab), || {
        hub(|hub| hub.known = true);
        say_wants();
    });
    let lead = locks::hold(NAME, leader::lead);
    hub(|hub| hub.locks.extend([own, lead].into_iter().flatten()));
    Timeout::new(JOINED_MS, joined).forget();
}

/// Another tab leads, and its stream was open already: what happened between this page's rendering and now was said to
/// others only.
fn joined() {
    if !hub(|hub| hub.leading) {
        deliver(&LiveEvent::List(ListChange::Refresh), None);
    }
}

fn lock_of(tab: &str) -> String {
    format!("{NAME}-{tab}")
}

/// Leaves the other tabs, so that this page can rest in the browser's history.
fn rest() {
    hub(|hub| {
        hub.say(Note::Leave { tab: hub.tab.clone() });
        (hub.started, hub.known, hub.leading) = (false, false, false);
        (hub.channel, hub.plan, hub.retry, hub.lost) = (None, None, None, None);
        hub.locks.clear();
        hub.watched.clear();
        hub.streams.clear();
        hub.wants = Wants::default();
    });
}

pub fn unfollow(id: u64) {
    let Some(thread) = hub(|hub| hub.followers.remove(id)) else { return };
    let tab = hub(|hub| hub.tab.clone());
    if hub(|hub| hub.leading) {
        hub(|hub| hub.wants.drop(&tab, thread));
        leader::plan_soon();
    } else {
        hub(|hub| hub.say(Note::Drop { tab, thread_id: thread }));
    }
}

/// Tells the leader what this tab wants of a thread; the leader tells itself.
pub fn say_want(thread: ThreadId) {
    let leading = hub(|hub| {
        let Some(cursor) = hub.followers.want(thread) else { return false };
        let tab = hub.tab.clone();
        if hub.leading {
            hub.wants.want(&tab, thread, cursor);
        } else if hub.known {
            hub.say(Note::Want { tab, thread_id: thread, cursor });
        }
        hub.leading
    });
    if leading {
        leader::plan_soon();
    }
}

fn say_wants() {
    for thread in hub(|hub| hub.followers.followed()) {
        say_want(thread);
    }
}

fn heard(note: Note) {
    match note {
        Note::Want { tab, thread_id, cursor } => leader::wanted(&tab, thread_id, cursor),
        Note::Drop { tab, thread_id } => leader::dropped(&tab, thread_id),
        Note::Leave { tab } => leader::left(&tab),
        Note::Who => say_wants(),
        Note::Wake => leader::wake(false),
        Note::Event { event, after } => deliver(&event, after),
        Note::State { connection } => set_connection(connection),
    }
}

/// Calls those in this tab who wait for the event.
fn deliver(event: &LiveEvent, after: Option<Cursor>) {
    for call in hub(|hub| hub.followers.callbacks(event, after)) {
        call();
    }
}

fn set_connection(connection: Connection) {
    let signal = hub(|hub| hub.connection.clone());
    if signal.get_untracked() != connection {
        signal.set(connection);
    }
    if connection == Connection::Lost {
        wake::nudge();
    }
}

impl Hub {
    fn say(&self, note: Note) {
        if let Some(channel) = &self.channel {
            channel.say(&note);
        }
    }
}
