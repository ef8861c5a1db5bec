//! Versions of documents while they are built: fetched, extracted, cut, and put in the place of the version before, in one
//! step. Every write names the lease: a late owner changes nothing.

pub mod queue;

use super::{
    Store, System,
    chunks::{self, NewChunk},
    db::{Db, FromRow, Row, Run as _, Tx},
    texts,
};
use crate::{
    error::Result,
    ids::{DocumentId, DocumentVersionId, GroupId, PersonId},
    model::{Millis, document::DocumentKind, text::folded},
};
use uuid::Uuid;

/// The proof that a task builds a version. Only the store makes one, from the row that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    group: GroupId,
    document: DocumentId,
    version: DocumentVersionId,
    token: Uuid,
}

impl Job {
    pub fn group(&self) -> GroupId {
        self.group
    }

    pub fn document(&self) -> DocumentId {
        self.document
    }

    pub fn version(&self) -> DocumentVersionId {
        self.version
    }

    fn of(&self) -> chunks::Of {
        chunks::Of { group: self.group, document: self.document, version: self.version }
    }
}

/// A version that this process builds from now on.
pub struct Claimed {
    pub job: Job,
    pub kind: DocumentKind,
    pub title: String,
    pub file_name: Option<String>,
    pub source_url: Option<String>,
    pub person: Option<PersonId>,
    /// How often it was claimed, this time too.
    pub attempt: i64,
    /// Whether its text was extracted already, by one who died afterwards.
    pub has_text: bool,
}

/// A content that was fetched.
pub struct Fetched {
    pub hash: [u8; 32],
    pub kind: DocumentKind,
    pub bytes: Vec<u8>,
}

/// Another version that has the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub document: DocumentId,
    /// Of its document.
    pub title: String,
}

/// What the builder of a version may read and write.
pub struct Building<'a> {
    db: &'a Db,
    job: Job,
}

const RELEASE: &str = "UPDATE document_versions SET status = CASE status WHEN 'fetching' THEN 'fetching' ELSE 'queued' END, lease_token = NULL, lease_until = NULL, attempt = attempt - 1 \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const UPLOAD: &str = "SELECT bytes FROM uploads WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const TWIN: &str = "SELECT v.document_id, d.title FROM document_versions v \
    JOIN documents d ON d.group_id = v.group_id AND d.id = v.document_id \
    WHERE v.group_id = $1 AND v.hash = $2 AND v.id <> $3 AND v.status <> 'failed'";

const KEEP_CONTENT: &str = "UPDATE document_versions SET hash = $5, media_type = $6, size = $7, status = 'queued', attempt = 0, \
    lease_token = NULL, lease_until = NULL WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const INSERT_UPLOAD: &str = "INSERT INTO uploads (version_id, group_id, document_id, bytes) VALUES ($1, $2, $3, $4)";

const DROP: &str = "DELETE FROM document_versions WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const KEEP_TEXT: &str = "UPDATE document_versions SET text_bytes = $5, status = 'indexing' \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FORGET_UPLOAD: &str = "DELETE FROM uploads WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const HOLD: &str = "UPDATE document_versions SET lease_until = $5 \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FINISH: &str = "UPDATE document_versions SET status = 'ready', chunks = $5, finished_at = $6, lease_token = NULL, lease_until = NULL \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FAIL: &str = "UPDATE document_versions SET status = 'failed', error = $5, text_bytes = NULL, finished_at = $6, lease_token = NULL, lease_until = NULL \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const SERVE: &str = "UPDATE documents SET version_id = $3, updated_at = $4 WHERE group_id = $1 AND id = $2";

const OTHERS: &str = "SELECT id FROM document_versions WHERE group_id = $1 AND document_id = $2 AND id <> $3";

const DELETE: &str = "DELETE FROM document_versions WHERE group_id = $1 AND document_id = $2 AND id = $3";

const TITLE: &str = "UPDATE documents SET title = $3, title_folded = $4 WHERE group_id = $1 AND id = $2 AND title = $5";

impl Store {
    pub fn building(&self, job: Job) -> Building<'_> {
        Building { db: &self.db, job }
    }
}

