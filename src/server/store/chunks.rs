//! Chunks: the passages of a document's version. What else is kept of a passage (its words for full text, its vectors)
//! comes and goes in these two functions and nowhere else, in the transaction of the chunk itself.

#[cfg(test)]
pub mod fixture;

use super::{
    db::{FromRow, Row, Run as _, Tx},
    embeddings, postings,
};
use crate::{
    error::{AppError, Result},
    ids::{DocumentId, DocumentVersionId, GroupId},
    server::knowledge::{passage, postings::Indexed},
};
use std::collections::HashMap;

/// Whose chunks they are.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    pub group: GroupId,
    pub document: DocumentId,
    pub version: DocumentVersionId,
}

/// A passage on its way in. `start` and `end` are bytes of the version's text, and `text` is exactly what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChunk {
    pub ordinal: i64,
    pub start: i64,
    pub end: i64,
    /// The headings above it, outermost first.
    pub heading: String,
    pub text: String,
    pub hash: [u8; 32],
}

const INSERT: &str = "INSERT INTO chunks \
    (group_id, document_id, version_id, ordinal, start_byte, end_byte, heading, text, hash, title, titled, passage) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const TITLE: &str = "SELECT title FROM documents WHERE group_id = $1 AND id = $2";

const BEGINNING: &str = "SELECT text FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3 AND ordinal = 0";

const IDS: &str = "SELECT id, ordinal FROM chunks \
    WHERE group_id = $1 AND document_id = $2 AND version_id = $3 AND ordinal BETWEEN $4 AND $5 ORDER BY ordinal";

const INDEXED: &str = "SELECT id, title, titled, heading, text FROM chunks \
    WHERE group_id = $1 AND document_id = $2 AND version_id = $3 AND id > $4 ORDER BY id LIMIT $5";

/// How many passages are in memory at once, with their words: a hostile document has very many.
const PAGE: i64 = 400;

const RETITLE: &str = "UPDATE chunks SET title = $3, titled = $4, passage = $5 WHERE group_id = $1 AND id = $2";

const OTHERWISE_TITLED: &str = "SELECT DISTINCT version_id FROM chunks WHERE group_id = $1 AND document_id = $2 AND title <> $3";

const VERSIONS: &str = "SELECT DISTINCT version_id FROM chunks WHERE group_id = $1 AND document_id = $2";

const REMOVE: &str = "DELETE FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

/// Adds chunks to a version that nobody sees yet. A long document comes in several transactions.
pub(super) async fn insert(tx: &mut Tx, of: Of, chunks: &[NewChunk]) -> Result<()> {
    let ordinals = chunks.iter().map(|chunk| chunk.ordinal);
    let (Some(first), Some(last)) = (ordinals.clone().min(), ordinals.max()) else { return Ok(()) };
    let rows = tx.rows(TITLE, (of.group, of.document)).await?;
    let title: String = rows.first().ok_or(AppError::NotFound)?.get("title")?;
    let titled = match chunks.iter().find(|chunk| chunk.ordinal == 0) {
        Some(beginning) => !passage::is_cut_from(&title, &beginning.text),
        None => titled(tx, of, &title).await?,
    };
    for chunk in chunks {
        let place = (of.group, of.document, of.version, chunk.ordinal, chunk.start, chunk.end);
        let hash = passage::hash(&title, &chunk.heading, &chunk.text);
        let what = (&chunk.heading, &chunk.text, chunk.hash, &title, titled, hash);
        tx.later(INSERT, super::bind::Chain(place, what));
    }
    let rows = tx.rows(IDS, (of.group, of.document, of.version, first, last)).await?;
    let ids: HashMap<i64, i64> = rows.iter().map(|row| Ok((row.get("ordinal")?, row.get("id")?))).collect::<sqlx::Result<_>>()?;
    let indexed = chunks.iter().filter_map(|chunk| {
        let id = *ids.get(&chunk.ordinal)?;
        Some(Indexed { id, words: words(&title, titled, &chunk.heading, &chunk.text) })
    });
    postings::add(tx, of.group, &indexed.collect::<Vec<_>>()).await?;
    embeddings::enqueue(tx, of, first, last).await
}

/// The document has another title, which is part of what is searched: its chunks are indexed anew.
pub(super) async fn retitle(tx: &mut Tx, group: GroupId, document: DocumentId, title: &str) -> Result<()> {
    for row in tx.rows(OTHERWISE_TITLED, (group, document, title)).await? {
        let of = Of { group, document, version: row.get("version_id")? };
        embeddings::remove(tx, of).await?;
        let titled = titled(tx, of, title).await?;
        let mut behind = 0;
        loop {
            let rows = page(tx, of, behind).await?;
            let Some(last) = rows.last() else { break };
            behind = last.get("id")?;
            let before: Vec<Indexed> = rows.iter().map(Indexed::from_row).collect::<sqlx::Result<_>>()?;
            postings::remove(tx, of.group, &before).await?;
            let mut after = Vec::with_capacity(rows.len());
            for row in &rows {
                let (id, heading, text): (i64, String, String) = (row.get("id")?, row.get("heading")?, row.get("text")?);
                tx.later(RETITLE, (group, id, title, titled, passage::hash(title, &heading, &text)));
                after.push(Indexed { id, words: words(title, titled, &heading, &text) });
            }
            postings::add(tx, of.group, &after).await?;
        }
        embeddings::enqueue(tx, of, 0, i64::MAX).await?;
    }
    Ok(())
}

/// Whether the title is among the words of this version's passages.
async fn titled(tx: &mut Tx, of: Of, title: &str) -> Result<bool> {
    let rows = tx.rows(BEGINNING, (of.group, of.document, of.version)).await?;
    let Some(beginning) = rows.first() else { return Ok(true) };
    Ok(!passage::is_cut_from(title, &beginning.get::<String>("text")?))
}

fn words(title: &str, titled: bool, heading: &str, text: &str) -> Vec<String> {
    passage::words(if titled { title } else { "" }, heading, text)
}

/// Some chunks of a version, those behind an id.
async fn page(tx: &mut Tx, of: Of, behind: i64) -> Result<Vec<Row>> {
    tx.rows(INDEXED, (of.group, of.document, of.version, behind, PAGE)).await
}

/// Removes every chunk of a version, with all that is kept of them.
pub(super) async fn remove(tx: &mut Tx, of: Of) -> Result<()> {
    let mut behind = 0;
    loop {
        let rows = page(tx, of, behind).await?;
        let Some(last) = rows.last() else { break };
        behind = last.get("id")?;
        let indexed: Vec<Indexed> = rows.iter().map(Indexed::from_row).collect::<sqlx::Result<_>>()?;
        postings::remove(tx, of.group, &indexed).await?;
    }
    embeddings::remove(tx, of).await?;
    tx.exec(REMOVE, (of.group, of.document, of.version)).await?;
    Ok(())
}

/// Removes every chunk of a document, of all its versions, with all that is kept of them.
pub(super) async fn remove_all(tx: &mut Tx, group: GroupId, document: DocumentId) -> Result<()> {
    for row in tx.rows(VERSIONS, (group, document)).await? {
        remove(tx, Of { group, document, version: row.get("version_id")? }).await?;
    }
    Ok(())
}

/// The words with which a chunk was added: its title is kept as it was then.
impl FromRow for Indexed {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (title, heading, text): (String, String, String) = (row.get("title")?, row.get("heading")?, row.get("text")?);
        Ok(Self { id: row.get("id")?, words: words(&title, row.get("titled")?, &heading, &text) })
    }
}
