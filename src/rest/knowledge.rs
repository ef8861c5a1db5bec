//! `/groups/{slug}/knowledge`: the group's documents. Every member reads and adds them; who added one, and those who
//! manage the group, replace and delete it.

mod body;
mod view;

use super::{
    accepted,
    caller::ApiMember,
    input::{Filter, Id},
    page::{LIMIT, Listed, limit},
    problem::{ForAdmins, NotChanged, Problem, Refused},
};
use crate::{
    ids::DocumentId,
    model::document::DocumentFilter,
    server::{
        knowledge::documents::{self, Added},
        state::App,
    },
};
use axum::{
    Json,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use body::Incoming;
pub use body::{DocumentFile, NewDocument};
use utoipa_axum::{router::OpenApiRouter, routes};
pub use view::{DocumentView, DocumentsQuery};

pub fn router() -> OpenApiRouter<App> {
    let files = DefaultBodyLimit::max(body::BODY_MAX);
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(read, replace, remove)).layer(files)
}

/// The group's documents, newest first.
#[utoipa::path(
    get, path = "/groups/{slug}/knowledge", operation_id = "list_documents", tag = "knowledge",
    params(("slug" = String, Path, description = "The group"), DocumentsQuery),
    responses((status = 200, body = Listed<DocumentView>), Refused)
)]
async fn list(caller: ApiMember, Filter(query): Filter<DocumentsQuery>) -> Result<Json<Listed<DocumentView>>, Problem> {
    let limit = limit(query.limit, LIMIT)?;
    let filter = DocumentFilter { q: query.q };
    Ok(Listed::of(caller.app.store.documents(&caller.member).list(&filter, query.after.as_deref(), limit).await?))
}

/// Adds a document: a text or an address as JSON, or a file of at most 25 MB as `multipart/form-data`. It is fetched
/// and read in the background: see its `status`. Content or an address that the group has already is answered with its
/// document, and 200.
#[utoipa::path(
    post, path = "/groups/{slug}/knowledge", operation_id = "add_document", tag = "knowledge",
    params(("slug" = String, Path, description = "The group")),
    request_body(content((NewDocument = "application/json"), (DocumentFile = "multipart/form-data"))),
    responses(
        (status = 202, body = DocumentView),
        (status = 200, description = "The group has this content, or what stands at this address, already", body = DocumentView),
        Refused, NotChanged
    )
)]
async fn add(caller: ApiMember, incoming: Incoming) -> Result<Response, Problem> {
    let ApiMember { app, member } = caller;
    match documents::add(&app, &member, incoming.brought()?).await? {
        Added::New(document) => Ok(accepted(DocumentView::from(document))),
        Added::Known(document) => Ok((StatusCode::OK, Json(DocumentView::from(document))).into_response()),
    }
}

/// One document.
#[utoipa::path(
    get, path = "/groups/{slug}/knowledge/{id}", operation_id = "get_document", tag = "knowledge",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The document")),
    responses((status = 200, body = DocumentView), Refused)
)]
async fn read(caller: ApiMember, Id(id): Id<DocumentId>) -> Result<Json<DocumentView>, Problem> {
    Ok(Json(caller.app.store.documents(&caller.member).get(id).await?.into()))
}

/// Gives a document new content. The old one serves until the new one was read.
#[utoipa::path(
    put, path = "/groups/{slug}/knowledge/{id}", operation_id = "replace_document", tag = "knowledge",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The document")),
    request_body(content((NewDocument = "application/json"), (DocumentFile = "multipart/form-data"))),
    responses((status = 202, body = DocumentView), Refused, NotChanged, ForAdmins)
)]
async fn replace(caller: ApiMember, Id(id): Id<DocumentId>, incoming: Incoming) -> Result<Response, Problem> {
    let ApiMember { app, member } = caller;
    Ok(accepted(DocumentView::from(documents::replace(&app, &member, id, incoming.brought()?).await?)))
}

/// Deletes a document: its text, its passages, and all that is kept of them.
#[utoipa::path(
    delete, path = "/groups/{slug}/knowledge/{id}", operation_id = "delete_document", tag = "knowledge",
    params(("slug" = String, Path, description = "The group"), ("id" = uuid::Uuid, Path, description = "The document")),
    responses((status = 204, description = "It is gone"), Refused, NotChanged, ForAdmins)
)]
async fn remove(caller: ApiMember, Id(id): Id<DocumentId>) -> Result<StatusCode, Problem> {
    documents::delete(&caller.app, &caller.member, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
