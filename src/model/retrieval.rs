//! What a search finds and how it went, as the retrieval page shows it.

use crate::{
    ids::{DocumentId, RetrievalCheckId},
    model::Millis,
};
use serde::{Deserialize, Serialize};

/// The longest query, in characters.
pub const QUERY_MAX: usize = 1000;

/// What a search goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchMode {
    /// The words alone.
    Text,
    /// Likeness in meaning alone.
    Vectors,
    #[default]
    Both,
}

/// One passage that a query found, with what each ranking said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedPassage {
    pub document_id: DocumentId,
    pub title: String,
    pub heading: String,
    pub content: String,
    pub start: i64,
    pub end: i64,
    pub relevance: f64,
    /// Places from 1; `None` where the ranking did not find it.
    pub text_rank: Option<i64>,
    pub vector_rank: Option<i64>,
    /// The BM25 score and the cosine.
    pub text_score: Option<f64>,
    pub likeness: Option<f64>,
}

/// How long the parts of a search took, in microseconds. Words and vectors are looked up at the same time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Turning the query into a vector; nothing where it was known.
    pub embed: i64,
    /// Reading the lists of words.
    pub lists: i64,
    /// Ranking by words.
    pub words: i64,
    /// Comparing with every vector.
    pub vectors: i64,
    pub total: i64,
}

/// A query that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub passages: Vec<TriedPassage>,
    pub timing: Timing,
    /// Why only words were looked for.
    pub note: Option<String>,
}

/// How far the group's index is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnowledgeIndex {
    /// What makes the vectors that serve, as "provider/model".
    pub serving: Option<String>,
    /// What is built beside it.
    pub building: Option<String>,
    pub passages: i64,
    /// Of the newest generation.
    pub embedded: i64,
    pub waiting: i64,
    pub given_up: i64,
    /// Why there are no vectors, or no new ones.
    pub note: Option<String>,
}

/// A document, by its title where it still exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub id: DocumentId,
    pub title: Option<String>,
}

/// A query with the documents that it should find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetrievalCheck {
    pub id: RetrievalCheckId,
    pub query: String,
    pub expected: Vec<Expected>,
    /// Of the last try: nDCG and recall among the first ten documents.
    pub result: Option<CheckResult>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    pub ndcg: f64,
    pub recall: f64,
    pub tried_at: Millis,
}
