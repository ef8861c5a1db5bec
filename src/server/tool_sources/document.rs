//! The OpenAPI document of an HTTP API, and the newer one that takes its place.

use super::{differences, event, known, offered, unchanged, view};
use crate::{
    error::{AppError, Result},
    ids::ToolSourceId,
    model::tool_source::{SourceKind, ToolSource, check_document},
    server::{
        failure::internal,
        member::Admin,
        state::App,
        store::{Actor, audit},
    },
};
use std::sync::Arc;

/// Takes a newer document for an API. What was picked stays picked as far as the document has it, as after any other look;
/// the address and the secret stay, so that no document sends the secret elsewhere.
pub async fn replace(app: &App, admin: &Admin, id: ToolSourceId, document: String) -> Result<ToolSource> {
    check_document(&document)?;
    let store = app.store.tool_sources(admin);
    let seen = store.get(id).await?;
    if seen.kind != SourceKind::OpenApi {
        return Err(AppError::invalid("document", "Only an HTTP API has a document."));
    }
    let document: Arc<str> = document.into();
    // It is read before the transaction begins: nothing waits for a long document while it writes.
    let offered = offered(app, &seen, Some(document.clone())).await?;
    let offered = offered.map_err(|message| AppError::invalid("document", message))?;
    let mut tx = app.store.begin().await?;
    let mut source = unchanged(&store, &mut tx, &seen).await?;
    source.tools = known::again(source.tools, offered);
    (source.error, source.checked_at) = (None, app.clock.now());
    store.set_document(&mut tx, id, &document).await?;
    store.set_tools(&mut tx, &source).await?;
    let event = event("tool_source.document_replaced", id).with(differences(&source));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(view(&store.get(id).await?))
}

/// Reads a document on a thread of its own: a long one takes a while.
pub async fn read<T: Send + 'static>(document: Arc<str>, read: impl FnOnce(&str) -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(move || read(&document)).await.map_err(internal)
}
