//! Queries with the documents that they should find: tried by hand after a change of documents, embedder or settings.

use super::{
    generations,
    search::{self, LIMIT_MAX, Passage, Query},
};
use crate::{
    error::{AppError, Result},
    ids::{DocumentId, RetrievalCheckId},
    model::retrieval::{CheckResult, KnowledgeIndex, QUERY_MAX, RetrievalCheck, SearchMode, Trial, TriedPassage},
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
        },
    },
};
use serde_json::json;
use std::collections::HashSet;

/// The most checks of a group, and the most documents of one.
const CHECKS_MAX: usize = 200;
const EXPECTED_MAX: usize = 20;

/// How many documents are looked at when a check is tried.
const FIRST: usize = 10;

/// One query, with all that the rankings say of what it finds.
pub async fn try_query(app: &App, admin: &Admin, text: &str, mode: SearchMode) -> Result<Trial> {
    let query = Query { text: text.to_owned(), mode, limit: 20, neighbours: 0 };
    let found = search::find(app, admin, &query).await?;
    let passages = found.passages.into_iter().map(tried).collect();
    Ok(Trial { passages, timing: found.timing, note: found.note })
}

fn tried(passage: Passage) -> TriedPassage {
    let place = |rank: Option<search::Rank>| rank.and_then(|rank| rank.place).map(|place| place as i64);
    let score = |rank: Option<search::Rank>| rank.map(|rank| f64::from(rank.score));
    TriedPassage {
        document_id: passage.document_id,
        text_rank: place(passage.by_words),
        vector_rank: place(passage.by_likeness),
        text_score: score(passage.by_words),
        likeness: score(passage.by_likeness),
        title: passage.title,
        heading: passage.heading,
        content: passage.content,
        start: passage.start,
        end: passage.end,
        relevance: passage.relevance,
    }
}

pub async fn state(app: &App, admin: &Admin) -> Result<KnowledgeIndex> {
    generations::state(app, admin).await
}

/// Oldest first.
pub async fn list(app: &App, admin: &Admin) -> Result<Vec<RetrievalCheck>> {
    app.store.retrieval_checks(admin).list().await
}

/// Saves a query with the documents that it should find.
pub async fn save(app: &App, admin: &Admin, query: &str, expected: Vec<DocumentId>) -> Result<()> {
    let query = query.trim();
    if query.is_empty() || query.chars().count() > QUERY_MAX {
        return Err(AppError::invalid("query", format!("Write what to look for, in at most {QUERY_MAX} characters.")));
    }
    if expected.is_empty() || expected.len() > EXPECTED_MAX {
        return Err(AppError::invalid("expected", format!("Choose the documents that it should find: up to {EXPECTED_MAX}.")));
    }
    let checks = app.store.retrieval_checks(admin);
    if checks.list().await?.len() >= CHECKS_MAX {
        return Err(AppError::conflict(format!("A group has {CHECKS_MAX} checks at most.")));
    }
    if checks.documents(&expected).await? != expected.len() {
        return Err(AppError::NotFound);
    }
    let id = RetrievalCheckId::from_uuid(app.clock.uuid());
    let mut tx = app.store.begin().await?;
    checks.insert(&mut tx, id, query, &expected, app.clock.now()).await?;
    let event = Event::new("retrieval_check.saved", "retrieval_check", id.uuid()).with(json!({ "query": query }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await
}

pub async fn remove(app: &App, admin: &Admin, id: RetrievalCheckId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    if !app.store.retrieval_checks(admin).delete(&mut tx, id).await? {
        return Err(AppError::NotFound);
    }
    let event = Event::new("retrieval_check.removed", "retrieval_check", id.uuid());
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await
}

/// Tries every check again and keeps how it went.
pub async fn run(app: &App, admin: &Admin) -> Result<()> {
    let checks = app.store.retrieval_checks(admin);
    let mut results = Vec::new();
    for check in checks.list().await? {
        let query = Query { text: check.query.clone(), mode: SearchMode::Both, limit: LIMIT_MAX, neighbours: 0 };
        let found = search::find(app, admin, &query).await?;
        let expected: HashSet<DocumentId> = check.expected.iter().map(|one| one.id).collect();
        results.push((check.id, judge(found.passages.iter().map(|one| one.document_id), &expected, app.clock.now())));
    }
    let mut tx = app.store.begin().await?;
    for (id, result) in &results {
        checks.keep(&mut tx, *id, *result).await?;
    }
    let event = Event::new("retrieval_check.ran", "group", admin.group_id().uuid()).with(json!({ "checks": results.len() }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await
}

/// nDCG and recall among the first ten documents, each counted where it comes first; all that is expected is expected alike.
pub fn judge(found: impl Iterator<Item = DocumentId>, expected: &HashSet<DocumentId>, now: i64) -> CheckResult {
    let mut seen = HashSet::new();
    let first: Vec<DocumentId> = found.filter(|id| seen.insert(*id)).take(FIRST).collect();
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let gained: f64 = first.iter().enumerate().filter(|(_, id)| expected.contains(id)).map(|(place, _)| gain(place)).sum();
    let ideal: f64 = (0..expected.len().min(FIRST)).map(gain).sum();
    let recalled = first.iter().filter(|id| expected.contains(id)).count();
    let part = |value: f64, of: f64| if of > 0.0 { value / of } else { 0.0 };
    CheckResult { ndcg: part(gained, ideal), recall: part(recalled as f64, expected.len() as f64), tried_at: now }
}
