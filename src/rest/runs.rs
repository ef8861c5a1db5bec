//! `/groups/{slug}/runs/{id}`: an agent's turns, and stopping, repeating and continuing one.

mod view;

use super::{
    accepted,
    caller::ApiMember,
    input::Id,
    problem::{NotChanged, OverBudget, Problem, Refused},
};
use crate::{
    ids::RunId,
    server::{runs, state::App},
};
use axum::{Json, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{RunProblem, RunView};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(stop)).routes(routes!(retry)).routes(routes!(go_on))
}

/// One run.
#[utoipa::path(
    get, path = "/groups/{slug}/runs/{id}", operation_id = "get_run", tag = "runs",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 200, body = RunView), Refused)
)]
async fn read(caller: ApiMember, Id(id): Id<RunId>) -> Result<Json<RunView>, Problem> {
    Ok(Json(caller.app.store.runs(&caller.member).get(id).await?.into()))
}

/// Stops a run: what was said is kept. It ends within a moment; one that has ended already stays as it is.
#[utoipa::path(
    post, path = "/groups/{slug}/runs/{id}/stop", operation_id = "stop_run", tag = "runs",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 202, body = RunView), Refused, NotChanged)
)]
async fn stop(caller: ApiMember, Id(id): Id<RunId>) -> Result<Response, Problem> {
    runs::stop(&caller.app, &caller.member, id).await?;
    Ok(accepted(RunView::from(caller.app.store.runs(&caller.member).get(id).await?)))
}

/// Starts a run that answers the same message again. The run must be its thread's last, and must have ended.
#[utoipa::path(
    post, path = "/groups/{slug}/runs/{id}/retry", operation_id = "retry_run", tag = "runs",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 202, description = "The new run", body = RunView), Refused, NotChanged, OverBudget)
)]
async fn retry(caller: ApiMember, Id(id): Id<RunId>) -> Result<Response, Problem> {
    Ok(accepted(RunView::from(runs::retry(&caller.app, &caller.member, id).await?)))
}

/// Starts a run that goes on where this one ended too early. It must be its thread's last, and must have ended.
#[utoipa::path(
    post, path = "/groups/{slug}/runs/{id}/continue", operation_id = "continue_run", tag = "runs",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The run")),
    responses((status = 202, description = "The new run", body = RunView), Refused, NotChanged, OverBudget)
)]
async fn go_on(caller: ApiMember, Id(id): Id<RunId>) -> Result<Response, Problem> {
    Ok(accepted(RunView::from(runs::go_on(&caller.app, &caller.member, id).await?)))
}
