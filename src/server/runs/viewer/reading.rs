//! What a viewer reads from the database, completed by what the run on this server knows beyond it: both of one moment, in
//! tasks of their own.

use super::{REPLAY, WINDOW};
use crate::{
    error::{AppError, Result},
    ids::ThreadId,
    model::{cursor::Cursor, thread_event::Snapshot},
    server::{
        failure::internal,
        member::Member,
        runs::bus::{PartKey, Topic},
        state::App,
        store::{
            journal::JournalRow,
            streams::{Seen, StreamedPart},
        },
    },
};
use std::{future::Future, sync::Arc};
use tokio_util::task::AbortOnDropHandle;

/// Rows, and the parts that streamed meanwhile.
type Missed = (Vec<JournalRow>, Vec<StreamedPart>);

/// Reads in a task of its own. While a slow browser reads what another thread said, nobody asks this viewer on, and a
/// connection to the database that it had borrowed would stay borrowed.
pub(super) async fn aside<T: Send + 'static>(app: &App, read: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    AbortOnDropHandle::new(app.tasks.spawn(read)).await.map_err(internal)?
}

/// Whose place in which thread.
pub(super) struct Place {
    pub app: App,
    pub member: Member,
    pub thread: ThreadId,
    pub topic: Arc<Topic>,
}

/// What happened behind row `seq`; `None` where that is too much to be told piece by piece, or there is no such row.
pub(super) async fn missed(place: Place, seq: i64) -> Result<Option<Missed>> {
    let (streams, thread) = (place.app.store.streams(&place.member), place.thread);
    let rows = streams.rows_after(thread, seq, REPLAY + 1).await?;
    let mut parts = streams.parts_since(thread, seq, REPLAY + 2).await?;
    // Rows are numbered without gaps: where none follows, either nothing happened or we are ahead of what is stored.
    let ahead = rows.is_empty() && streams.seq(thread).await?.ok_or(AppError::NotFound)? < seq;
    overlay(&mut parts, &place.topic);
    Ok((rows.len() <= REPLAY && !ahead).then_some((rows, parts)))
}

/// A snapshot, the cursor behind it, and the part that is open there.
pub(super) async fn moment(place: Place) -> Result<(Snapshot, Cursor, Option<PartKey>)> {
    let seen = place.app.store.streams(&place.member).snapshot(place.thread, WINDOW).await?;
    Ok(with_live(seen, &place.topic))
}

/// The live state of a run on this server knows more of the open part than the database.
fn overlay(parts: &mut [StreamedPart], topic: &Topic) {
    let live = topic.live();
    let Some((key, text)) = &live.part else { return };
    for part in parts.iter_mut().filter(|part| part.opened_seq == key.opened_seq) {
        if text.len() > part.text.len() {
            part.text.clone_from(text);
        }
    }
}

/// Completes what the database knows of one moment by the live state of the run.
fn with_live(seen: Seen, topic: &Topic) -> (Snapshot, Cursor, Option<PartKey>) {
    let Seen { mut snapshot, seq, open } = seen;
    let live = topic.live();
    if snapshot.run.is_some() {
        snapshot.ahead = live.ahead;
        snapshot.drafts.clone_from(&live.drafts);
    }
    let Some(part) = open else { return (snapshot, Cursor::new(seq, 0), None) };
    let mut text = part.text.clone();
    if let Some((open, said)) = &live.part
        && open.opened_seq == part.opened_seq
        && said.len() > text.len()
    {
        text.clone_from(said);
    }
    let offset = text.len() as u64;
    let message = snapshot.messages.iter_mut().find(|message| message.id == part.message);
    if let Some(slot) = message.and_then(|message| message.parts.get_mut(part.index)) {
        *slot = part.kind.part(text);
    }
    (snapshot, Cursor { seq, offset }, Some(key(&part)))
}

pub(super) fn key(part: &StreamedPart) -> PartKey {
    PartKey { opened_seq: part.opened_seq, message: part.message, index: part.index, kind: part.kind }
}
