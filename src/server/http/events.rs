//! A thread's events as server-sent events, for the JSON API.

use crate::{
    error::Result,
    ids::ThreadId,
    model::cursor::Cursor,
    server::{member::Member, runs::viewer::Viewer, state::App},
};
use axum::{
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt as _, stream};
use std::{convert::Infallible, time::Duration};

pub const HEARTBEAT: Duration = Duration::from_secs(15);

/// Where a client that was connected before goes on; a cursor that cannot be read means: from a snapshot.
pub fn last_event_id(headers: &HeaderMap) -> Option<Cursor> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

/// The thread's events from `cursor` on, until the client leaves, the thread is deleted, or the server stops.
pub async fn follow(app: App, member: Member, thread: ThreadId, cursor: Option<Cursor>) -> Result<Response> {
    let shutdown = app.shutdown.clone();
    let viewer = Viewer::join(app, member, thread, cursor).await?;
    let events = batches(viewer).flat_map(stream::iter).take_until(shutdown.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

fn batches(viewer: Viewer) -> impl Stream<Item = Vec<Result<Event, Infallible>>> {
    stream::unfold(viewer, |mut viewer| async move {
        // The thread is gone, or the database is: the client reconnects and hears which.
        let placed = viewer.next().await.ok()?;
        let events = placed.into_iter().filter_map(|(cursor, event)| {
            let data = event.data().ok()?;
            Some(Ok(Event::default().id(cursor.to_string()).event(event.kind()).data(data)))
        });
        Some((events.collect(), viewer))
    })
}
