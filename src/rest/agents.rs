//! `/groups/{slug}/agents`: a group's agents.

mod view;

use super::{
    caller::{ApiAdmin, ApiMember},
    created,
    input::{Filter, Id, Input},
    page::{LIMIT, Listed, limit},
    problem::{ForAdmins, NotChanged, Problem, Refused},
};
use crate::{
    ids::AgentId,
    model::agent::AgentStatus,
    server::{agents, state::App},
};
use axum::{Json, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{AgentChange, AgentView, AgentsQuery, NewAgent};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, change, retire))
}

/// The agents of a group, by name.
#[utoipa::path(
    get, path = "/groups/{slug}/agents", operation_id = "list_agents", tag = "agents",
    params(("slug" = String, Path, description = "The group"), AgentsQuery),
    responses((status = 200, body = Listed<AgentView>), Refused)
)]
async fn list(caller: ApiMember, Filter(query): Filter<AgentsQuery>) -> Result<Json<Listed<AgentView>>, Problem> {
    let limit = limit(query.limit, LIMIT)?;
    let status = query.status.map_or(AgentStatus::Active, Into::into);
    let page = caller.app.store.agents(&caller.member).page(status, query.after.as_deref(), limit).await?;
    Ok(Listed::of(page))
}

/// Makes an agent.
#[utoipa::path(
    post, path = "/groups/{slug}/agents", operation_id = "create_agent", tag = "agents",
    params(("slug" = String, Path, description = "The group")), request_body = NewAgent,
    responses((status = 201, body = AgentView), Refused, NotChanged, ForAdmins)
)]
async fn create(caller: ApiAdmin, Input(new): Input<NewAgent>) -> Result<Response, Problem> {
    let agent = agents::create(&caller.app, &caller.admin, new.into()).await?;
    Ok(created(AgentView::from(agent)))
}

/// One agent.
#[utoipa::path(
    get, path = "/groups/{slug}/agents/{id}", operation_id = "get_agent", tag = "agents",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The agent")),
    responses((status = 200, body = AgentView), Refused)
)]
async fn read(caller: ApiMember, Id(id): Id<AgentId>) -> Result<Json<AgentView>, Problem> {
    Ok(Json(caller.app.store.agents(&caller.member).get(id).await?.into()))
}

/// Changes an agent: what is left out stays as it is. Each change is a new version.
#[utoipa::path(
    patch, path = "/groups/{slug}/agents/{id}", operation_id = "change_agent", tag = "agents",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The agent")),
    request_body = AgentChange,
    responses((status = 200, body = AgentView), Refused, NotChanged, ForAdmins)
)]
async fn change(caller: ApiAdmin, Id(id): Id<AgentId>, Input(change): Input<AgentChange>) -> Result<Json<AgentView>, Problem> {
    let ApiAdmin { app, admin } = caller;
    let mut agent = app.store.agents(&admin).get(id).await?;
    let (edited, status) = (change.version.unwrap_or(agent.version), change.status);
    if let Some(draft) = change.onto(&agent.draft) {
        agent = agents::save(&app, &admin, id, Some(edited), draft).await?;
    }
    if let Some(status) = status.map(AgentStatus::from).filter(|status| *status != agent.status) {
        agent = agents::set_status(&app, &admin, id, status).await?;
    }
    Ok(Json(agent.into()))
}

/// Retires an agent: it answers no more, and its threads stay readable. A change of its `status` brings it back.
#[utoipa::path(
    delete, path = "/groups/{slug}/agents/{id}", operation_id = "retire_agent", tag = "agents",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The agent")),
    responses((status = 204, description = "It is retired"), Refused, NotChanged, ForAdmins)
)]
async fn retire(caller: ApiAdmin, Id(id): Id<AgentId>) -> Result<StatusCode, Problem> {
    agents::set_status(&caller.app, &caller.admin, id, AgentStatus::Retired).await?;
    Ok(StatusCode::NO_CONTENT)
}
