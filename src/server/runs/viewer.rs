//! A viewer of a thread: replays what it missed, then follows the bus. It never holds a lock or a transaction while its
//! reader is slow, and a run never waits for it.
//!
//! The rule that makes it exact: the viewer knows the last row and the bytes of the open part that it has delivered. An
//! announcement that continues there is passed on; one that was delivered already is dropped; anything else means that
//! something was missed, and the viewer reads on from the database at its own place.

mod reading;

use super::bus::{Announced, PartKey, Topic};
use crate::{
    error::{AppError, Result},
    ids::ThreadId,
    model::{
        cursor::Cursor,
        message::Growing,
        thread_event::{Delta, Snapshot, ThreadEvent},
    },
    server::{member::Member, state::App},
};
use reading::{Place, aside, key, missed, moment};
use std::{collections::VecDeque, sync::Arc};
use tokio::sync::broadcast::{
    Receiver,
    error::{RecvError, TryRecvError},
};

/// Messages in a snapshot.
pub const WINDOW: usize = 10;

/// A viewer that missed more rows than this gets a snapshot: what it costs does not depend on the thread's length.
const REPLAY: usize = 200;

/// An event, and the cursor behind it.
pub type Placed = (Cursor, ThreadEvent);

pub struct Viewer {
    app: App,
    member: Member,
    thread: ThreadId,
    topic: Arc<Topic>,
    bus: Receiver<Arc<Announced>>,
    at: Cursor,
    open: Option<PartKey>,
    ready: VecDeque<Placed>,
}

/// A snapshot with everything that has been said at this moment, and the cursor behind it.
pub async fn snapshot(app: &App, member: &Member, thread: ThreadId) -> Result<(Snapshot, Cursor)> {
    let topic = app.runs.bus().thread(thread);
    let (snapshot, cursor, _) = moment(Place { app: app.clone(), member: member.clone(), thread, topic }).await?;
    Ok((snapshot, cursor))
}

impl Viewer {
    /// Joins a thread of the member's at `cursor`; without one, or with one that means nothing here, at a snapshot.
    pub async fn join(app: App, member: Member, thread: ThreadId, cursor: Option<Cursor>) -> Result<Self> {
        app.store.threads(&member).get(thread).await?;
        let topic = app.runs.bus().thread(thread);
        // Subscribed first: what happens while we read is not missed, and what we read twice is dropped.
        let bus = topic.subscribe();
        let at = cursor.unwrap_or_default();
        let mut viewer = Self { app, member, thread, topic, bus, at, open: None, ready: VecDeque::new() };
        match cursor {
            Some(_) => viewer.catch_up().await?,
            None => viewer.start_over().await?,
        }
        Ok(viewer)
    }

