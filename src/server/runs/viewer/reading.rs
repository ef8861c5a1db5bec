//! What a viewer reads from the database, in tasks of their own.

use super::REPLAY;
use crate::{
    error::{AppError, Result},
    ids::ThreadId,
    server::{
        failure::internal,
        member::Member,
        state::App,
        store::{journal::JournalRow, streams::StreamedPart},
    },
};
use std::future::Future;
use tokio_util::task::AbortOnDropHandle;

/// Rows, and the parts that streamed meanwhile.
type Missed = (Vec<JournalRow>, Vec<StreamedPart>);

/// Reads in a task of its own. While a slow browser reads what another thread said, nobody asks this viewer on, and a
/// connection to the database that it had borrowed would stay borrowed.
pub(super) async fn aside<T: Send + 'static>(app: &App, read: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    AbortOnDropHandle::new(app.tasks.spawn(read)).await.map_err(internal)?
}

/// What happened behind row `seq`; `None` where that is too much to be told piece by piece, or there is no such row.
pub(super) async fn missed(app: App, member: Member, thread: ThreadId, seq: i64) -> Result<Option<Missed>> {
    let streams = app.store.streams(&member);
    let rows = streams.rows_after(thread, seq, REPLAY + 1).await?;
    let parts = streams.parts_since(thread, seq, REPLAY + 2).await?;
    // Rows are numbered without gaps: where none follows, either nothing happened or we are ahead of what is stored.
    let ahead = rows.is_empty() && streams.seq(thread).await?.ok_or(AppError::NotFound)? < seq;
    Ok((rows.len() <= REPLAY && !ahead).then_some((rows, parts)))
}
