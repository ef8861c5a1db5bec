//! How far a document is, in a word; nothing where it simply serves.

use crate::model::document::{Document, DocumentStatus};
use leptos::prelude::*;

#[component]
pub fn DocumentState(document: Document) -> impl IntoView {
    let replacing = document.replacement.as_ref().map(|new| new.status);
    let (word, class) = match (document.status, replacing) {
        (DocumentStatus::Failed, _) => ("Cannot be read", "chip bad"),
        (DocumentStatus::Ready, None) => return None,
        (DocumentStatus::Ready, Some(DocumentStatus::Failed)) => ("Not replaced", "chip bad"),
        (DocumentStatus::Ready, Some(_)) => ("Being replaced", "chip working"),
        (DocumentStatus::Queued, _) => ("Waiting", "chip working"),
        (DocumentStatus::Fetching, _) => ("Being fetched", "chip working"),
        (DocumentStatus::Extracting, _) => ("Being read", "chip working"),
        (DocumentStatus::Indexing, _) => ("Being indexed", "chip working"),
    };
    Some(view! { <span class=class role="status">{word}</span> })
}
