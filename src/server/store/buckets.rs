//! Token buckets in the database, so that a restart forgets nothing: what was taken, as of when.

use super::db::{Db, FromRow, Row, Run as _, Tx};
use crate::{error::Result, ids::GroupId, model::Millis};
use uuid::Uuid;

pub struct Buckets<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Messages,
    Tokens,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Tokens => "tokens",
        }
    }
}

/// A bucket's row.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    pub kind: Kind,
    pub scope_id: Uuid,
    /// In 60,000ths of a message or a token.
    pub level: i64,
    pub at: Millis,
}

// Changes nothing: it locks the rows.
const LOCK: &str = "UPDATE buckets SET at = at WHERE group_id = $1 AND kind IN ('messages', 'tokens') AND scope_id IN ($2, $3, $4) \
    RETURNING kind, scope_id, level, at";

const PUT: &str = "INSERT INTO buckets (group_id, kind, scope_id, level, at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (group_id, kind, scope_id) DO UPDATE SET level = excluded.level, at = excluded.at";

const SEE: &str = "SELECT kind, scope_id, level, at FROM buckets \
    WHERE group_id = $1 AND kind IN ('messages', 'tokens') AND scope_id IN ($2, $3, $4)";

impl Buckets<'_> {
    /// The buckets of a group, a person and a key, locked until the transaction ends.
    pub async fn lock(&self, tx: &mut Tx, person: Option<Uuid>, key: Option<Uuid>) -> Result<Vec<Stored>> {
        tx.all(LOCK, (self.group, self.group, person, key)).await
    }

    pub async fn see(&self, person: Option<Uuid>, key: Option<Uuid>) -> Result<Vec<Stored>> {
        self.db.all(SEE, (self.group, self.group, person, key)).await
    }

    pub fn put(&self, tx: &mut Tx, bucket: Stored) {
        tx.later(PUT, (self.group, bucket.kind.as_str(), bucket.scope_id, bucket.level, bucket.at));
    }
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let kind = |raw: &str| [Kind::Messages, Kind::Tokens].into_iter().find(|kind| kind.as_str() == raw).ok_or(());
        Ok(Self { kind: row.parse("kind", kind)?, scope_id: row.get("scope_id")?, level: row.get("level")?, at: row.get("at")? })
    }
}
