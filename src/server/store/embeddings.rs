//! Vectors of passages: the generations that models made, the queue of what is to be embedded, and what was removed.

use super::{
    System,
    chunks::Of,
    db::{Db, FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::{EmbeddingGenerationId, GroupId},
    server::knowledge::vectors::{self, Stored},
};

pub mod generations;
pub mod queue;

/// What a member's search reads.
pub struct Embeddings<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

const BEHIND: &str =
    "SELECT id, vector FROM embeddings WHERE group_id = $1 AND generation_id = $2 AND id > $3 ORDER BY id LIMIT $4";

const LAST_REMOVAL: &str = "SELECT COALESCE(MAX(id), 0) AS last FROM embedding_removals WHERE group_id = $1";

const REMOVALS: &str = "SELECT id, embedding_id FROM embedding_removals WHERE group_id = $1 AND id > $2 ORDER BY id";

const FORGET_REMOVALS: &str = "DELETE FROM embedding_removals";

/// A vector goes with the last chunk that has its text.
const NOTE_REMOVED: &str = "INSERT INTO embedding_removals (group_id, embedding_id) SELECT e.group_id, e.id FROM embeddings e \
    WHERE e.group_id = $1 AND e.passage IN (SELECT passage FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3) \
    AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.group_id = $1 AND c.passage = e.passage AND NOT (c.document_id = $2 AND c.version_id = $3))";

const REMOVE: &str = "DELETE FROM embeddings \
    WHERE group_id = $1 AND passage IN (SELECT passage FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3) \
    AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.group_id = $1 AND c.passage = embeddings.passage \
        AND NOT (c.document_id = $2 AND c.version_id = $3))";

const UNQUEUE: &str = "DELETE FROM embedding_queue \
    WHERE group_id = $1 AND passage IN (SELECT passage FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3) \
    AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.group_id = $1 AND c.passage = embedding_queue.passage \
        AND NOT (c.document_id = $2 AND c.version_id = $3))";

impl Embeddings<'_> {
    /// Vectors of a generation with greater ids, oldest first.
    pub async fn behind(&self, generation: EmbeddingGenerationId, id: i64, limit: i64) -> Result<Vec<Stored>> {
        self.db.all(BEHIND, (self.group, generation, id, limit)).await
    }

    pub async fn last_removal(&self) -> Result<i64> {
        Ok(self.db.rows(LAST_REMOVAL, (self.group,)).await?.first().map(|row| row.get("last")).transpose()?.unwrap_or(0))
    }

    /// Removals behind this one, each with the vector that went.
    pub async fn removals_behind(&self, id: i64) -> Result<Vec<(i64, i64)>> {
        let rows = self.db.rows(REMOVALS, (self.group, id)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, row.get("embedding_id")?))).collect::<sqlx::Result<_>>()?)
    }
}

impl System<'_> {
    /// At start-up nothing is in memory that removals could concern.
    pub async fn forget_removals(&self) -> Result<()> {
        self.db.exec(FORGET_REMOVALS, ()).await?;
        Ok(())
    }
}

/// Removes the vectors that only these chunks need, and takes them out of the queue. The chunks go behind this.
pub(super) async fn remove(tx: &mut Tx, of: Of) -> Result<()> {
    for statement in [NOTE_REMOVED, REMOVE, UNQUEUE] {
        tx.later(statement, (of.group, of.document, of.version));
    }
    Ok(())
}

/// Puts what these chunks bring into the queue of every generation that has no vector of it.
pub(super) async fn enqueue(tx: &mut Tx, of: Of, first: i64, last: i64) -> Result<()> {
    queue::add(tx, of, first, last).await
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.get("id")?, vector: row.get("vector")? })
    }
}

fn vector(values: &[f32]) -> Vec<u8> {
    vectors::bytes(values)
}
