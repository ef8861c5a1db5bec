//! Searching a group's passages: by their words, by likeness in meaning, and by both together.

mod merged;

use super::{
    bm25::{self, Certain, Piece, Ranking, Totals},
    fusion::{self, Scale},
    generations, queries,
    vectors::{Loaded, matrix::Nearest},
    words,
};
use crate::{
    error::{AppError, Result},
    ids::DocumentId,
    model::retrieval::{QUERY_MAX, SearchMode, Timing},
    server::{failure::internal, member::Member, state::App, store::passages::Place},
};
use merged::Merged;
use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

/// How many passages each of the two rankings brings, at least.
const DEPTH: usize = 100;

/// The most passages of one search, and the most neighbours on each side of one.
pub const LIMIT_MAX: usize = 50;
pub const NEIGHBOURS_MAX: i64 = 3;

#[derive(Debug, Clone)]
pub struct Query {
    pub text: String,
    pub mode: SearchMode,
    pub limit: usize,
    /// How many passages before and behind each result are added to it.
    pub neighbours: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    pub document_id: DocumentId,
    pub title: String,
    pub heading: String,
    pub content: String,
    /// From 0 to 1: see [`fusion::Fused`].
    pub relevance: f64,
    /// The bytes of the document's text that the passage is.
    pub start: i64,
    pub end: i64,
    pub by_words: Option<Rank>,
    pub by_likeness: Option<Rank>,
}

/// Where one ranking has a passage: its place from 1, where it is among those that the ranking brought, and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    pub place: Option<usize>,
    pub score: f32,
}

#[derive(Debug, Clone, Default)]
pub struct Found {
    pub passages: Vec<Passage>,
    pub timing: Timing,
    /// Why only words were looked for.
    pub note: Option<String>,
}

/// The best passages, best first.
pub async fn search(app: &App, member: &Member, query: &str, limit: usize) -> Result<Vec<Passage>> {
    let query = Query { text: query.to_owned(), mode: SearchMode::Both, limit, neighbours: 0 };
    Ok(find(app, member, &query).await?.passages)
}

/// The same with all that the query may say, and how it went.
pub async fn find(app: &App, member: &Member, query: &Query) -> Result<Found> {
    if query.text.trim().is_empty() || query.text.chars().count() > QUERY_MAX {
        return Err(AppError::invalid("query", format!("Write what to look for, in at most {QUERY_MAX} characters.")));
    }
    let begun = Instant::now();
    let depth = DEPTH.max(2 * query.limit);
    let (by_words, by_likeness) = tokio::join!(read_lists(app, member, query), like(app, member, query, depth));
    let (lists, like) = (by_words?, by_likeness?);
    let mut timing = Timing { lists: lists.took, embed: like.embed, vectors: like.scan, ..Timing::default() };

    let generation = like.known.as_ref().map(|known| known.generation);
    let ids: Vec<i64> = like.near.hits.iter().map(|hit| hit.id).collect();
    let alike = app.store.passages(member).of_embeddings(generation, &ids).await?;
    let asked = Instant::now();
    let ranking = rank(lists, depth, alike.iter().map(|place| place.chunk).collect()).await?;
    timing.words = micros(asked.elapsed());
    let worded: Vec<i64> = ranking.hits.iter().map(|hit| hit.id).collect();
    let worded = app.store.passages(member).of_chunks(generation, &worded).await?;

    let mut passages = merge(app, member, query, (&ranking, worded), (&like, alike)).await?;
    if query.neighbours > 0 {
        widen(app, member, &mut passages, query.neighbours.min(NEIGHBOURS_MAX)).await?;
    }
    timing.total = micros(begun.elapsed());
    Ok(Found { passages: passages.into_iter().map(|(passage, _)| passage).collect(), timing, note: like.note })
}

/// What the group's lists say of the query's words.
#[derive(Default)]
struct Lists {
    words: usize,
    pieces: Vec<Piece>,
    totals: Totals,
    /// Passages that the lists have and that do not serve yet.
    hidden: Vec<i64>,
    took: i64,
}

async fn read_lists(app: &App, member: &Member, query: &Query) -> Result<Lists> {
    if query.mode == SearchMode::Vectors {
        return Ok(Lists::default());
    }
    let begun = Instant::now();
    let words = words::of_query(&query.text);
    let postings = app.store.postings(member);
    let (pieces, totals) = (postings.of(&words).await?, postings.totals().await?);
    // Behind the lists: what serves by then is in them, and not hidden.
    let hidden = app.store.passages(member).hidden().await?;
    Ok(Lists { words: words.len(), pieces, totals, hidden, took: micros(begun.elapsed()) })
}

async fn rank(lists: Lists, depth: usize, also: Vec<i64>) -> Result<RankedWords> {
    let Lists { words, pieces, totals, hidden, .. } = lists;
    let work = move || bm25::rank(pieces, words, totals, depth, Certain { also: &also, hidden: &hidden });
    Ok(RankedWords { ranking: tokio::task::spawn_blocking(work).await.map_err(internal)?, words })
}

struct RankedWords {
    ranking: Ranking,
    words: usize,
}

impl std::ops::Deref for RankedWords {
    type Target = Ranking;

    fn deref(&self) -> &Ranking {
        &self.ranking
    }
}

