//! What an answer says as it says it: announced at once, written in batches, closed with the row that follows it.

use super::{
    bus::{PartKey, Topic},
    journal::Notes,
    lease::{self, Lease},
    turn::{Driven, Halt},
};
use crate::{
    error::Result,
    ids::MessageId,
    model::message::{Growing, Message},
    server::{budgets::counter::Worst, state::App, store::db::Tx},
};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use tokio_util::sync::ReusableBoxFuture;

/// How long text may be on screens before it is in the database.
const BATCH: Duration = Duration::from_millis(100);

pub struct Speech {
    app: App,
    lease: Lease,
    topic: Arc<Topic>,
    message: MessageId,
    /// The index of the message's next part.
    next: usize,
    open: Option<Open>,
    /// Whether the message has any text that can be read.
    silent: bool,
    /// Whether a transaction that is not committed yet closes the open part.
    closing: bool,
    /// The most that the call may use, until the database knows it; of a call that it was told of before, `None`.
    pub(super) worst: Option<Worst>,
    /// The batch that is being written. Unlike a plain boxed future it leaves the turn `Sync`.
    writing: Option<ReusableBoxFuture<'static, Result<bool>>>,
}

/// The part that streams.
struct Open {
    key: PartKey,
    /// Bytes said, and those of them that are not in the database yet.
    length: usize,
    pending: String,
    /// When `pending` is to be written.
    due: Instant,
}

impl Speech {
    /// Goes on behind the parts that the message has.
    pub fn new(app: App, lease: Lease, topic: Arc<Topic>, message: &Message) -> Self {
        let (next, silent) = (message.parts.len(), message.text().trim().is_empty());
        Self { app, lease, topic, message: message.id, next, open: None, silent, closing: false, worst: None, writing: None }
    }

    /// Says a piece of text; another kind than before begins a new part.
    pub async fn say(&mut self, kind: Growing, text: &str) -> Driven<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.silent &= kind != Growing::Text || text.trim().is_empty();
        if self.open.as_ref().is_none_or(|open| open.key.kind != kind) {
            self.open_part(kind).await?;
        }
        if let Some(open) = &mut self.open {
            if open.pending.is_empty() {
                open.due = Instant::now() + BATCH;
            }
            open.pending.push_str(text);
            open.length += text.len();
            self.topic.text(open.key, text);
        }
        Ok(())
    }

    async fn open_part(&mut self, kind: Growing) -> Driven<()> {
        self.written().await?;
        let now = self.app.clock.now();
        let mut tx = self.app.store.begin().await?;
        let (store, lease) = (self.app.store.clone(), self.lease);
        let turn = store.turn(&lease);
        let until = now + lease::LENGTH.as_millis() as i64;
        let seq = turn.hold_and_take(&mut tx, until, self.worst).await?.ok_or(Halt::Lost)?;
        let mut notes = Notes::new(self.lease.group, self.lease.thread, now);
        let closes = self.close(&mut tx, seq).await?;
        let key = PartKey { opened_seq: seq, message: self.message, index: self.take_index(), kind };
        turn.open_part(&mut tx, self.message, key.index, kind, seq).await?;
        notes.opened(&mut tx, key, closes).await?;
        tx.commit().await?;
        notes.announce(&self.topic);
        self.closing = false;
        self.worst = None;
        self.open = Some(Open { key, length: 0, pending: String::new(), due: Instant::now() });
        Ok(())
    }

    /// Whether nothing was said so far that a member can read; thoughts are none.
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// The index of a part that is about to be added.
    pub fn take_index(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// When the next batch is to be written; `None` where nothing waits, or a batch is on its way.
    pub fn due(&self) -> Option<Instant> {
        self.open.as_ref().filter(|open| self.writing.is_none() && !open.pending.is_empty()).map(|open| open.due)
    }

    /// Sends the batch on its way; text goes on meanwhile.
    pub fn write(&mut self) {
        let Some(open) = &mut self.open else { return };
        let (text, key) = (std::mem::take(&mut open.pending), open.key);
        let (store, lease) = (self.app.store.clone(), self.lease);
        self.writing =
            Some(ReusableBoxFuture::new(async move { store.turn(&lease).append(key.message, key.index, &text).await }));
    }

    pub fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Waits until the batch that is on its way has been written.
    pub async fn written(&mut self) -> Driven<()> {
        let Some(writing) = &mut self.writing else { return Ok(()) };
        let held = writing.await;
        self.writing = None;
        if held? { Ok(()) } else { Err(Halt::Lost) }
    }

    /// Closes the open part with row `seq`, and answers its length. Await [`Speech::written`] before the transaction, and
    /// call [`Speech::closed`] after its commit: where it fails, the part is still open, and its last text not lost.
    pub async fn close(&mut self, tx: &mut Tx, seq: i64) -> Result<Option<usize>> {
        let Some(open) = self.open.as_ref().filter(|_| !self.closing) else { return Ok(None) };
        let turn = self.app.store.turn(&self.lease);
        turn.close_part(tx, open.key.message, open.key.index, &open.pending, seq).await?;
        let length = open.length;
        self.closing = true;
        Ok(Some(length))
    }

    /// The transaction that closed the part is committed.
    pub fn closed(&mut self) {
        if std::mem::take(&mut self.closing) {
            self.open = None;
        }
    }

    /// A transaction that would have closed the part failed.
    pub fn reopen(&mut self) {
        self.closing = false;
    }
}
