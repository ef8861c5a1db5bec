//! Documents of a group.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{DocumentId, GroupId, PersonId},
    model::Millis,
};

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

const INSERT: &str = "INSERT INTO documents (id, group_id, title, text, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)";

const CONTAINING: &str = "SELECT id, title, text FROM documents WHERE group_id = $1 \
    AND (LOWER(title) LIKE $2 ESCAPE '\\' OR LOWER(text) LIKE $2 ESCAPE '\\') ORDER BY id DESC LIMIT $3";

impl Documents<'_> {
    pub async fn insert(&self, tx: &mut Tx, document: &Document, now: Millis) -> Result<()> {
        tx.exec(INSERT, (document.id, self.group, &document.title, &document.text, self.person, now)).await?;
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
