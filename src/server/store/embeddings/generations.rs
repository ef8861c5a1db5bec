//! Generations: all vectors of a group that one model made. One serves; another may be built beside it.

use super::{Embeddings, System};
use crate::{
    error::{AppError, Result},
    ids::{EmbeddingGenerationId, GroupId},
    model::Millis,
    server::store::db::{FromRow, Row, Run, Tx},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub id: EmbeddingGenerationId,
    pub group: GroupId,
    pub provider: String,
    pub model: String,
    /// Numbers in a vector; `None` until the first came.
    pub dimension: Option<i64>,
    pub status: GenerationStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenerationStatus {
    Building,
    Serving,
}

impl GenerationStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Serving => "serving",
        }
    }

    fn parse(text: &str) -> Result<Self, ()> {
        [Self::Building, Self::Serving].into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// How far a group's index is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Different passages.
    pub passages: i64,
    /// Of the newest generation.
    pub embedded: i64,
    pub waiting: i64,
    /// Passages that the model refused again and again.
    pub given_up: i64,
}

/// A group that has passages, and what was chosen for it.
pub struct Wish {
    pub group: GroupId,
    pub embedder: Option<String>,
    /// The generation that is built, else the one that serves, as "provider/model".
    pub newest: Option<String>,
}

const OF_GROUP: &str = "SELECT id, group_id, provider, model, dimension, status FROM embedding_generations \
    WHERE group_id = $1 ORDER BY status DESC";

/// The one that is built stands before the one that serves.
const WISHES: &str = "SELECT g.id, g.embedder, (SELECT e.provider || '/' || e.model FROM embedding_generations e \
        WHERE e.group_id = g.id ORDER BY e.status LIMIT 1) AS newest \
    FROM groups g WHERE EXISTS (SELECT 1 FROM chunks c WHERE c.group_id = g.id) ORDER BY g.id";

const CHOOSE: &str = "UPDATE groups SET embedder = $2 WHERE id = $1";

const CHOSEN: &str = "SELECT embedder FROM groups WHERE id = $1";

const INSERT: &str =
    "INSERT INTO embedding_generations (id, group_id, provider, model, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)";

const QUEUE_ALL: &str = "INSERT INTO embedding_queue (group_id, generation_id, passage, attempts, not_before) \
    SELECT group_id, $2, passage, 0, 0 FROM chunks WHERE group_id = $1 GROUP BY passage ORDER BY MIN(id)";

const DELETE: &str = "DELETE FROM embedding_generations WHERE group_id = $1 AND id = $2";

const SERVE: &str = "UPDATE embedding_generations SET status = 'serving' WHERE group_id = $1 AND id = $2";

/// What was given up stays in the queue.
const WHOLE: &str = "SELECT g.id, g.group_id, g.provider, g.model, g.dimension, g.status FROM embedding_generations g \
    WHERE g.status = 'building' AND NOT EXISTS \
        (SELECT 1 FROM embedding_queue q WHERE q.group_id = g.group_id AND q.generation_id = g.id)";

const TRY_AGAIN: &str = "UPDATE embedding_queue SET attempts = 0, not_before = 0 WHERE group_id = $1 AND attempts >= $2";

const PROGRESS: &str = "SELECT \
    (SELECT COUNT(DISTINCT passage) FROM chunks WHERE group_id = $1) AS passages, \
    (SELECT COUNT(*) FROM embeddings WHERE group_id = $1 AND generation_id = $2) AS embedded, \
    (SELECT COUNT(*) FROM embedding_queue WHERE group_id = $1 AND generation_id = $2 AND attempts < $3) AS waiting, \
    (SELECT COUNT(*) FROM embedding_queue WHERE group_id = $1 AND generation_id = $2 AND attempts >= $3) AS given_up";

impl Embeddings<'_> {
    /// The one that serves first.
    pub async fn generations(&self) -> Result<Vec<Generation>> {
        self.db.all(OF_GROUP, (self.group,)).await
    }

    /// How far the generation is; without one, how much there is to embed.
    pub async fn progress(&self, generation: Option<EmbeddingGenerationId>) -> Result<Progress> {
        self.db.one(PROGRESS, (self.group, generation, super::queue::ATTEMPTS)).await
    }

    /// What was chosen for the group; `None`: nothing, so the server's own model serves.
    pub async fn chosen(&self) -> Result<Option<String>> {
        let rows = self.db.rows(CHOSEN, (self.group,)).await?;
        Ok(rows.first().ok_or(AppError::NotFound)?.get("embedder")?)
    }

    pub async fn choose(&self, tx: &mut Tx, embedder: Option<&str>) -> Result<()> {
        tx.exec(CHOOSE, (self.group, embedder)).await?;
        // Whoever chooses, even the same once more, wants what was given up to be tried again.
        tx.exec(TRY_AGAIN, (self.group, super::queue::ATTEMPTS)).await?;
        Ok(())
    }
}

impl System<'_> {
    /// Every group that has passages, with what was chosen for it.
    pub async fn embedding_wishes(&self) -> Result<Vec<Wish>> {
        self.db.all(WISHES, ()).await
    }

    /// Generations that are built beside others and have a vector of every passage: none waits, and none was given up.
    pub async fn whole_generations(&self) -> Result<Vec<Generation>> {
        self.db.all(WHOLE, ()).await
    }
}

/// The same in a transaction, in which nothing can come in between.
pub async fn whole(tx: &mut Tx) -> Result<Vec<Generation>> {
    tx.all(WHOLE, ()).await
}

/// The one that serves first.
pub async fn of_group(tx: &mut Tx, group: GroupId) -> Result<Vec<Generation>> {
    tx.all(OF_GROUP, (group,)).await
}

/// Begins a generation: all passages of the group wait for it.
pub async fn begin(tx: &mut Tx, generation: &Generation, now: Millis) -> Result<()> {
    let Generation { id, group, provider, model, status, .. } = generation;
    tx.exec(INSERT, (*id, *group, provider, model, status.as_str(), now)).await?;
    tx.exec(QUEUE_ALL, (*group, *id)).await?;
    Ok(())
}

/// Removes a generation with its vectors, and what waits for it.
pub async fn drop_generation(tx: &mut Tx, generation: &Generation) -> Result<()> {
    tx.exec(DELETE, (generation.group, generation.id)).await?;
    Ok(())
}

/// From now on searches use this one. No other may serve.
pub async fn serve(tx: &mut Tx, generation: &Generation) -> Result<()> {
    tx.exec(SERVE, (generation.group, generation.id)).await?;
    Ok(())
}

impl FromRow for Generation {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            group: row.get("group_id")?,
            provider: row.get("provider")?,
            model: row.get("model")?,
            dimension: row.get("dimension")?,
            status: row.parse("status", GenerationStatus::parse)?,
        })
    }
}

impl FromRow for Progress {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (passages, embedded) = (row.get("passages")?, row.get("embedded")?);
        Ok(Self { passages, embedded, waiting: row.get("waiting")?, given_up: row.get("given_up")? })
    }
}

impl FromRow for Wish {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { group: row.get("id")?, embedder: row.get("embedder")?, newest: row.get("newest")? })
    }
}
