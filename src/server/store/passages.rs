//! Passages as a search finds them: only those of the versions that serve, and only the group's.

use super::{
    db::{Db, FromRow, Row, Run},
    texts,
};
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

// `CROSS JOIN` keeps the order: from what is named to what belongs to it. Otherwise SQLite goes through all chunks of the group
// and looks for each of them in the list.
const OF_CHUNKS: &str = "SELECT c.id, c.passage, e.id AS embedding FROM json_each($3) AS wanted \
    CROSS JOIN chunks c ON c.id = wanted.value \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id \
    LEFT JOIN embeddings e ON e.group_id = c.group_id AND e.generation_id = $2 AND e.passage = c.passage \
    WHERE c.group_id = $1";

const OF_EMBEDDINGS: &str = "SELECT c.id, c.passage, e.id AS embedding FROM json_each($3) AS wanted \
    CROSS JOIN embeddings e ON e.id = wanted.value \
    CROSS JOIN chunks c ON c.group_id = e.group_id AND c.passage = e.passage \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id \
    WHERE e.group_id = $1 AND e.generation_id = $2";

const CONTENTS: &str = "SELECT c.id, c.document_id, d.title, c.heading, c.text, c.start_byte, c.end_byte FROM json_each($2) AS wanted \
    CROSS JOIN chunks c ON c.id = wanted.value \
    JOIN documents d ON d.group_id = c.group_id AND d.id = c.document_id AND d.version_id = c.version_id WHERE c.group_id = $1";

// Chunks of versions that do not serve yet. A version has none before its text is kept, nor any once it failed. `CROSS JOIN`
// keeps the order: from these few versions to their chunks, and not from all chunks of the group.
macro_rules! hidden {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM document_versions v ",
            "CROSS JOIN chunks c ON c.group_id = v.group_id AND c.document_id = v.document_id AND c.version_id = v.id ",
            $rest
        )
    };
}

const HIDDEN: &str =
    hidden!("c.id", "WHERE v.group_id = $1 AND v.text_bytes IS NOT NULL AND v.status IN ('queued', 'indexing') ORDER BY c.id");

/// A vector is hidden where no chunk that serves has its text.
const HIDDEN_EMBEDDINGS: &str = hidden!(
    "DISTINCT e.id",
    "CROSS JOIN embeddings e ON e.group_id = c.group_id AND e.generation_id = $2 AND e.passage = c.passage \
    WHERE v.group_id = $1 AND v.text_bytes IS NOT NULL AND v.status IN ('queued', 'indexing') AND NOT EXISTS \
        (SELECT 1 FROM chunks s JOIN documents d ON d.group_id = s.group_id AND d.id = s.document_id AND d.version_id = s.version_id \
        WHERE s.group_id = c.group_id AND s.passage = c.passage)"
);

/// The pieces of text that reach from the first to the last of each chunk's neighbours.
const AROUND: &str = "SELECT r.id, r.start_byte, r.end_byte, t.start_byte AS at, t.bytes \
    FROM (SELECT c.id, c.document_id, c.version_id, MIN(n.start_byte) AS start_byte, MAX(n.end_byte) AS end_byte \
        FROM json_each($2) AS wanted CROSS JOIN chunks c ON c.id = wanted.value \
        JOIN chunks n ON n.group_id = c.group_id AND n.document_id = c.document_id AND n.version_id = c.version_id \
            AND n.ordinal BETWEEN c.ordinal - $3 AND c.ordinal + $3 \
        WHERE c.group_id = $1 GROUP BY c.id, c.document_id, c.version_id) r \
    CROSS JOIN document_texts t ON t.group_id = $1 AND t.document_id = r.document_id AND t.version_id = r.version_id \
        AND t.start_byte > r.start_byte - $4 AND t.start_byte < r.end_byte \
    ORDER BY r.id, t.start_byte";

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

    /// Chunks that nobody may find yet, in order.
    pub async fn hidden(&self) -> Result<Vec<i64>> {
        ids(self.db.rows(HIDDEN, (self.group,)).await?)
    }

    /// Vectors of a generation that only such chunks have.
    pub async fn hidden_embeddings(&self, generation: EmbeddingGenerationId) -> Result<Vec<i64>> {
        ids(self.db.rows(HIDDEN_EMBEDDINGS, (self.group, generation)).await?)
    }

    /// By chunk.
    pub async fn contents(&self, chunks: &[i64]) -> Result<HashMap<i64, Content>> {
        let rows = self.db.rows(CONTENTS, (self.group, super::json(&chunks)?)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, Content::from_row(row)?))).collect::<sqlx::Result<_>>()?)
    }

    /// By chunk: where the text of its neighbours begins, so many on each side, and that text.
    pub async fn around(&self, chunks: &[i64], neighbours: i64) -> Result<HashMap<i64, (i64, String)>> {
        let rows = self.db.rows(AROUND, (self.group, super::json(&chunks)?, neighbours, texts::PIECE)).await?;
        let mut around = HashMap::new();
        let mut rest = &rows[..];
        while let Some(first) = rest.first() {
            let id: i64 = first.get("id")?;
            let bytes = first.get("start_byte")?..first.get("end_byte")?;
            let of_chunk = rest.iter().take_while(|row| row.get("id").is_ok_and(|other: i64| other == id)).count().max(1);
            let (pieces, others) = rest.split_at(of_chunk);
            rest = others;
            if let Ok(text) = String::from_utf8(texts::cut(&bytes, pieces.iter())?) {
                around.insert(id, (bytes.start, text));
            }
        }
        Ok(around)
    }
}

fn ids(rows: Vec<Row>) -> Result<Vec<i64>> {
    Ok(rows.iter().map(|row| row.get("id")).collect::<sqlx::Result<_>>()?)
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

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{AssertSqlSafe, Row as _};

    #[tokio::test]
    async fn what_is_named_is_looked_up_and_nothing_is_looked_through() {
        let folder = tempfile::tempdir().unwrap();
        let Db::Sqlite { read, .. } = Db::open(&folder.path().join("plans.db")).await.unwrap();
        let mut on = read.lend().await.unwrap();
        for sql in [OF_CHUNKS, OF_EMBEDDINGS, CONTENTS] {
            let explain = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
            let steps: Vec<String> = explain.fetch_all(on.get()).await.unwrap().iter().map(|step| step.get("detail")).collect();
            assert!(steps[0].starts_with("SCAN wanted"), "{steps:?}");
            assert!(steps[1..].iter().all(|step| step.starts_with("SEARCH") && !step.ends_with("(group_id=?)")), "{steps:?}");
        }
    }
}
