//! Documents of a group.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{DocumentId, GroupId, PersonId},
    model::Millis,
};
use sha2::{Digest as _, Sha256};

pub struct Documents<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

pub struct Document {
    pub id: DocumentId,
    pub title: String,
    pub text: String,
}

const INSERT: &str =
    "INSERT INTO documents (id, group_id, title, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";

const INSERT_VERSION: &str = "INSERT INTO document_versions \
    (id, group_id, document_id, hash, media_type, size, status, text, attempt, created_by, created_at, finished_at) \
    VALUES ($1, $2, $1, $3, 'text/plain', $4, 'ready', $5, 0, $6, $7, $7)";

const SERVE: &str = "UPDATE documents SET version_id = $3, updated_at = $4 WHERE group_id = $1 AND id = $2";

const CONTAINING: &str = "SELECT d.id, d.title, v.text FROM documents d \
    JOIN document_versions v ON v.group_id = d.group_id AND v.document_id = d.id AND v.id = d.version_id \
    WHERE d.group_id = $1 AND (LOWER(d.title) LIKE $2 ESCAPE '\\' OR LOWER(v.text) LIKE $2 ESCAPE '\\') ORDER BY d.id DESC LIMIT $3";

impl Documents<'_> {
    pub async fn insert(&self, tx: &mut Tx, document: &Document, now: Millis) -> Result<()> {
        let Document { id, title, text } = document;
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        tx.exec(INSERT, (*id, self.group, title, self.person, now)).await?;
        tx.exec(INSERT_VERSION, (*id, self.group, hash, text.len() as i64, text, self.person, now)).await?;
        tx.exec(SERVE, (self.group, *id, id.uuid(), now)).await?;
        Ok(())
    }

    /// Documents with this word, newest first.
    pub async fn containing(&self, word: &str, limit: usize) -> Result<Vec<Document>> {
        self.db.all(CONTAINING, (self.group, super::like(word), limit as i64)).await
    }
}

impl FromRow for Document {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.get("id")?, title: row.get("title")?, text: row.get("text")? })
    }
}
