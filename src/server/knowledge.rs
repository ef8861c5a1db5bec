//! What a group knows: its documents, and finding passages in them (by words, for now).
//!
//! | module | what it does |
//! |---|---|
//! | [`documents`] | adding, replacing and deleting documents |
//! | [`detect`], [`fetch`] | what a content is; getting one from an address |
//! | [`ingest`] | building versions in the background |
//! | [`extract`], [`chunk`] | from a content to its text, from a text to its passages |

pub mod chunk;
pub mod detect;
pub mod documents;
pub mod extract;
pub mod fetch;
pub mod ingest;

use crate::{
    error::Result,
    ids::DocumentId,
    server::{failure::internal, member::Member, state::App, store::documents::Whole},
};
use std::collections::HashSet;

/// Words of a query that are looked for.
const WORDS: usize = 8;

/// Documents that are read for one word.
const DOCUMENTS: usize = 50;

/// The longest passage, in bytes.
const PASSAGE: usize = 1_200;

pub struct Passage {
    pub document_id: DocumentId,
    pub title: String,
    pub content: String,
    /// The part of the query's words that the passage or its title has: 0 to 1.
    pub relevance: f64,
    /// The bytes of the document's text that the passage is.
    pub start: i64,
    pub end: i64,
}

/// The passages with the most words of the query, best first.
pub async fn search(app: &App, member: &Member, query: &str, limit: usize) -> Result<Vec<Passage>> {
    let words = words(query);
    let mut seen = HashSet::new();
    let mut documents = Vec::new();
    for word in &words {
        let found = app.store.documents(member).containing(word, DOCUMENTS).await?;
        documents.extend(found.into_iter().filter(|document| seen.insert(document.id)));
    }
    // Whole documents are read word by word: not on a thread that others wait for.
    let read = move || documents.iter().flat_map(|document| passages_of(document, &words)).collect::<Vec<_>>();
    let mut passages = tokio::task::spawn_blocking(read).await.map_err(internal)?;
    passages.sort_by(|a: &Passage, b: &Passage| b.relevance.total_cmp(&a.relevance).then(a.start.cmp(&b.start)));
    passages.truncate(limit);
    Ok(passages)
}

/// Words of three letters and more, each once, in lower case.
fn words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in query.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        if word.chars().count() > 2 && !words.contains(&word) {
            words.push(word);
        }
    }
    words.truncate(WORDS);
    words
}

fn passages_of(document: &Whole, words: &[String]) -> Vec<Passage> {
    let title = document.title.to_lowercase();
    let mut at = 0;
    let mut found = Vec::new();
    for paragraph in document.text.split_inclusive("\n\n").flat_map(windows) {
        let start = at;
        at += paragraph.len();
        let text = paragraph.trim_end();
        let lower = text.to_lowercase();
        let has = words.iter().filter(|word| lower.contains(word.as_str())).count();
        // A title that fits brings the document's beginning.
        if text.is_empty() || has == 0 && (start > 0 || !words.iter().any(|word| title.contains(word.as_str()))) {
            continue;
        }
        let in_all = words.iter().filter(|word| lower.contains(word.as_str()) || title.contains(word.as_str())).count();
        found.push(Passage {
            document_id: document.id,
            title: document.title.clone(),
            content: text.to_owned(),
            relevance: in_all as f64 / words.len() as f64,
            start: start as i64,
            end: (start + text.len()) as i64,
        });
    }
    found
}

/// A long paragraph in pieces of at most [`PASSAGE`] bytes, cut behind a line or a word where there is one.
fn windows(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while text.len() > PASSAGE {
        let end = (0..=PASSAGE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let end = text[..end].rfind(char::is_whitespace).map_or(end, |at| at + 1);
        let (piece, rest) = text.split_at(if text.is_char_boundary(end) { end } else { text.len() });
        pieces.push(piece);
        text = rest;
    }
    pieces.push(text);
    pieces
}
