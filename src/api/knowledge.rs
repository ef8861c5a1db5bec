//! The group's documents. Files come in by a route of their own: `POST /g/{slug}/knowledge/files`.

use crate::{
    error::Result,
    ids::DocumentId,
    model::{
        document::{Document, DocumentExcerpt, DocumentFilter, Wanted},
        group::Slug,
        page::Page,
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Newest first. `after` is the `next` of the page before.
#[server(prefix = "/fn", endpoint = "documents", input = Json)]
pub async fn documents(slug: Slug, filter: DocumentFilter, after: Option<String>) -> Result<Page<Document>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.documents(&member).list(&filter, after.as_deref(), 50).await
}

/// These documents as they are now; those that are gone are left out.
#[server(prefix = "/fn", endpoint = "documents_now", input = Json)]
pub async fn documents_now(slug: Slug, ids: Vec<DocumentId>) -> Result<Vec<Document>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::documents::now(&app, &member, &ids).await
}

/// A part of a document's text, around the passage that is asked for.
#[server(name = GetDocumentExcerpt, prefix = "/fn", endpoint = "document_excerpt", input = Json)]
pub async fn document_excerpt(slug: Slug, id: DocumentId, wanted: Wanted) -> Result<DocumentExcerpt> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::documents::excerpt(&app, &member, id, wanted).await
}

/// Adds what was pasted, or what stands at an address. A plain form: it works before the page does.
#[server(prefix = "/fn", endpoint = "add_document")]
pub async fn add_document(
    slug: Slug,
    #[server(default)] title: String,
    #[server(default)] text: String,
    #[server(default)] url: String,
) -> Result<Document> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::documents::add_typed(&app, &member, &title, &text, &url).await
}

/// Deletes a document with its text and its passages, and goes to the list.
#[server(prefix = "/fn", endpoint = "delete_document")]
pub async fn delete_document(slug: Slug, id: DocumentId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::documents::delete(&app, &member, id).await?;
    leptos_axum::redirect(&format!("/g/{slug}/knowledge"));
    Ok(())
}
