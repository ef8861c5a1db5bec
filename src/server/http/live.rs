//! `GET /live`: the one event stream of a browser. It carries the threads that its tabs follow, each from its own
//! cursor, and the changes of its person's lists.

use crate::{
    error::{AppError, Result},
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::{ListChange, LiveEvent},
    },
    server::{
        http::{events::HEARTBEAT, server_fns::refusal},
        member::{self, Member},
        runs::viewer::{Placed, Viewer},
        session,
        state::App,
    },
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use axum_extra::extract::Query;
use futures::{
    Stream, StreamExt as _,
    stream::{self, BoxStream},
};
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::broadcast::error::RecvError;

/// Threads that one browser may follow at once.
const THREADS_MAX: usize = 64;

#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `{thread id}@{cursor}`; the cursor may be empty.
    #[serde(default)]
    thread: Vec<String>,
}

pub async fn live(State(app): State<App>, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response {
    match open(app, headers, wanted).await {
        Ok(response) => response,
        Err(error) => refusal(&error),
    }
}

async fn open(app: App, headers: HeaderMap, wanted: Wanted) -> Result<Response> {
    let session = session::of_request(&app, &headers).await?.ok_or(AppError::Unauthorised)?;
    let members = member::of_all_groups(&app, &session.person).await?;
    let mut streams: Vec<BoxStream<'static, LiveEvent>> = members.iter().map(|member| lists(&app, member)).collect();
    for (thread, cursor) in wanted.thread.iter().take(THREADS_MAX).filter_map(|text| parse(text)) {
        streams.push(follow(&app, &members, thread, cursor).await?);
    }
    // A session that ends closes its streams: it is asked again at each heartbeat.
    let ended = signed_out(app.clone(), headers);
    let shutdown = app.shutdown.clone().cancelled_owned();
    let events = stream::select_all(streams).filter_map(|event| async move { frame(&event) });
    let events = events.take_until(ended).take_until(shutdown);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

fn parse(text: &str) -> Option<(ThreadId, Option<Cursor>)> {
    let (thread, cursor) = text.split_once('@')?;
    Some((thread.parse().ok()?, cursor.parse().ok()))
}

fn frame(event: &LiveEvent) -> Option<Result<Event, Infallible>> {
    serde_json::to_string(event).ok().map(|data| Ok(Event::default().data(data)))
}

async fn signed_out(app: App, headers: HeaderMap) {
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if !matches!(session::of_request(&app, &headers).await, Ok(Some(_))) {
            return;
        }
    }
}

/// One thread's events; `Gone` where it is not this person's, or no more.
async fn follow(
    app: &App,
    members: &[Member],
    thread: ThreadId,
    cursor: Option<Cursor>,
) -> Result<BoxStream<'static, LiveEvent>> {
    for member in members {
        match Viewer::join(app.clone(), member.clone(), thread, cursor).await {
            Ok(viewer) => return Ok(events(viewer, thread).boxed()),
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(stream::once(async move { LiveEvent::Gone { thread_id: thread } }).boxed())
}

fn events(viewer: Viewer, thread_id: ThreadId) -> impl Stream<Item = LiveEvent> + Send {
    let batches = stream::unfold(Some(viewer), move |viewer| async move {
        let mut viewer = viewer?;
        let Ok(placed) = viewer.next().await else { return Some((vec![LiveEvent::Gone { thread_id }], None)) };
        let event = |(cursor, event): Placed| LiveEvent::Thread { thread_id, cursor: cursor.to_string(), event };
        Some((placed.into_iter().map(event).collect(), Some(viewer)))
    });
    batches.flat_map(stream::iter)
}

fn lists(app: &App, member: &Member) -> BoxStream<'static, LiveEvent> {
    let topic = app.runs.bus().lists(member.group_id(), member.person_id());
    let changes = stream::unfold(topic, |(sender, mut receiver)| async move {
        let change = match receiver.recv().await {
            Ok(change) => change,
            Err(RecvError::Lagged(_)) => ListChange::Refresh,
            Err(RecvError::Closed) => return None,
        };
        Some((LiveEvent::List(change), (sender, receiver)))
    });
    changes.boxed()
}