    /// The next events, at least one: all that can be had without waiting. `NotFound` once the thread is gone.
    pub async fn next(&mut self) -> Result<Vec<Placed>> {
        while self.ready.is_empty() {
            let announced = self.bus.recv().await;
            self.heard(announced).await?;
        }
        while self.ready.len() < REPLAY {
            match self.bus.try_recv() {
                Ok(announced) => self.heard(Ok(announced)).await?,
                Err(TryRecvError::Lagged(n)) => self.heard(Err(RecvError::Lagged(n))).await?,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Ok(joined(std::mem::take(&mut self.ready)))
    }

    async fn heard(&mut self, announced: Result<Arc<Announced>, RecvError>) -> Result<()> {
        let Ok(announced) = announced else { return self.catch_up().await };
        match announced.as_ref() {
            Announced::Row { seq, .. } if *seq <= self.at.seq => Ok(()),
            Announced::Row { seq, event, opens, closes } => {
                // A row that closes the open part may pass only when all of the part was delivered.
                let whole = closes.is_none_or(|length| self.open.is_some() && length as u64 == self.at.offset);
                if *seq != self.at.seq + 1 || !whole {
                    return self.catch_up().await;
                }
                self.row(*seq, event.clone(), *opens, closes.is_some());
                Ok(())
            }
            Announced::Text { part, start, text } => self.text(*part, *start, text).await,
            Announced::Gone => Err(AppError::NotFound),
            Announced::Passing(event) => {
                self.ready.push_back((self.at, event.clone()));
                Ok(())
            }
        }
    }

    fn row(&mut self, seq: i64, event: Option<ThreadEvent>, opens: Option<PartKey>, closes: bool) {
        if closes || opens.is_some() {
            self.open = opens;
            self.at.offset = 0;
        }
        self.at.seq = seq;
        if let Some(event) = event {
            self.ready.push_back((self.at, event));
        }
    }

    async fn text(&mut self, part: PartKey, start: usize, text: &str) -> Result<()> {
        match self.open {
            Some(open) if open == part && start as u64 <= self.at.offset => {
                let seen = self.at.offset as usize - start;
                if let Some(new) = text.get(seen..) {
                    self.say(part, new);
                }
                Ok(())
            }
            // A part that was closed long ago.
            _ if part.opened_seq < self.at.seq && self.open != Some(part) => Ok(()),
            _ => self.catch_up().await,
        }
    }

    fn say(&mut self, part: PartKey, text: &str) {
        if text.is_empty() {
            return;
        }
        self.at.offset += text.len() as u64;
        let delta = Delta { message_id: part.message, part: part.index, delta: text.to_owned() };
        let event = match part.kind {
            Growing::Text => ThreadEvent::Text(delta),
            Growing::Reasoning => ThreadEvent::Reasoning(delta),
        };
        self.ready.push_back((self.at, event));
    }

    /// Reads on from this viewer's place.
    async fn catch_up(&mut self) -> Result<()> {
        let Some((rows, parts)) = aside(&self.app, missed(self.place(), self.at.seq)).await? else {
            return self.start_over().await;
        };
        let open = parts.iter().find(|part| part.opened_seq <= self.at.seq);
        let known = match open {
            Some(part) => part.text.get(self.at.offset as usize..).map(|rest| (key(part), rest.to_owned(), part.closed_seq)),
            None if self.at.offset == 0 => None,
            None => return self.start_over().await,
        };
        if open.is_some() && known.is_none() {
            return self.start_over().await;
        }
        let mut closes_at = None;
        if let Some((part, rest, closed)) = known {
            self.open = Some(part);
            self.say(part, &rest);
            closes_at = closed;
        } else {
            self.open = None;
        }
        for row in rows {
            let opened = parts.iter().find(|part| part.opened_seq == row.seq);
            self.row(row.seq, row.entry.event(), opened.map(key), closes_at == Some(row.seq));
            if let Some(part) = opened {
                self.say(key(part), &part.text);
                closes_at = part.closed_seq;
            }
        }
        Ok(())
    }

    async fn start_over(&mut self) -> Result<()> {
        let (snapshot, at, open) = aside(&self.app, moment(self.place())).await?;
        self.ready.clear();
        (self.at, self.open) = (at, open);
        self.ready.push_back((at, ThreadEvent::Snapshot(snapshot)));
        Ok(())
    }

    fn place(&self) -> Place {
        Place { app: self.app.clone(), member: self.member.clone(), thread: self.thread, topic: self.topic.clone() }
    }
}

/// Deltas of one part that follow each other become one.
fn joined(events: VecDeque<Placed>) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::with_capacity(events.len());
    for (cursor, event) in events {
        if let Some((last, previous)) = out.last_mut()
            && absorb(previous, &event)
        {
            *last = cursor;
            continue;
        }
        out.push((cursor, event));
    }
    out
}

fn absorb(into: &mut ThreadEvent, next: &ThreadEvent) -> bool {
    match (into, next) {
        (ThreadEvent::Text(a), ThreadEvent::Text(b)) | (ThreadEvent::Reasoning(a), ThreadEvent::Reasoning(b))
            if (a.message_id, a.part) == (b.message_id, b.part) =>
        {
            a.delta.push_str(&b.delta);
            true
        }
        _ => false,
    }
}
