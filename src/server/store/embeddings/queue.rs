//! The queue of passages that a generation has no vector of. It is rows and nothing else, so a server that dies in the
//! middle goes on where the last batch was written.

use super::{System, generations::Generation, vector};
use crate::{
    error::Result,
    ids::GroupId,
    model::Millis,
    server::store::{
        chunks::Of,
        db::{FromRow, Row, Run, Tx},
        json,
    },
};

/// How often a passage is tried before it is given up. Words find it all the same.
pub(super) const ATTEMPTS: i64 = 5;

/// A passage to embed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub queued: i64,
    pub passage: Vec<u8>,
    pub attempts: i64,
    pub title: String,
    pub heading: String,
    pub text: String,
}

/// A passage with its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    pub queued: i64,
    pub passage: Vec<u8>,
    pub vector: Vec<f32>,
}

const ADD: &str = "INSERT INTO embedding_queue (group_id, generation_id, passage, attempts, not_before) \
    SELECT c.group_id, g.id, c.passage, 0, 0 FROM chunks c JOIN embedding_generations g ON g.group_id = c.group_id \
    WHERE c.group_id = $1 AND c.document_id = $2 AND c.version_id = $3 AND c.ordinal BETWEEN $4 AND $5 AND NOT EXISTS \
        (SELECT 1 FROM embeddings e WHERE e.group_id = c.group_id AND e.generation_id = g.id AND e.passage = c.passage) \
    ON CONFLICT (group_id, generation_id, passage) DO NOTHING";

/// Groups take turns: the next behind the one that was served last.
const NEXT: &str = "SELECT g.id, g.group_id, g.provider, g.model, g.dimension, g.status FROM embedding_generations g \
    WHERE g.group_id > $1 AND g.provider NOT IN (SELECT value FROM json_each($4)) AND EXISTS (SELECT 1 FROM embedding_queue q \
        WHERE q.group_id = g.group_id AND q.generation_id = g.id AND q.not_before <= $2 AND q.attempts < $3) \
    ORDER BY g.group_id, g.status DESC LIMIT 1";

const TAKE: &str = "SELECT q.id, q.passage, q.attempts, c.title, c.heading, c.text FROM embedding_queue q \
    JOIN chunks c ON c.id = (SELECT MIN(id) FROM chunks WHERE group_id = q.group_id AND passage = q.passage) \
    WHERE q.group_id = $1 AND q.generation_id = $2 AND q.not_before <= $3 AND q.attempts < $4 ORDER BY q.id LIMIT $5";

/// Written only where the passage is still there, and its generation too.
const KEEP: &str = "INSERT INTO embeddings (group_id, generation_id, passage, vector) SELECT $1, $2, $3, $4 \
    WHERE EXISTS (SELECT 1 FROM chunks WHERE group_id = $1 AND passage = $3) \
    AND EXISTS (SELECT 1 FROM embedding_generations WHERE group_id = $1 AND id = $2) \
    ON CONFLICT (group_id, generation_id, passage) DO NOTHING";

const DONE: &str = "DELETE FROM embedding_queue WHERE group_id = $1 AND id = $2";

const DIMENSION: &str = "UPDATE embedding_generations SET dimension = $3 WHERE group_id = $1 AND id = $2 AND dimension IS NULL";

const PUT_OFF: &str =
    "UPDATE embedding_queue SET attempts = attempts + 1, not_before = $3, error = $4 WHERE group_id = $1 AND id = $2";

pub(super) async fn add(tx: &mut Tx, of: Of, first: i64, last: i64) -> Result<()> {
    tx.later(ADD, (of.group, of.document, of.version, first, last));
    Ok(())
}

impl System<'_> {
    /// The generation whose turn it is: of the next group behind `last` that waits, and not for one of the providers `paused`.
    pub async fn next_to_embed(&self, last: GroupId, now: Millis, paused: &[&str]) -> Result<Option<Generation>> {
        self.db.opt(NEXT, (last, now, ATTEMPTS, json(&paused)?)).await
    }

    /// The passages that have waited longest.
    pub async fn to_embed(&self, generation: &Generation, now: Millis, limit: usize) -> Result<Vec<Passage>> {
        self.db.all(TAKE, (generation.group, generation.id, now, ATTEMPTS, limit as i64)).await
    }
}

/// Keeps vectors and takes their passages out of the queue, in one transaction.
pub async fn keep(tx: &mut Tx, generation: &Generation, embedded: &[Embedded]) -> Result<()> {
    for one in embedded {
        tx.later(KEEP, (generation.group, generation.id, one.passage.as_slice(), vector(&one.vector)));
        tx.later(DONE, (generation.group, one.queued));
    }
    if let Some(first) = embedded.first() {
        tx.later(DIMENSION, (generation.group, generation.id, first.vector.len() as i64));
    }
    Ok(())
}

/// A passage that failed waits until `not_before`.
pub async fn put_off(tx: &mut Tx, generation: &Generation, queued: i64, not_before: Millis, error: &str) -> Result<()> {
    tx.later(PUT_OFF, (generation.group, queued, not_before, error));
    Ok(())
}

impl FromRow for Passage {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (queued, passage, attempts) = (row.get("id")?, row.get("passage")?, row.get("attempts")?);
        Ok(Self { queued, passage, attempts, title: row.get("title")?, heading: row.get("heading")?, text: row.get("text")? })
    }
}
