//! Trying what searches find, for those who manage the group. Everything here works as a plain form.

use crate::{
    error::Result,
    ids::{DocumentId, RetrievalCheckId},
    model::{
        group::Slug,
        retrieval::{KnowledgeIndex, RetrievalCheck, SearchMode, Trial},
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// What a query finds, and what each ranking says of it.
#[server(prefix = "/fn", endpoint = "try_query", input = Json)]
pub async fn try_query(slug: Slug, query: String, mode: SearchMode) -> Result<Trial> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::try_query(&app, &member.admin()?, &query, mode).await
}

/// How far the group's index is.
#[server(prefix = "/fn", endpoint = "index_state", input = Json)]
pub async fn index_state(slug: Slug) -> Result<KnowledgeIndex> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::state(&app, &member.admin()?).await
}

/// Saved queries with the documents that they should find, oldest first.
#[server(prefix = "/fn", endpoint = "retrieval_checks", input = Json)]
pub async fn retrieval_checks(slug: Slug) -> Result<Vec<RetrievalCheck>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::list(&app, &member.admin()?).await
}

/// Saves a query. A form sends `expected[0]`, `expected[1]`, …
#[server(prefix = "/fn", endpoint = "save_check")]
pub async fn save_check(slug: Slug, query: String, #[server(default)] expected: Vec<DocumentId>) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::save(&app, &member.admin()?, &query, expected).await
}

#[server(prefix = "/fn", endpoint = "remove_check")]
pub async fn remove_check(slug: Slug, id: RetrievalCheckId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::remove(&app, &member.admin()?, id).await
}

/// Tries every saved query again.
#[server(prefix = "/fn", endpoint = "run_checks")]
pub async fn run_checks(slug: Slug) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::knowledge::checks::run(&app, &member.admin()?).await
}

/// Chooses what makes the group's vectors: `default`, `none`, or provider and model as "provider/model".
#[server(prefix = "/fn", endpoint = "choose_embedder")]
pub async fn choose_embedder(slug: Slug, embedder: String) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let chosen = match embedder.trim() {
        "" | "default" => None,
        "none" => Some(""),
        name => Some(name),
    };
    crate::server::knowledge::generations::choose(&app, &member.admin()?, chosen).await
}
