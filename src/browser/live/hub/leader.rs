//! What the leading tab does: it keeps one stream that gives every tab what it wants.

use gloo_timers::callback::Timeout;

use super::{deliver, heard, hub, lock_of, say_wants, set_connection};
use crate::{
    browser::live::{locks, stream::Stream},
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::{ListChange, LiveEvent},
        live_plan::{Connection, Note, backoff, reached, serves},
    },
};

/// Within this time, wishes are gathered into one plan.
const GATHER_MS: u32 = 30;
/// For so long a broken stream is nobody's concern.
const QUIET_MS: u32 = 2_000;

pub fn lead() {
    hub(|hub| {
        hub.leading = true;
        hub.say(Note::Who);
    });
    say_wants();
    plan_soon();
}

pub fn wanted(tab: &str, thread: ThreadId, cursor: Option<Cursor>) {
    if !hub(|hub| hub.leading) {
        return;
    }
    hub(|hub| hub.wants.want(tab, thread, cursor));
    watch(tab);
    plan_soon();
}

/// Waits for the lock that the tab holds while it lives.
fn watch(tab: &str) {
    if hub(|hub| hub.watched.contains_key(tab)) {
        return;
    }
    let gone = tab.to_owned();
    let lock = locks::hold(&lock_of(tab), move || {
        Timeout::new(0, move || left(&gone)).forget();
    });
    if let Some(lock) = lock {
        hub(|hub| hub.watched.insert(tab.to_owned(), lock));
    }
}

pub fn dropped(tab: &str, thread: ThreadId) {
    if hub(|hub| hub.leading) {
        hub(|hub| hub.wants.drop(tab, thread));
        plan_soon();
    }
}

pub fn left(tab: &str) {
    if hub(|hub| hub.leading) {
        let watched = hub(|hub| {
            hub.wants.leave(tab);
            hub.watched.remove(tab)
        });
        drop(watched);
        plan_soon();
    }
}

pub fn plan_soon() {
    hub(|hub| {
        if hub.leading && hub.plan.is_none() {
            hub.plan = Some(Timeout::new(GATHER_MS, plan));
        }
    });
}

/// Opens a stream where the present one does not give everybody what they want. It takes the place of the present one
/// when it is open, so that nothing stalls meanwhile; what both say is dropped where it arrives.
fn plan() {
    let opening = hub(|hub| {
        hub.plan = None;
        let plan = hub.wants.plan();
        let served = hub.streams.last().is_some_and(|stream| serves(&stream.at, &plan));
        (hub.leading && !served && hub.retry.is_none()).then_some(plan)
    });
    let Some(plan) = opening else { return };
    let number = hub(|hub| {
        hub.made += 1;
        hub.streams.truncate(1);
        hub.made
    });
    let stream = Stream::open(number, plan, opened, said, broke);
    hub(|hub| hub.streams.extend(stream));
    watch_for_loss();
}

fn opened(number: u64) {
    let missed = hub(|hub| {
        hub.streams.retain_mut(|stream| {
            stream.open = true;
            stream.number == number
        });
        (hub.failures, hub.lost) = (0, None);
        std::mem::take(&mut hub.missed)
    });
    announce(Connection::Open);
    if missed {
        pass_on(LiveEvent::List(ListChange::Refresh), None);
    }
    plan_soon();
}

fn said(number: u64, event: LiveEvent) {
    let after = hub(|hub| {
        let stream = hub.streams.iter_mut().find(|stream| stream.number == number)?;
        let after = reached(&mut stream.at, &event);
        if let LiveEvent::Gone { thread_id } = &event {
            stream.at.remove(thread_id);
        }
        hub.wants.passed(&event, after);
        Some(after)
    });
    if let Some(after) = after {
        pass_on(event, after);
    }
}

fn pass_on(event: LiveEvent, after: Option<Cursor>) {
    hub(|hub| hub.say(Note::Event { event: event.clone(), after }));
    deliver(&event, after);
}

fn broke(number: u64) {
    let pause = hub(|hub| {
        hub.streams.retain(|stream| stream.number != number);
        hub.missed |= hub.streams.is_empty();
        hub.failures += 1;
        backoff(hub.failures - 1, js_sys::Math::random())
    });
    hub(|hub| hub.retry = Some(Timeout::new(pause, again)));
    watch_for_loss();
}

fn again() {
    hub(|hub| hub.retry = None);
    plan();
}

/// Says that the connection is lost when there is still none after a moment.
fn watch_for_loss() {
    hub(|hub| {
        if hub.lost.is_none() && !hub.streams.iter().any(|stream| stream.open) {
            hub.lost = Some(Timeout::new(QUIET_MS, || announce(Connection::Lost)));
        }
    });
}

fn announce(connection: Connection) {
    hub(|hub| hub.say(Note::State { connection }));
    set_connection(connection);
}

/// Somebody is looking, or the network is back. `anew` distrusts a stream that seems to be open: after a sleep it may
/// be dead without anybody having noticed.
pub fn wake(anew: bool) {
    if !hub(|hub| hub.leading) {
        return;
    }
    let broken = hub(|hub| {
        let waiting = hub.retry.take().is_some();
        if anew {
            hub.missed |= !hub.streams.is_empty();
            hub.streams.clear();
        }
        waiting || hub.streams.is_empty()
    });
    if broken {
        plan();
    }
}

/// The leader wakes itself as any other tab wakes it.
pub fn call() {
    if hub(|hub| hub.leading) {
        heard(Note::Wake);
    } else {
        hub(|hub| hub.say(Note::Wake));
    }
}
