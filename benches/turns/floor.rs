//! The floor: the least that a server can do that passes a provider's answer on and keeps what was said.

use crate::{Result, process::Process, provider};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::Stream;
use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::path::Path;

pub const ROLE: &str = "floor";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL) STRICT";
const INSERT: &str = "INSERT INTO messages (thread, role, text) VALUES ($1, $2, $3)";

#[derive(Serialize, Deserialize)]
pub struct Turn {
    pub thread: i64,
    pub model: String,
    pub text: String,
}

#[derive(Clone)]
struct Floor {
    store: SqlitePool,
    client: Client,
    upstream: String,
}

/// Starts the floor as a process of its own.
pub async fn start(upstream: &str, folder: &Path) -> Result<(Process, String)> {
    let file = folder.join("floor.db");
    Process::of_ourselves(&[ROLE, upstream, file.to_str().ok_or("the temporary folder's name is no text")?]).await
}

pub async fn serve(upstream: &str, file: &str) -> Result<()> {
    let store = open(file).await?;
    let floor = Floor { store, client: client()?, upstream: format!("{upstream}/v1/chat/completions") };
    provider::listen(Router::new().route("/turn", post(turn)).with_state(floor)).await
}

#[expect(clippy::disallowed_methods, reason = "the floor is no part of guildhall and talks to the benchmark's provider only")]
pub fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// With guildhall's settings: one writer, the write-ahead log, no wait for the disk at each commit.
async fn open(file: &str) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let store = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query(TABLE).execute(&store).await?;
    Ok(store)
}

async fn turn(State(floor): State<Floor>, Json(turn): Json<Turn>) -> Response {
    match ask(&floor, &turn).await {
        Ok(answer) => {
            ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(pass(floor, turn.thread, answer))).into_response()
        }
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn ask(floor: &Floor, turn: &Turn) -> Result<reqwest::Response> {
    keep(floor, turn.thread, "user", &turn.text).await?;
    let body = json!({
        "model": turn.model, "stream": true, "stream_options": { "include_usage": true },
        "messages": [{ "role": "user", "content": turn.text }],
    });
    Ok(floor.client.post(&floor.upstream).json(&body).send().await?.error_for_status()?)
}

/// Passes the body on as it comes; its end follows the commit of what it said.
fn pass(floor: Floor, thread: i64, mut answer: reqwest::Response) -> impl Stream<Item = Result<Bytes>> {
    async_stream::try_stream! {
        let mut all = Vec::new();
        while let Some(bytes) = answer.chunk().await? {
            all.extend_from_slice(&bytes);
            yield bytes;
        }
        keep(&floor, thread, "assistant", &text(&all)).await?;
    }
}

async fn keep(floor: &Floor, thread: i64, role: &str, text: &str) -> Result<()> {
    sqlx::query(INSERT).bind(thread).bind(role).bind(text).execute(&floor.store).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Chunk {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
}

#[derive(Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
}

/// What the chunks of an answer say.
pub fn text(body: &[u8]) -> String {
    let lines = body.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"data: "));
    let chunks = lines.filter_map(|line| serde_json::from_slice::<Chunk>(line).ok());
    chunks.flat_map(|chunk| chunk.choices).filter_map(|choice| choice.delta.content).collect()
}
