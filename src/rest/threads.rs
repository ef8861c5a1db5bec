//! `/groups/{slug}/threads`: the threads of a key's holder, what a model would be given of one, and what happens in it.

mod view;

use super::{
    caller::ApiMember,
    created,
    input::{Filter, Id, Input},
    page::{LIMIT, Listed, limit},
    problem::{NotChanged, Problem, Refused},
};
use crate::{
    ids::{AgentId, ThreadId},
    model::{page::Page, thread::ThreadFilter},
    server::{http::events, state::App, threads},
};
use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{ContextItem, ContextQuery, NewThread, ThreadChange, ThreadView, ThreadsQuery};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change, delete))
        .routes(routes!(context))
        .routes(routes!(follow))
}

/// Threads, by newest activity.
#[utoipa::path(
    get, path = "/groups/{slug}/threads", operation_id = "list_threads", tag = "threads",
    params(("slug" = String, Path, description = "The group"), ThreadsQuery),
    responses((status = 200, body = Listed<ThreadView>), Refused)
)]
async fn list(caller: ApiMember, Filter(query): Filter<ThreadsQuery>) -> Result<Json<Listed<ThreadView>>, Problem> {
    let limit = limit(query.limit, LIMIT)?;
    let filter = ThreadFilter {
        agent_id: query.agent_id.map(AgentId::from_uuid),
        status: query.status.map(Into::into).unwrap_or_default(),
        q: query.q,
    };
    Ok(Listed::of(caller.app.store.threads(&caller.member).list(&filter, query.after.as_deref(), limit).await?))
}

/// Starts a thread with an agent.
#[utoipa::path(
    post, path = "/groups/{slug}/threads", operation_id = "create_thread", tag = "threads",
    params(("slug" = String, Path, description = "The group")), request_body = NewThread,
    responses((status = 201, body = ThreadView), Refused, NotChanged)
)]
async fn create(caller: ApiMember, Input(new): Input<NewThread>) -> Result<Response, Problem> {
    let ApiMember { app, member } = caller;
    let id = threads::create(&app, &member, AgentId::from_uuid(new.agent_id), new.title.as_deref()).await?;
    Ok(created(ThreadView::from(app.store.threads(&member).get(id).await?)))
}

/// One thread.
#[utoipa::path(
    get, path = "/groups/{slug}/threads/{id}", operation_id = "get_thread", tag = "threads",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread")),
    responses((status = 200, body = ThreadView), Refused)
)]
async fn read(caller: ApiMember, Id(id): Id<ThreadId>) -> Result<Json<ThreadView>, Problem> {
    Ok(Json(caller.app.store.threads(&caller.member).get(id).await?.into()))
}

/// Renames, archives or restores a thread.
#[utoipa::path(
    patch, path = "/groups/{slug}/threads/{id}", operation_id = "change_thread", tag = "threads",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread")),
    request_body = ThreadChange,
    responses((status = 200, body = ThreadView), Refused, NotChanged)
)]
async fn change(
    caller: ApiMember,
    Id(id): Id<ThreadId>,
    Input(change): Input<ThreadChange>,
) -> Result<Json<ThreadView>, Problem> {
    let ApiMember { app, member } = caller;
    let mut thread = app.store.threads(&member).get(id).await?;
    if let Some(title) = change.title {
        thread = threads::rename(&app, &member, id, &title).await?;
    }
    if let Some(status) = change.status {
        thread = threads::set_status(&app, &member, id, status.into()).await?;
    }
    Ok(Json(thread.into()))
}

/// Deletes a thread with its messages, for good. What it used stays in the ledger.
#[utoipa::path(
    delete, path = "/groups/{slug}/threads/{id}", operation_id = "delete_thread", tag = "threads",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread")),
    responses((status = 204, description = "It is gone"), Refused, NotChanged)
)]
async fn delete(caller: ApiMember, Id(id): Id<ThreadId>) -> Result<StatusCode, Problem> {
    threads::delete(&caller.app, &caller.member, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest messages as a model would be given them, oldest first.
#[utoipa::path(
    get, path = "/groups/{slug}/threads/{id}/context", operation_id = "get_context", tag = "threads",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread"), ContextQuery),
    responses((status = 200, body = Listed<ContextItem>), Refused)
)]
async fn context(
    caller: ApiMember,
    Id(id): Id<ThreadId>,
    Filter(query): Filter<ContextQuery>,
) -> Result<Json<Listed<ContextItem>>, Problem> {
    let limit = limit(query.limit, 10)?;
    let messages = caller.app.store.messages(&caller.member).context(id, limit).await?;
    Ok(Listed::of(Page { items: messages, next: None }))
}

/// What happens in a thread, as it happens: server-sent events. Each has a kind, one JSON object and a cursor as its id;
/// `Last-Event-ID` goes on exactly behind it. Without one, or with one that is unknown, a `snapshot` comes first: what was
/// shown before is replaced by it.
#[utoipa::path(
    get, path = "/groups/{slug}/threads/{id}/events", operation_id = "follow_thread", tag = "threads",
    params(
        ("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The thread"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived")
    ),
    responses((status = 200, description = "Events, until the client leaves", body = String, content_type = "text/event-stream"), Refused)
)]
async fn follow(caller: ApiMember, Id(id): Id<ThreadId>, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(events::follow(caller.app, caller.member, id, events::last_event_id(&headers)).await?)
}
