//! `/groups/{slug}/tasks`: what is to be done. Every member of the group sees and changes it.

mod view;

use super::{
    caller::ApiMember,
    created,
    input::{Filter, Id, Input},
    page::{LIMIT, Listed, limit},
    problem::{NotChanged, Problem, Refused},
};
use crate::{
    ids::{PersonId, TaskId},
    model::task::TaskFilter,
    server::{state::App, tasks},
};
use axum::{Json, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{NewTask, TaskChange, TaskView, TasksQuery};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, change))
}

/// Tasks, newest first: those that are not over, where no status is given.
#[utoipa::path(
    get, path = "/groups/{slug}/tasks", operation_id = "list_tasks", tag = "tasks",
    params(("slug" = String, Path, description = "The group"), TasksQuery),
    responses((status = 200, body = Listed<TaskView>), Refused)
)]
async fn list(caller: ApiMember, Filter(query): Filter<TasksQuery>) -> Result<Json<Listed<TaskView>>, Problem> {
    let limit = limit(query.limit, LIMIT)?;
    let filter = TaskFilter {
        status: query.status.map(Into::into),
        priority: query.priority.map(Into::into),
        assignee: query.assignee.map(PersonId::from_uuid),
    };
    Ok(Listed::of(caller.app.store.tasks(&caller.member).list(&filter, query.after.as_deref(), limit).await?))
}

/// Makes a task.
#[utoipa::path(
    post, path = "/groups/{slug}/tasks", operation_id = "create_task", tag = "tasks",
    params(("slug" = String, Path, description = "The group")), request_body = NewTask,
    responses((status = 201, body = TaskView), Refused, NotChanged)
)]
async fn create(caller: ApiMember, Input(new): Input<NewTask>) -> Result<Response, Problem> {
    let ApiMember { app, member } = caller;
    Ok(created(TaskView::from(tasks::create(&app, &member, new.into_draft()).await?)))
}

/// One task.
#[utoipa::path(
    get, path = "/groups/{slug}/tasks/{id}", operation_id = "get_task", tag = "tasks",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The task")),
    responses((status = 200, body = TaskView), Refused)
)]
async fn read(caller: ApiMember, Id(id): Id<TaskId>) -> Result<Json<TaskView>, Problem> {
    Ok(Json(caller.app.store.tasks(&caller.member).get(id).await?.into()))
}

/// Changes what is given, and nothing else. `"assignee": null` takes the assignee away.
#[utoipa::path(
    patch, path = "/groups/{slug}/tasks/{id}", operation_id = "change_task", tag = "tasks",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The task")),
    request_body = TaskChange,
    responses((status = 200, body = TaskView), Refused, NotChanged)
)]
async fn change(caller: ApiMember, Id(id): Id<TaskId>, Input(change): Input<TaskChange>) -> Result<Json<TaskView>, Problem> {
    Ok(Json(tasks::change(&caller.app, &caller.member, id, change.into()).await?.into()))
}