/// What the group's vectors say of the query.
#[derive(Default)]
struct Like {
    near: Nearest,
    known: Option<Known>,
    embed: i64,
    scan: i64,
    note: Option<String>,
}

struct Known {
    generation: crate::ids::EmbeddingGenerationId,
    vectors: Loaded,
    query: Vec<f32>,
}

/// Without vectors a search goes on by words alone, and says so; unless vectors are all that was asked for.
async fn like(app: &App, member: &Member, query: &Query, depth: usize) -> Result<Like> {
    if query.mode == SearchMode::Text {
        return Ok(Like::default());
    }
    let serving = match generations::serving(app, member).await? {
        Ok(serving) => serving,
        Err(note) if query.mode == SearchMode::Both => return Ok(Like { note: Some(note), ..Like::default() }),
        Err(message) => return Err(AppError::Unavailable { message }),
    };
    let begun = Instant::now();
    let asked = match queries::vector(app, member, &serving.name, &query.text).await? {
        Ok(vector) => vector,
        Err(note) if query.mode == SearchMode::Both => return Ok(Like { note: Some(note), ..Like::default() }),
        Err(message) => return Err(AppError::Unavailable { message }),
    };
    let embed = micros(begun.elapsed());
    let vectors = app.vectors.of(&app.store, member, serving.serving).await?;
    let hidden = app.store.passages(member).hidden_embeddings(serving.serving.generation).await?;
    let (scanned, wanted, hidden) = (vectors.clone(), asked.clone(), HashSet::from_iter(hidden));
    let work = move || {
        let begun = Instant::now();
        (scanned.nearest(&wanted, depth, &hidden), micros(begun.elapsed()))
    };
    let (near, scan) = tokio::task::spawn_blocking(work).await.map_err(internal)?;
    let known = Some(Known { generation: serving.serving.generation, vectors, query: asked });
    Ok(Like { near, known, embed, scan, note: None })
}

/// Passages of the same text are one, and of each only the best are read whole. Each comes with its place.
async fn merge(
    app: &App,
    member: &Member,
    query: &Query,
    (ranking, worded): (&RankedWords, Vec<Place>),
    (like, alike): (&Like, Vec<Place>),
) -> Result<Vec<(Passage, i64)>> {
    let merged = Merged::of(worded.into_iter().chain(alike));
    let by_words = merged.best(ranking.hits.iter().chain(&ranking.also).map(|hit| (hit.id, hit.score)));
    let mut by_likeness = merged.best(like.near.hits.iter().filter_map(|hit| Some((merged.chunk_of(hit.id)?, hit.score))));
    if let Some(Known { vectors, query, .. }) = &like.known {
        // What only words have found is compared, too.
        let missing: Vec<(i64, i64)> = merged.embeddings().filter(|(chunk, _)| !by_likeness.contains_key(chunk)).collect();
        let likeness = vectors.likeness(&missing.iter().map(|(_, embedding)| *embedding).collect::<Vec<_>>(), query);
        by_likeness.extend(missing.into_iter().filter_map(|(chunk, embedding)| Some((chunk, *likeness.get(&embedding)?))));
    }
    let hits = |scores: &HashMap<i64, f32>| scores.iter().map(|(id, score)| super::top::Hit { id: *id, score: *score }).collect();
    let (words, likeness): (Vec<_>, Vec<_>) = (hits(&by_words), hits(&by_likeness));
    let Nearest { rows, mean, spread, .. } = like.near;
    let scale = Scale { bound: ranking.bound, words: ranking.words, vectors: rows, mean, spread };
    let mut fused = fusion::fuse(&fusion::candidates(&words, &likeness), scale);
    fused.truncate(query.limit);

    let ids: Vec<i64> = fused.iter().map(|one| one.id).collect();
    let mut contents = app.store.passages(member).contents(&ids).await?;
    let places_by_words = merged.places(ranking.hits.iter().map(|hit| hit.id));
    let places_by_likeness = merged.places(like.near.hits.iter().filter_map(|hit| merged.chunk_of(hit.id)));
    let rank = |scores: &HashMap<i64, f32>, places: &HashMap<i64, usize>, id: i64| {
        Some(Rank { score: *scores.get(&id)?, place: places.get(&id).copied() })
    };
    Ok(fused
        .into_iter()
        .filter_map(|one| {
            let content = contents.remove(&one.id)?;
            let passage = Passage {
                document_id: content.document,
                title: content.title,
                heading: content.heading,
                content: content.text,
                relevance: f64::from(one.relevance),
                start: content.start,
                end: content.end,
                by_words: rank(&by_words, &places_by_words, one.id),
                by_likeness: rank(&by_likeness, &places_by_likeness, one.id),
            };
            Some((passage, one.id))
        })
        .collect())
}

/// Adds what stands before and behind each passage in its document.
async fn widen(app: &App, member: &Member, passages: &mut [(Passage, i64)], neighbours: i64) -> Result<()> {
    let chunks: Vec<i64> = passages.iter().map(|(_, chunk)| *chunk).collect();
    let mut around = app.store.passages(member).around(&chunks, neighbours).await?;
    for (passage, chunk) in passages {
        if let Some((start, content)) = around.remove(chunk) {
            passage.start = start;
            passage.end = start + content.len() as i64;
            passage.content = content;
        }
    }
    Ok(())
}

fn micros(took: Duration) -> i64 {
    took.as_micros() as i64
}
