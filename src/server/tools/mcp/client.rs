//! One session with an MCP server, whichever way it is reached, and the messages that both ways share.

use super::{http::Session, stdio::Process};
use crate::{
    model::tool_source::SourceKind,
    server::{
        state::App,
        tools::{ToolError, remote::Link},
    },
};
use serde_json::{Value, json};
use std::sync::Arc;

/// The revision that we ask for, and those that we also speak.
pub const VERSION: &str = "2025-11-25";
const VERSIONS: [&str; 3] = [VERSION, "2025-06-18", "2025-03-26"];

/// Cheap to clone; clones are the same session.
#[derive(Clone)]
pub enum Client {
    Http(Session),
    Stdio(Arc<Process>),
}

/// Why a request brought no result.
#[derive(Debug)]
pub enum Fault {
    /// The server does not know the session any more, and did nothing.
    SessionLost,
    /// In words for an admin or a model.
    Said(String),
}

impl Client {
    /// Begins a session.
    pub async fn connect(app: &App, link: &Link) -> Result<Self, Fault> {
        match link.kind {
            SourceKind::Command => Process::start(app, link).await.map(Self::Stdio),
            SourceKind::Mcp | SourceKind::OpenApi => Session::connect(app, link).await.map(Self::Http),
        }
    }

    /// Sends a request and reads at most `limit` bytes for its result. Dropping the future tells the server to give up.
    pub async fn request(&self, method: &str, params: Value, limit: usize) -> Result<Value, Fault> {
        match self {
            Self::Http(session) => session.request(method, params, limit).await,
            Self::Stdio(process) => process.request(method, params, limit).await,
        }
    }

    /// Ends the session. A process ends with its last client.
    pub async fn close(&self) {
        if let Self::Http(session) = self {
            session.close().await;
        }
    }

    /// Whether it is known to be over.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Stdio(process) if process.has_ended())
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Http(one), Self::Http(other)) => one.is(other),
            (Self::Stdio(one), Self::Stdio(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Fault {
    pub fn said(words: &str) -> Self {
        Self::Said(words.to_owned())
    }

    pub fn too_large(limit: usize) -> Self {
        Self::Said(format!("The answer is larger than {} KiB, and no more is read. Ask for less.", limit / 1024))
    }

    pub fn words(self) -> String {
        match self {
            Self::SessionLost => "The server ended the session twice.".to_owned(),
            Self::Said(words) => words,
        }
    }
}

impl From<ToolError> for Fault {
    fn from(error: ToolError) -> Self {
        Self::Said(error.0)
    }
}

/// The first request of a session.
pub fn hello(id: i64) -> Value {
    let client = json!({ "name": "guildhall", "version": env!("CARGO_PKG_VERSION") });
    request(id, "initialize", json!({ "protocolVersion": VERSION, "capabilities": {}, "clientInfo": client }))
}

/// The revision that the server's answer to it settles on.
pub fn agreed(welcome: &Value) -> Result<&str, Fault> {
    let version = welcome["protocolVersion"].as_str().filter(|version| VERSIONS.contains(version));
    version.ok_or_else(|| Fault::Said(format!("The server speaks no revision of MCP that this one does ({VERSION}).")))
}

pub fn request(id: i64, method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

pub fn notification(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

/// Nobody waits any more for the answer to a request.
pub fn cancelled(id: i64) -> Value {
    notification("notifications/cancelled", json!({ "requestId": id, "reason": "given up" }))
}

/// The answer to what a server asks back: it must hear something, or it may wait for ever. We offer it nothing but to say
/// that we are there.
pub fn reply(asked: &Value) -> Value {
    let id = &asked["id"];
    if asked["method"] == "ping" {
        return json!({ "jsonrpc": "2.0", "id": id, "result": {} });
    }
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "Method not found" } })
}
