//! The server's side of the fake provider.

use super::{LIST, Piece, Reply, Request, Shared};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
    routing::{get, post},
};
use serde_json::Value;
use std::{future, io, net::SocketAddr, sync::Arc};
use tokio::sync::watch;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(answer))
        .route("/v1/embeddings", post(answer))
        .route("/v1/messages", post(answer))
        .route("/v1/models", get(list))
        .with_state(shared)
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    shared.connections.lock().unwrap().insert(client);
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    record(&shared, &uri, headers, body);
    respond(&shared, &model)
}

async fn list(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    record(&shared, &uri, headers, Value::Null);
    respond(&shared, LIST)
}

fn record(shared: &Shared, uri: &Uri, headers: HeaderMap, body: Value) {
    shared.requests.lock().unwrap().push(Request { path: uri.to_string(), headers, body });
    shared.asked.send_modify(|asked| *asked += 1);
}

fn respond(shared: &Shared, name: &str) -> Response {
    let Some(reply) = shared.next(name) else {
        return Response::builder().status(StatusCode::NOT_FOUND).body(Body::empty()).unwrap();
    };
    let head =
        reply.headers.iter().fold(Response::builder().status(reply.status), |head, (name, value)| head.header(*name, value));
    head.body(body(reply, shared.abandoned.clone())).unwrap()
}

fn body(reply: Reply, abandoned: watch::Sender<usize>) -> Body {
    Body::from_stream(async_stream::stream! {
        let mut watcher = Watcher { abandoned, ended: false };
        for piece in reply.pieces {
            match piece {
                Piece::Bytes(bytes) => yield Ok(Bytes::from(bytes)),
                Piece::WaitFor(event) => event.notified().await,
                Piece::Pause(pause) => tokio::time::sleep(pause).await,
                Piece::Hang => future::pending().await,
                Piece::Break => {
                    watcher.ended = true;
                    yield Err(io::Error::other("broken on purpose"));
                    return;
                }
            }
        }
        watcher.ended = true;
    })
}

/// Dropped with the body: before its end only when the client went away.
struct Watcher {
    abandoned: watch::Sender<usize>,
    ended: bool,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        if !self.ended {
            self.abandoned.send_modify(|abandoned| *abandoned += 1);
        }
    }
}
