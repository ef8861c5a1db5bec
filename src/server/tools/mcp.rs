//! The tools of an MCP server (Model Context Protocol, revision 2025-11-25, and those before it that have streamable HTTP),
//! over streamable HTTP, or over the standard input and output of a command that the operator allowed.
//!
//! The official SDK reads answers whole and brings a crate that we ban; the part that a client of tools needs is small.
//!
//! | module | what it does |
//! |---|---|
//! | [`client`] | one session, and the messages of its two ways |
//! | `http`, `stdio` | the two ways |
//! | `answer` | finds the answer in a body, be it JSON or an event stream |
//! | `sessions` | keeps sessions between calls, one per thread |
//! | `content` | what a result says, as text |

mod answer;
pub mod client;
mod content;
mod http;
mod sessions;
pub mod stdio;

use super::{
    Effects, Outcome, Scope, Tool, ToolError,
    remote::{self, Link},
};
use crate::{
    model::tool::ToolInfo,
    server::{
        state::App,
        tool_sources::known::{Definition, qualified},
    },
};
use client::{Client, Fault};
use futures::{FutureExt as _, future::BoxFuture};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

pub use sessions::Sessions;

/// How long a list of tools is waited for.
const LIST_PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of one page of a list, and pages and tools of one.
const LIST_MAX: usize = 1 << 20;
const PAGES_MAX: usize = 20;
const TOOLS_MAX: usize = 300;

const DESCRIPTION_MAX: usize = 4_000;

pub struct McpTool {
    pub link: Arc<Link>,
    pub definition: Definition,
}

impl Tool for McpTool {
    fn info(&self) -> ToolInfo {
        ToolInfo {
            name: qualified(&self.link.name, &self.definition.name),
            description: self.definition.description.clone(),
            source: Some(self.link.name.clone()),
            effects: !self.definition.read_only,
        }
    }

    fn input_schema(&self) -> Value {
        self.definition.input_schema.clone()
    }

    fn effects(&self) -> Effects {
        // The protocol has no idempotency key: even what calls itself idempotent is not repeated on a mere guess.
        if self.definition.read_only { Effects::None } else { Effects::Unkeyed }
    }

    fn patience(&self) -> Duration {
        remote::PATIENCE
    }

    fn call(&self, input: Value, scope: Scope) -> BoxFuture<'static, Result<Outcome, ToolError>> {
        let (link, name) = (self.link.clone(), self.definition.name.clone());
        async move {
            let secret = link.secret(&scope.app)?;
            let result = match call(&scope, &link, &name, &input).await {
                // The server forgot the session and did nothing: the same call begins a new one.
                Err(Fault::SessionLost) => call(&scope, &link, &name, &input).await,
                other => other,
            };
            let text = content::text(&result.map_err(|fault| secret.told(&fault.words()))?);
            let clean = |text: String| secret.clean(&text);
            text.map(clean).map(|output| Outcome { output, ..Outcome::default() }).map_err(|error| ToolError(clean(error.0)))
        }
        .boxed()
    }
}

async fn call(scope: &Scope, link: &Arc<Link>, name: &str, input: &Value) -> Result<Value, Fault> {
    let place = scope.app.mcp.place(link.source, scope.thread, scope.app.clock.now());
    let client = place.client(&scope.app, link).await?;
    let result = client.request("tools/call", json!({ "name": name, "arguments": input }), remote::RESULT_MAX).await;
    if matches!(result, Err(Fault::SessionLost)) {
        place.lost(&client).await;
    }
    result
}

/// The tools that a server offers now, in a session of its own.
pub async fn list(app: &App, link: &Link) -> Result<Vec<Definition>, String> {
    let secret = link.secret(app).map_err(|error| error.0)?;
    let listed = tokio::time::timeout(LIST_PATIENCE, all_pages(app, link)).await;
    let listed = listed.map_err(|_| "The server did not answer within 30 seconds.".to_owned())?;
    listed.map_err(|fault| secret.told(&fault.words()).0)
}

async fn all_pages(app: &App, link: &Link) -> Result<Vec<Definition>, Fault> {
    let client = Client::connect(app, link).await?;
    let (mut tools, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..PAGES_MAX {
        let params = cursor.map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let page = client.request("tools/list", params, LIST_MAX).await?;
        let listed = page["tools"].as_array().ok_or_else(|| Fault::said("The server's list of tools cannot be read."))?;
        tools.extend(listed.iter().filter_map(definition));
        if tools.len() > TOOLS_MAX {
            return Err(Fault::Said(format!("The server has more than {TOOLS_MAX} tools, and that is the most.")));
        }
        cursor = page["nextCursor"].as_str().filter(|cursor| !cursor.is_empty()).map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    client.close().await;
    Ok(tools)
}

fn definition(tool: &Value) -> Option<Definition> {
    let name = tool["name"].as_str().filter(|name| !name.is_empty() && name.len() <= 200)?;
    let words = tool["description"].as_str().or_else(|| tool["title"].as_str()).unwrap_or_default();
    Some(Definition {
        name: name.to_owned(),
        description: words.chars().take(DESCRIPTION_MAX).collect(),
        input_schema: tool["inputSchema"].clone(),
        read_only: tool["annotations"]["readOnlyHint"] == true,
        task_only: tool["execution"]["taskSupport"] == "required",
        operation: None,
    })
}
