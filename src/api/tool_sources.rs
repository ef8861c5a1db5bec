//! Where a group's own tools come from. Admins and owners read and change them.

use crate::{
    error::Result,
    ids::ToolSourceId,
    model::{
        group::Slug,
        tool_source::{SecretDraft, SourceDraft, ToolSource},
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// By name, each with its tools.
#[server(prefix = "/fn", endpoint = "tool_sources", input = Json)]
pub async fn tool_sources(slug: Slug) -> Result<Vec<ToolSource>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::list(&app, &member.admin()?).await
}

/// The commands on the server's machine that a source can be, by name. The operator says which there are.
#[server(prefix = "/fn", endpoint = "tool_commands", input = Json)]
pub async fn tool_commands(slug: Slug) -> Result<Vec<String>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    Ok(crate::server::tool_sources::commands(&app, &member.admin()?))
}

/// Adds a source whose tools can be seen.
#[server(prefix = "/fn", endpoint = "add_tool_source", input = Json)]
pub async fn add_tool_source(slug: Slug, draft: SourceDraft) -> Result<ToolSource> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::add(&app, &member.admin()?, draft).await
}

/// Looks at its tools again. That this failed stands in the answer's `error`.
#[server(prefix = "/fn", endpoint = "refresh_tool_source", input = Json)]
pub async fn refresh_tool_source(slug: Slug, id: ToolSourceId) -> Result<ToolSource> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::refresh(&app, &member.admin()?, id).await
}

/// Takes a newer OpenAPI document for an HTTP API. Its address and its secret stay.
#[server(prefix = "/fn", endpoint = "replace_tool_document", input = Json)]
pub async fn replace_tool_document(slug: Slug, id: ToolSourceId, document: String) -> Result<ToolSource> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::document::replace(&app, &member.admin()?, id, document).await
}

/// Says which tools agents may be given, by the names that the source has for them. `version` is what was looked at.
#[server(prefix = "/fn", endpoint = "pick_tools", input = Json)]
pub async fn pick_tools(slug: Slug, id: ToolSourceId, version: i64, tools: Vec<String>) -> Result<ToolSource> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::pick(&app, &member.admin()?, id, version, &tools).await
}

/// Replaces the secret; none takes it away.
#[server(prefix = "/fn", endpoint = "set_tool_secret", input = Json)]
pub async fn set_tool_secret(slug: Slug, id: ToolSourceId, secret: Option<SecretDraft>) -> Result<ToolSource> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::set_secret(&app, &member.admin()?, id, secret).await
}

#[server(prefix = "/fn", endpoint = "remove_tool_source", input = Json)]
pub async fn remove_tool_source(slug: Slug, id: ToolSourceId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tool_sources::remove(&app, &member.admin()?, id).await
}
