//! Versions of documents while they are built: claimed under a lease, extracted, cut, and put in the place of the version
//! before, in one step. Every write names the lease: a late owner changes nothing.

use super::{
    Store, System,
    chunks::{self, NewChunk},
    db::{Db, FromRow, Row, Run as _, Tx},
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
    /// What was extracted already, by one who died afterwards.
    pub text: Option<String>,
}

/// What the builder of a version may read and write.
pub struct Building<'a> {
    db: &'a Db,
    job: Job,
}

const CLAIM: &str = "UPDATE document_versions SET status = CASE WHEN text IS NULL THEN 'extracting' ELSE 'indexing' END, \
    lease_token = $1, lease_until = $2, attempt = attempt + 1 \
    WHERE id = (SELECT id FROM document_versions WHERE status IN ('queued', 'extracting', 'indexing') \
        AND status = 'queued' ORDER BY attempt, id LIMIT 1)";

const CLAIMED: &str = "SELECT v.id, v.group_id, v.document_id, v.lease_token, v.media_type, v.attempt, v.text, v.created_by, v.file_name, v.source_url, d.title \
    FROM document_versions v JOIN documents d ON d.group_id = v.group_id AND d.id = v.document_id \
    WHERE v.status IN ('queued', 'extracting', 'indexing') AND v.lease_token = $1";

const REQUEUE: &str = "UPDATE document_versions SET status = 'queued', lease_token = NULL, lease_until = NULL \
    WHERE status IN ('queued', 'extracting', 'indexing') AND status <> 'queued' AND lease_until < $1";

const RELEASE: &str = "UPDATE document_versions SET status = 'queued', lease_token = NULL, lease_until = NULL, attempt = attempt - 1 \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const UPLOAD: &str = "SELECT bytes FROM uploads WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const KEEP_TEXT: &str = "UPDATE document_versions SET text = $5, status = 'indexing' \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FORGET_UPLOAD: &str = "DELETE FROM uploads WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const HOLD: &str = "UPDATE document_versions SET lease_until = $5 \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FINISH: &str = "UPDATE document_versions SET status = 'ready', chunks = $5, finished_at = $6, lease_token = NULL, lease_until = NULL \
    WHERE group_id = $1 AND document_id = $2 AND id = $3 AND lease_token = $4";

const FAIL: &str = "UPDATE document_versions SET status = 'failed', error = $5, text = NULL, finished_at = $6, lease_token = NULL, lease_until = NULL \
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

impl System<'_> {
    /// Puts back what was being built under a lease that ended before `expired`; answers how many.
    pub async fn requeue_versions(&self, expired: Millis) -> Result<u64> {
        self.db.exec(REQUEUE, (expired,)).await
    }

    /// Claims the version that waits longest among those tried least, of whichever group. No tenant's proof exists here:
    /// the row itself says whose it is.
    pub async fn claim_version(&self, token: Uuid, until: Millis) -> Result<Option<Claimed>> {
        let mut tx = self.db.begin().await?;
        tx.later(CLAIM, (token, until));
        let claimed = tx.opt(CLAIMED, (token,)).await?;
        tx.commit().await?;
        Ok(claimed)
    }
}

impl Building<'_> {
    /// The content as it came.
    pub async fn upload(&self) -> Result<Option<Vec<u8>>> {
        let (group, document, version, _) = self.place();
        let rows = self.db.rows(UPLOAD, (group, document, version)).await?;
        Ok(rows.first().map(|row| row.get("bytes")).transpose()?)
    }

    /// Keeps the text, and forgets the content. Answers whether the lease still holds, as all of these do.
    pub async fn keep_text(&self, tx: &mut Tx, text: &str) -> Result<bool> {
        let (group, document, version, token) = self.place();
        let held = tx.exec(KEEP_TEXT, (group, document, version, token, text)).await? == 1;
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

impl FromRow for Claimed {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let job = Job {
            group: row.get("group_id")?,
            document: row.get("document_id")?,
            version: row.get("id")?,
            token: row.get("lease_token")?,
        };
        Ok(Self {
            job,
            kind: row.parse("media_type", |raw| DocumentKind::of_media_type(raw).ok_or(()))?,
            title: row.get("title")?,
            file_name: row.get("file_name")?,
            source_url: row.get("source_url")?,
            person: row.get("created_by")?,
            attempt: row.get("attempt")?,
            text: row.get("text")?,
        })
    }
}
