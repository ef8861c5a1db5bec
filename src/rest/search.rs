//! `/groups/{slug}/knowledge/search` and `…/index`: finding passages, and how far the index is.

use super::{
    caller::ApiMember,
    input::Input,
    problem::{ForAdmins, NotChanged, Problem, Refused},
};
use crate::{
    error::AppError,
    model::{
        self,
        retrieval::{KnowledgeIndex, Timing},
    },
    server::{
        knowledge::{
            generations,
            search::{self, LIMIT_MAX, NEIGHBOURS_MAX, Passage, Query},
        },
        state::App,
    },
};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(index, choose))
}

super::words! {
    /// What to go by: the words alone, likeness in meaning alone, or both.
    SearchMode from model::retrieval::SearchMode { Text, Vectors, Both }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// A few words, or a question: 1 to 1,000 characters.
    query: String,
    /// How many passages to bring: 1 to 50, 10 where it is not given.
    #[schema(minimum = 1, maximum = 50)]
    limit: Option<usize>,
    /// `both` where it is not given.
    mode: Option<SearchMode>,
    /// How many passages before and behind each are added to it: 0 to 3.
    #[schema(minimum = 0, maximum = 3)]
    neighbours: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResults {
    /// Best first. A document may come with several passages.
    results: Vec<PassageView>,
    /// Why only words were looked for; null where all was.
    #[schema(required)]
    note: Option<String>,
    timing: TimingView,
}

/// How long the parts of a search took, in microseconds. Lists are read while the query is embedded and compared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchTiming)]
pub struct TimingView {
    /// Turning the query into a vector; next to nothing where it was known.
    embed: i64,
    /// Comparing it with every vector of the group.
    vectors: i64,
    /// Reading the lists of its words.
    lists: i64,
    /// Ranking by them.
    words: i64,
    total: i64,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedderChoice {
    /// `provider/model`, an empty text for none, null for the server's own.
    #[schema(required)]
    embedder: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
pub struct PassageView {
    document_id: Uuid,
    title: String,
    content: String,
    /// From 0 to 1, never rising from one result to the next. The first has the chance that words or likeness, each taken for
    /// a probability, are right: `1 - (1 - words) (1 - cosine)`, where `words` is the BM25 score by the highest that the query
    /// could reach. The others have their part of it by score.
    relevance: f64,
    /// The bytes of the document's text that the passage is.
    start: i64,
    end: i64,
}

/// How far the group's passages are embedded.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndexView {
    /// What makes the vectors that serve, as `provider/model`.
    #[schema(required)]
    serving: Option<String>,
    /// What is built beside it.
    #[schema(required)]
    building: Option<String>,
    /// Different passages of the group.
    passages: i64,
    /// Passages with a vector of the newest generation, those that wait for one, and those that the embedder refused.
    embedded: i64,
    waiting: i64,
    given_up: i64,
    /// Why there are no vectors, or no new ones.
    #[schema(required)]
    note: Option<String>,
}

/// Finds passages in the group's documents.
#[utoipa::path(
    post, path = "/groups/{slug}/knowledge/search", operation_id = "search_knowledge", tag = "knowledge",
    params(("slug" = String, Path, description = "The group")), request_body = SearchQuery,
    responses((status = 200, body = SearchResults), Refused, NotChanged)
)]
async fn find(caller: ApiMember, Input(asked): Input<SearchQuery>) -> Result<Json<SearchResults>, Problem> {
    let limit = asked.limit.unwrap_or(10);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(AppError::invalid("limit", format!("Use a number from 1 to {LIMIT_MAX}.")).into());
    }
    let neighbours = asked.neighbours.unwrap_or(0);
    if !(0..=NEIGHBOURS_MAX).contains(&neighbours) {
        return Err(AppError::invalid("neighbours", format!("Use a number from 0 to {NEIGHBOURS_MAX}.")).into());
    }
    let mode = asked.mode.map_or_else(Default::default, Into::into);
    let found = search::find(&caller.app, &caller.member, &Query { text: asked.query, mode, limit, neighbours }).await?;
    let results = found.passages.into_iter().map(Into::into).collect();
    Ok(Json(SearchResults { results, note: found.note, timing: found.timing.into() }))
}

/// How far the group's index is. Words are searched as soon as a document is ready; vectors follow in the background.
#[utoipa::path(
    get, path = "/groups/{slug}/knowledge/index", operation_id = "get_knowledge_index", tag = "knowledge",
    params(("slug" = String, Path, description = "The group")),
    responses((status = 200, body = IndexView), Refused)
)]
async fn index(caller: ApiMember) -> Result<Json<IndexView>, Problem> {
    Ok(Json(generations::state(&caller.app, &caller.member).await?.into()))
}

/// Chooses what makes the group's vectors. Searches go on with the old ones until the new ones are whole.
#[utoipa::path(
    put, path = "/groups/{slug}/knowledge/index", operation_id = "choose_embedder", tag = "knowledge",
    params(("slug" = String, Path, description = "The group")), request_body = EmbedderChoice,
    responses((status = 200, body = IndexView), Refused, NotChanged, ForAdmins)
)]
async fn choose(caller: ApiMember, Input(choice): Input<EmbedderChoice>) -> Result<Json<IndexView>, Problem> {
    let ApiMember { app, member } = caller;
    generations::choose(&app, &member.admin()?, choice.embedder.as_deref()).await?;
    Ok(Json(generations::state(&app, &member).await?.into()))
}

impl From<Timing> for TimingView {
    fn from(Timing { embed, lists, words, vectors, total }: Timing) -> Self {
        Self { embed, vectors, lists, words, total }
    }
}

impl From<Passage> for PassageView {
    fn from(passage: Passage) -> Self {
        let Passage { title, content, relevance, start, end, .. } = passage;
        Self { document_id: passage.document_id.uuid(), title, content, relevance, start, end }
    }
}

impl From<KnowledgeIndex> for IndexView {
    fn from(state: KnowledgeIndex) -> Self {
        let KnowledgeIndex { serving, building, passages, embedded, waiting, given_up, note } = state;
        Self { serving, building, passages, embedded, waiting, given_up, note }
    }
}
