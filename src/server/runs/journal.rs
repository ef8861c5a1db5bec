//! The journal: each discrete change of a thread becomes a numbered row, and after its commit an announcement.

use super::bus::{Announced, PartKey, Topic};
use crate::ids::MessageId;
use crate::{
    error::Result,
    ids::{GroupId, ThreadId},
    model::{Millis, message::Growing, thread_event::ThreadEvent},
    server::{
        failure::internal,
        store::{db::Tx, journal},
    },
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a row of the journal says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "an entry is read or written at once, and never kept")]
pub enum Entry {
    /// Viewers hear of it as it is.
    Event(ThreadEvent),
    /// A part began to stream; viewers hear of its text.
    Opened { message: MessageId, part: usize, opened: Growing },
}

impl Entry {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(event) => event.kind(),
            Self::Opened { .. } => "part",
        }
    }

    pub fn event(self) -> Option<ThreadEvent> {
        match self {
            Self::Event(event) => Some(event),
            Self::Opened { .. } => None,
        }
    }
}

/// Rows written in one transaction, to be announced once it is committed.
pub struct Notes {
    group: GroupId,
    thread: ThreadId,
    now: Millis,
    /// Numbers that were taken and have no row yet.
    reserved: Range<i64>,
    announced: Vec<Announced>,
}

impl Notes {
    pub fn new(group: GroupId, thread: ThreadId, now: Millis) -> Self {
        Self { group, thread, now, reserved: 0..0, announced: Vec::new() }
    }

    /// With the `count` numbers up to `newest`, which the caller's own statement took.
    pub fn with(self, newest: i64, count: i64) -> Self {
        Self { reserved: newest - count + 1..newest + 1, ..self }
    }

    /// Takes the numbers of the next `count` rows in one statement. Whoever calls this writes so many rows.
    pub async fn reserve(&mut self, tx: &mut Tx, count: i64) -> Result<()> {
        self.reserved = journal::take(tx, self.group, self.thread, count).await?;
        Ok(())
    }

    /// Takes the next number without a row yet: for a message that stands at that place.
    pub async fn next_seq(&mut self, tx: &mut Tx) -> Result<i64> {
        if self.reserved.is_empty() {
            self.reserve(tx, 1).await?;
        }
        self.reserved.next().ok_or_else(|| internal("no number was taken"))
    }

    pub async fn event(&mut self, tx: &mut Tx, event: ThreadEvent) -> Result<i64> {
        let seq = self.next_seq(tx).await?;
        self.event_at(tx, seq, event, None).await?;
        Ok(seq)
    }

    /// Writes the row `seq`; `closes` is the length of the part that it closes, where it closes one.
    pub async fn event_at(&mut self, tx: &mut Tx, seq: i64, event: ThreadEvent, closes: Option<usize>) -> Result<()> {
        journal::insert(tx, self.group, self.thread, seq, &Entry::Event(event.clone()), self.now).await?;
        self.announced.push(Announced::Row { seq, event: Some(event), opens: None, closes });
        Ok(())
    }

    pub async fn opened(&mut self, tx: &mut Tx, part: PartKey, closes: Option<usize>) -> Result<()> {
        let PartKey { opened_seq: seq, message, index, kind } = part;
        let entry = Entry::Opened { message, part: index, opened: kind };
        journal::insert(tx, self.group, self.thread, seq, &entry, self.now).await?;
        self.announced.push(Announced::Row { seq, event: None, opens: Some(part), closes });
        Ok(())
    }

    /// Call this after the commit, and only then.
    pub fn announce(self, topic: &Topic) {
        debug_assert!(self.reserved.is_empty(), "numbers were taken for rows that were not written");
        for note in self.announced {
            topic.announce(note);
        }
    }
}
