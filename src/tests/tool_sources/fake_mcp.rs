//! An MCP server that does as its test says.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::Semaphore};

pub struct FakeMcp {
    pub url: String,
    pub state: Arc<Mutex<Told>>,
}

#[derive(Default)]
pub struct Told {
    pub tools: Vec<Value>,
    /// Answers come as event streams.
    pub streams: bool,
    /// Tools of one page of a list; 0 is all.
    pub page: usize,
    /// The value that `authorization` must have.
    pub secret: Option<String>,
    /// Who asks for the list waits for it.
    pub gate: Option<Arc<Gate>>,
    /// What was asked, by method.
    pub asked: Vec<(String, Value)>,
    /// Answers to what the server asked back.
    pub replies: Vec<Value>,
    sessions: BTreeSet<String>,
    begun: usize,
}

/// Says that somebody has come, and lets them in once it may.
pub struct Gate {
    pub come: Semaphore,
    pub open: Semaphore,
}

impl FakeMcp {
    #[expect(clippy::disallowed_methods, reason = "the fake ends with its test, and has nothing to drain")]
    pub async fn start(tools: Vec<Value>) -> Self {
        let state = Arc::new(Mutex::new(Told { tools, ..Told::default() }));
        let router = Router::new().route("/mcp", post(take).delete(end)).with_state(state.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    pub fn told(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.state.lock().expect("no panic"));
    }

    /// How often a method was asked for.
    pub fn count(&self, method: &str) -> usize {
        self.state.lock().expect("no panic").asked.iter().filter(|(asked, _)| asked == method).count()
    }

    /// Every session is forgotten, as when a server starts anew.
    pub fn forget(&self) {
        self.told(|told| told.sessions.clear());
    }

    pub fn sessions(&self) -> usize {
        self.state.lock().expect("no panic").sessions.len()
    }

    pub fn draft(&self) -> Value {
        json!({ "kind": "mcp", "name": "fake", "url": self.url })
    }
}

/// A tool of the fake: its name says what it does.
pub fn tool(name: &str) -> Value {
    let schema = json!({ "type": "object", "properties": { "text": { "type": "string" } } });
    json!({ "name": name, "description": format!("Does {name}."), "inputSchema": schema })
}

type Shared = State<Arc<Mutex<Told>>>;

async fn end(State(state): Shared, headers: HeaderMap) -> StatusCode {
    let gone = state.lock().expect("no panic").sessions.remove(session(&headers));
    if gone { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn take(State(state): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let message: Value = serde_json::from_slice(&body).expect("JSON");
    let gate = state.lock().expect("no panic").gate.clone().filter(|_| message["method"] == "tools/list");
    if let Some(gate) = gate {
        gate.come.add_permits(1);
        gate.open.acquire().await.expect("an open gate").forget();
    }
    let mut told = state.lock().expect("no panic");
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if told.secret.as_ref().is_some_and(|secret| secret != authorization) {
        return (StatusCode::UNAUTHORIZED, format!("no entry with {authorization}")).into_response();
    }
    let method = message["method"].as_str().unwrap_or("reply").to_owned();
    told.asked.push((method.clone(), message["params"].clone()));
    if method == "initialize" {
        return told.welcome(&message);
    }
    if !told.sessions.contains(session(&headers)) {
        return (StatusCode::NOT_FOUND, "Session not found").into_response();
    }
    assert_eq!(headers["mcp-protocol-version"], "2025-11-25");
    match method.as_str() {
        "reply" => told.replies.push(message),
        "tools/list" => return told.list(&message),
        "tools/call" => return told.call(&message, authorization),
        _ => {}
    }
    StatusCode::ACCEPTED.into_response()
}

fn session(headers: &HeaderMap) -> &str {
    headers.get("mcp-session-id").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Told {
    fn welcome(&mut self, message: &Value) -> Response {
        self.begun += 1;
        let session = format!("session-{}", self.begun);
        self.sessions.insert(session.clone());
        let result = json!({ "protocolVersion": message["params"]["protocolVersion"], "capabilities": { "tools": {} }, "serverInfo": { "name": "fake", "version": "1" } });
        ([(HeaderName::from_static("mcp-session-id"), session)], self.answer(message, &result)).into_response()
    }

    fn list(&self, message: &Value) -> Response {
        let from: usize = message["params"]["cursor"].as_str().map_or(0, |cursor| cursor.parse().expect("our cursor"));
        let to = if self.page == 0 { self.tools.len() } else { (from + self.page).min(self.tools.len()) };
        let mut result = json!({ "tools": self.tools[from..to] });
        if to < self.tools.len() {
            result["nextCursor"] = to.to_string().into();
        }
        self.answer(message, &result)
    }

    fn call(&self, message: &Value, authorization: &str) -> Response {
        let said = |text: String| json!({ "content": [{ "type": "text", "text": text }] });
        let result = match message["params"]["name"].as_str().unwrap_or_default() {
            "huge" => said("x".repeat(400 * 1024)),
            "fail" => json!({ "content": [{ "type": "text", "text": "The oven is cold." }], "isError": true }),
            "tell" => said(format!("I was sent {authorization}")),
            "picture" => {
                json!({ "content": [{ "type": "image", "mimeType": "image/png", "data": "AAAA" }, { "type": "text", "text": "A cat." }] })
            }
            "structured" => json!({ "content": [], "structuredContent": { "degrees": 21 } }),
            _ => said(format!("echo: {}", message["params"]["arguments"])),
        };
        self.answer(message, &result)
    }

    fn answer(&self, message: &Value, result: &Value) -> Response {
        let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
        if !self.streams {
            return ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response();
        }
        let progress = json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": {} });
        let ping = json!({ "jsonrpc": "2.0", "id": "back-1", "method": "ping" });
        let events: String = [progress, ping, answer].iter().map(|event| format!("event: message\ndata: {event}\n\n")).collect();
        ([(header::CONTENT_TYPE, "text/event-stream")], events).into_response()
    }
}