impl Building<'_> {
    /// The content as it came.
    pub async fn upload(&self) -> Result<Option<Vec<u8>>> {
        let (group, document, version, _) = self.place();
        let rows = self.db.rows(UPLOAD, (group, document, version)).await?;
        Ok(rows.first().map(|row| row.get("bytes")).transpose()?)
    }

    /// The version that has this content already, and is of use.
    pub async fn twin(&self, tx: &mut Tx, hash: [u8; 32]) -> Result<Option<Twin>> {
        tx.opt(TWIN, (self.job.group, hash, self.job.version)).await
    }

    /// Keeps the content that was fetched: the version now waits to be built, and the lease is over.
    pub async fn keep_content(&self, tx: &mut Tx, fetched: Fetched) -> Result<bool> {
        let (group, document, version, token) = self.place();
        let Fetched { hash, kind, bytes } = fetched;
        let what = (group, document, version, token, hash, kind.media_type(), bytes.len() as i64);
        let held = tx.exec(KEEP_CONTENT, what).await? == 1;
        if held {
            tx.exec(INSERT_UPLOAD, (version, group, document, bytes)).await?;
        }
        Ok(held)
    }

    /// Removes a version that brought what its document serves already.
    pub async fn drop_version(&self, tx: &mut Tx) -> Result<bool> {
        Ok(tx.exec(DROP, self.place()).await? == 1)
    }

    /// The text that was kept.
    pub async fn text(&self) -> Result<String> {
        texts::whole(self.db, self.job.of()).await
    }

    /// Keeps the text, and forgets the content. Answers whether the lease still holds, as all of these do.
    pub async fn keep_text(&self, tx: &mut Tx, text: &str) -> Result<bool> {
        let (group, document, version, token) = self.place();
        let held = tx.exec(KEEP_TEXT, (group, document, version, token, text.len() as i64)).await? == 1;
        if held {
            texts::keep(tx, self.job.of(), text).await?;
        }
        tx.exec(FORGET_UPLOAD, (group, document, version)).await?;
        Ok(held)
    }

    /// The title that the content gives itself, where the document has only the name of its file.
    pub async fn name(&self, tx: &mut Tx, before: &str, title: &str) -> Result<()> {
        tx.exec(TITLE, (self.job.group, self.job.document, title, folded(title), before)).await?;
        Ok(())
    }

    /// Removes the chunks of an earlier attempt.
    pub async fn clear(&self, tx: &mut Tx) -> Result<()> {
        chunks::remove(tx, self.job.of()).await
    }

    pub async fn add_chunks(&self, tx: &mut Tx, chunks: &[NewChunk], until: Millis) -> Result<bool> {
        let (group, document, version, token) = self.place();
        let held = tx.exec(HOLD, (group, document, version, token, until)).await? == 1;
        if held {
            chunks::insert(tx, self.job.of(), chunks).await?;
        }
        Ok(held)
    }

    /// From this transaction on the version is the one that serves, and what served before is gone.
    pub async fn serve(&self, tx: &mut Tx, chunks: usize, now: Millis) -> Result<bool> {
        let (group, document, version, token) = self.place();
        if tx.exec(FINISH, (group, document, version, token, chunks as i64, now)).await? != 1 {
            return Ok(false);
        }
        tx.exec(SERVE, (group, document, version, now)).await?;
        for row in tx.rows(OTHERS, (group, document, version)).await? {
            let other: DocumentVersionId = row.get("id")?;
            chunks::remove(tx, chunks::Of { version: other, ..self.job.of() }).await?;
            tx.exec(DELETE, (group, document, other)).await?;
        }
        Ok(true)
    }

    /// Ends the version with a reason; what serves goes on serving.
    pub async fn fail(&self, tx: &mut Tx, why: &str, now: Millis) -> Result<bool> {
        let (group, document, version, token) = self.place();
        if tx.exec(FAIL, (group, document, version, token, why, now)).await? != 1 {
            return Ok(false);
        }
        chunks::remove(tx, self.job.of()).await?;
        texts::forget(tx, self.job.of());
        tx.exec(FORGET_UPLOAD, (group, document, version)).await?;
        Ok(true)
    }

    /// Gives the version back, as if it had not been claimed: the server stops.
    pub async fn release(&self) -> Result<()> {
        let (group, document, version, token) = self.place();
        self.db.exec(RELEASE, (group, document, version, token)).await?;
        Ok(())
    }

    fn place(&self) -> (GroupId, DocumentId, DocumentVersionId, Uuid) {
        (self.job.group, self.job.document, self.job.version, self.job.token)
    }
}

impl FromRow for Twin {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { document: row.get("document_id")?, title: row.get("title")? })
    }
}
