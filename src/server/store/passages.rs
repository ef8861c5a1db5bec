//! Passages as a search finds them: only those of the versions that serve, and only the group's.

use super::db::{Db, FromRow, Row, Run};
use crate::{
    error::Result,
    ids::{DocumentId, EmbeddingGenerationId, GroupId},
};
use std::collections::HashMap;

pub struct Passages<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// Where a found passage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub chunk: i64,
    /// The hash of its text.
    pub passage: Vec<u8>,
    /// Its vector, where there is one.
    pub embedding: Option<i64>,
}

/// A passage, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub document: DocumentId,
    pub title: String,
    pub heading: String,
    pub text: String,
    pub start: i64,
    pub end: i64,
}

const OF_CHUNKS: &str = "SELECT c.id, c.passage, e.id AS embedding FROM json_each($3) AS wanted \
    CROSS JOIN chunks c ON c.id = wanted.value \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id \
    LEFT JOIN embeddings e ON e.group_id = c.group_id AND e.generation_id = $2 AND e.passage = c.passage \
    WHERE c.group_id = $1";

const OF_EMBEDDINGS: &str = "SELECT c.id, c.passage, e.id AS embedding FROM json_each($3) AS wanted \
    CROSS JOIN embeddings e ON e.id = wanted.value \
    JOIN chunks c ON c.group_id = e.group_id AND c.passage = e.passage \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id \
    WHERE e.group_id = $1 AND e.generation_id = $2";

const CONTENTS: &str = "SELECT c.id, c.document_id, d.title, c.heading, c.text, c.start_byte, c.end_byte FROM json_each($2) AS wanted \
    CROSS JOIN chunks c ON c.id = wanted.value \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id WHERE c.group_id = $1";

/// The text of a version from the first to the last of a chunk's neighbours, in bytes.
const AROUND: &str = "SELECT r.start_byte, SUBSTR(CAST(v.text AS BLOB), r.start_byte + 1, r.end_byte - r.start_byte) AS text \
    FROM (SELECT MIN(n.start_byte) AS start_byte, MAX(n.end_byte) AS end_byte, c.version_id FROM chunks c \
        JOIN chunks n ON n.group_id = c.group_id AND n.document_id = c.document_id AND n.version_id = c.version_id \
            AND n.ordinal BETWEEN c.ordinal - $3 AND c.ordinal + $3 WHERE c.group_id = $1 AND c.id = $2 GROUP BY c.version_id) r \
    JOIN document_versions v ON v.group_id = $1 AND v.id = r.version_id";

impl Passages<'_> {
    /// Those of these chunks that serve.
    pub async fn of_chunks(&self, generation: Option<EmbeddingGenerationId>, chunks: &[i64]) -> Result<Vec<Place>> {
        if chunks.is_empty() {
            return Ok(Vec::new());
        }
        self.db.all(OF_CHUNKS, (self.group, generation, super::json(&chunks)?)).await
    }

    /// The chunks that serve and have these vectors.
    pub async fn of_embeddings(&self, generation: Option<EmbeddingGenerationId>, embeddings: &[i64]) -> Result<Vec<Place>> {
        if embeddings.is_empty() {
            return Ok(Vec::new());
        }
        self.db.all(OF_EMBEDDINGS, (self.group, generation, super::json(&embeddings)?)).await
    }

    /// By chunk.
    pub async fn contents(&self, chunks: &[i64]) -> Result<HashMap<i64, Content>> {
        let rows = self.db.rows(CONTENTS, (self.group, super::json(&chunks)?)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, Content::from_row(row)?))).collect::<sqlx::Result<_>>()?)
    }

    /// The text from some chunks before a chunk to some behind it, and where it begins.
    pub async fn around(&self, chunk: i64, neighbours: i64) -> Result<Option<(i64, String)>> {
        let rows = self.db.rows(AROUND, (self.group, chunk, neighbours)).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (start, bytes): (i64, Option<Vec<u8>>) = (row.get("start_byte")?, row.get("text")?);
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(|text| (start, text)))
    }
}

impl FromRow for Place {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { chunk: row.get("id")?, passage: row.get("passage")?, embedding: row.get("embedding")? })
    }
}

impl FromRow for Content {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (title, heading, text) = (row.get("title")?, row.get("heading")?, row.get("text")?);
        Ok(Self {
            document: row.get("document_id")?,
            title,
            heading,
            text,
            start: row.get("start_byte")?,
            end: row.get("end_byte")?,
        })
    }
}
