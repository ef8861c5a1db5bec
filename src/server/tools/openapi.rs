//! The operations of an HTTP API, by its OpenAPI document (3.0 or 3.1, JSON or YAML).
//!
//! | module | what it does |
//! |---|---|
//! | `document` | reads the document: its base URL, its references |
//! | `operations` | makes tools of it |
//! | `carrier` | keeps what carries the secret out of a model's hands |
//! | `schema` | makes JSON Schema of what OpenAPI calls a schema, whole and of a bounded size |
//! | `request` | fills an operation with an input |

mod carrier;
mod document;
mod operations;
mod request;
mod schema;

use super::{
    Effects, Outcome, Scope, Tool, ToolError,
    remote::{self, Link, Secret},
};
use crate::{
    error::{AppError, Result},
    model::tool::ToolInfo,
    server::tool_sources::known::{Definition, Operation, qualified},
};
use document::Document;
use futures::{FutureExt as _, future::BoxFuture};
use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

pub struct ApiTool {
    link: Arc<Link>,
    definition: Definition,
    operation: Operation,
}

impl ApiTool {
    /// The secret may be newer than the look at the document: it is as it is now that counts.
    pub fn new(link: Arc<Link>, mut definition: Definition, mut operation: Operation) -> Self {
        if let Some(carrier) = link.carrier() {
            carrier::hide(carrier, &mut operation, &mut definition.input_schema);
        }
        Self { link, definition, operation }
    }
}

impl Tool for ApiTool {
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
        if self.definition.read_only { Effects::None } else { Effects::Unkeyed }
    }

    fn patience(&self) -> Duration {
        remote::PATIENCE
    }

    fn call(&self, input: Value, scope: Scope) -> BoxFuture<'static, Result<Outcome, ToolError>> {
        let (link, operation) = (self.link.clone(), self.operation.clone());
        async move {
            let secret = link.secret(&scope.app)?;
            let output = send(&scope, &link, &secret, &operation, &input).await?;
            Ok(Outcome { output, ..Outcome::default() })
        }
        .boxed()
    }
}

async fn send(scope: &Scope, link: &Link, secret: &Secret, operation: &Operation, input: &Value) -> Result<String, ToolError> {
    let filled = request::fill(&link.url, operation, link.carrier(), input)?;
    let request = secret.request(&scope.app.outbound, filled.method.clone(), &filled.url)?;
    // The address of what failed has the secret in its query.
    let unanswered = |error: &reqwest::Error| secret.told(&remote::failed(error).0);
    let response = filled.send(request).await.map_err(|error| unanswered(&error))?;
    if response.status().is_success() { said(response, secret).await } else { Err(remote::refused(response, secret).await) }
}

/// The status, and the body as far as it is read.
async fn said(mut response: Response, secret: &Secret) -> Result<String, ToolError> {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    if !readable(&kind) {
        return Ok(format!("{status}\n[{}: not shown]", secret.clean(&kind)));
    }
    let read = remote::read(&mut response, remote::RESULT_MAX + secret.margin()).await;
    let body = read.map_err(|error| secret.told(&error.0))?.0;
    let text = secret.clean_start(&String::from_utf8_lossy(&body), remote::RESULT_MAX);
    let more = body.len() > remote::RESULT_MAX;
    let note = if more { format!("\n[cut: these are the first {} KiB]", remote::RESULT_MAX / 1024) } else { String::new() };
    Ok(format!("{status}\n{text}{note}"))
}

/// Whether a body is text. One that does not say what it is, is taken for text.
fn readable(kind: &str) -> bool {
    let binary = ["image/", "audio/", "video/", "font/", "application/octet-stream", "application/pdf", "application/zip"];
    !binary.iter().any(|start| kind.starts_with(start))
}

/// What the API can do, or what is wrong with the document.
pub fn operations(document: &str) -> Result<Vec<Definition>, String> {
    operations::all(&Document::read(document)?)
}

/// Where the API is: as the admin said, or else the document.
pub fn base_url(document: &str, given: &str) -> Result<String> {
    let document = Document::read(document).map_err(|message| AppError::invalid("document", message))?;
    let url = if given.is_empty() { document.server() } else { Some(given.to_owned()) };
    let url = url.filter(|url| url.starts_with("http"));
    let url = url.ok_or_else(|| AppError::invalid("url", "The document does not say where the API is: write its base URL."))?;
    Ok(url.trim_end_matches('/').to_owned())
}
