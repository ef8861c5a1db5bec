//! A group's agents. Every member reads them; admins and owners change them.

use crate::{
    error::Result,
    ids::AgentId,
    model::{
        agent::{Agent, AgentDraft, AgentStatus, AgentVersion},
        group::Slug,
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// The agents with this status, by name.
#[server(prefix = "/fn", endpoint = "agents", input = Json)]
pub async fn agents(slug: Slug, status: AgentStatus) -> Result<Vec<Agent>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.agents(&member).list(status).await
}

#[server(name = GetAgent, prefix = "/fn", endpoint = "agent", input = Json)]
pub async fn agent(slug: Slug, id: AgentId) -> Result<Agent> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.agents(&member).get(id).await
}

/// The saves of an agent, newest first.
#[server(prefix = "/fn", endpoint = "agent_versions", input = Json)]
pub async fn agent_versions(slug: Slug, id: AgentId) -> Result<Vec<AgentVersion>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.agents(&member).versions(id).await
}

#[server(prefix = "/fn", endpoint = "create_agent", input = Json)]
pub async fn create_agent(slug: Slug, draft: AgentDraft) -> Result<Agent> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::agents::create(&app, &member.admin()?, draft).await
}

/// Saves a new version. `version` is the one that was edited: if somebody saved since, it is a conflict and nothing is
/// lost.
#[server(prefix = "/fn", endpoint = "save_agent", input = Json)]
pub async fn save_agent(slug: Slug, id: AgentId, version: i64, draft: AgentDraft) -> Result<Agent> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::agents::save(&app, &member.admin()?, id, Some(version), draft).await
}

/// Retires an agent or brings it back.
#[server(prefix = "/fn", endpoint = "set_agent_status", input = Json)]
pub async fn set_agent_status(slug: Slug, id: AgentId, status: AgentStatus) -> Result<Agent> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::agents::set_status(&app, &member.admin()?, id, status).await
}
