//! The wire format of documents.

use crate::model::{self, Millis};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

super::super::words! {
    DocumentStatus from model::document::DocumentStatus { Queued, Fetching, Extracting, Indexing, Ready, Failed }

    DocumentKind from model::document::DocumentKind { Text, Markdown, Html, Pdf, Docx, Csv, Json }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentView {
    id: Uuid,
    title: String,
    /// Null, as `media_type` and `size`: its content is still to come from its address, or never came.
    #[schema(required)]
    kind: Option<DocumentKind>,
    #[schema(required)]
    media_type: Option<&'static str>,
    #[schema(required)]
    file_name: Option<String>,
    /// Where it was fetched from.
    #[schema(required)]
    source_url: Option<String>,
    /// Bytes of the content as it came.
    #[schema(required)]
    size: Option<i64>,
    /// Passages that it was cut into.
    chunks: i64,
    /// What serves is `ready`; until something does, how far it is.
    status: DocumentStatus,
    /// Why it could not be read.
    #[schema(required)]
    error: Option<String>,
    /// Of new content, while the old serves.
    #[schema(required)]
    replacement: Option<ReplacementView>,
    created_at: Millis,
    updated_at: Millis,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replacement)]
pub struct ReplacementView {
    status: DocumentStatus,
    #[schema(required)]
    error: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DocumentsQuery {
    /// Words of the title.
    pub(super) q: Option<String>,
    /// Items of the page: 1 to 100, usually 30.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<usize>,
    /// The `next` of the page before.
    pub(super) after: Option<String>,
}

impl From<model::document::Document> for DocumentView {
    fn from(document: model::document::Document) -> Self {
        let replacement = document.replacement.map(|new| ReplacementView { status: new.status.into(), error: new.error });
        Self {
            id: document.id.uuid(),
            title: document.title,
            kind: document.kind.map(Into::into),
            media_type: document.kind.map(model::document::DocumentKind::media_type),
            file_name: document.file_name,
            source_url: document.source_url,
            size: document.size,
            chunks: document.chunks,
            status: document.status.into(),
            error: document.error,
            replacement,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}
