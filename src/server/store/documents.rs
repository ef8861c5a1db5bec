//! Documents of a group, as its members list, read, add and delete them. How a version is built stands in `versions`.

use super::{
    chunks,
    db::{Db, FromRow, Row, Run as _, Tx},
    texts,
};
use crate::{
    error::{AppError, Result},
    ids::{DocumentId, DocumentVersionId, GroupId, PersonId},
    model::{
        Millis,
        document::{Document, DocumentFilter, DocumentKind, DocumentStatus, Replacement},
        page::Page,
        task::Named,
        text::folded,
    },
};
use uuid::Uuid;

pub struct Documents<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

/// A content that comes in as a version.
pub struct NewVersion {
    pub id: DocumentVersionId,
    pub document: DocumentId,
    pub hash: [u8; 32],
    /// None: it is not there yet.
    pub kind: Option<DocumentKind>,
    pub file_name: Option<String>,
    pub source_url: Option<String>,
    /// None: it is still to be fetched from there.
    pub bytes: Option<Vec<u8>>,
}

/// What a group's documents still wait for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub versions: i64,
    /// Of their contents, as they came.
    pub bytes: i64,
}

impl Waiting {
    /// The most at once: what is more is sent again when some of it was read.
    pub const VERSIONS_MAX: i64 = 10_000;
    pub const BYTES_MAX: i64 = 4 << 30;
}

/// Where a content stands already.
pub struct Known {
    pub document: DocumentId,
    /// Whether the content is of any use: it serves, or may yet.
    pub alive: bool,
    /// Whether it is what the document serves.
    pub current: bool,
    /// Whether the document serves anything, be it another content.
    pub serves: bool,
}

/// A part of a text: whole bytes, perhaps not whole characters at its ends.
pub struct Part {
    pub bytes: Vec<u8>,
    pub length: i64,
    pub served_at: Option<Millis>,
}

// `c` is the version that serves, `n` the newest one. Ids grow with time.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.title, d.created_at, d.updated_at, d.created_by, p.name AS person_name, ",
            "COALESCE(c.media_type, n.media_type) AS media_type, COALESCE(c.file_name, n.file_name) AS file_name, ",
            "COALESCE(c.source_url, n.source_url) AS source_url, COALESCE(c.size, n.size) AS size, ",
            "COALESCE(c.chunks, 0) AS chunks, COALESCE(c.status, n.status) AS status, ",
            "n.status AS newest_status, n.error AS newest_error, c.id IS NOT NULL AS serves, n.id = c.id AS same ",
            "FROM documents d ",
            "LEFT JOIN document_versions c ON c.group_id = d.group_id AND c.document_id = d.id AND c.id = d.version_id ",
            "JOIN document_versions n ON n.group_id = d.group_id AND n.document_id = d.id ",
            "AND n.id = (SELECT id FROM document_versions WHERE group_id = d.group_id AND document_id = d.id ORDER BY id DESC LIMIT 1) ",
            "LEFT JOIN people p ON p.id = d.created_by ",
            "WHERE d.group_id = $1 ",
            $rest
        )
    };
}

const GET: &str = select!("AND d.id = $2");

const LIST: &str = select!("AND ($2 IS NULL OR d.title_folded LIKE $2 ESCAPE '\\') AND d.id < $3 ORDER BY d.id DESC LIMIT $4");

const INSERT: &str = "INSERT INTO documents (id, group_id, title, title_folded, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)";

const INSERT_VERSION: &str = "INSERT INTO document_versions \
    (id, group_id, document_id, hash, media_type, file_name, source_url, size, status, attempt, created_by, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)";

const INSERT_UPLOAD: &str = "INSERT INTO uploads (version_id, group_id, document_id, bytes) VALUES ($1, $2, $3, $4)";

const TOUCH: &str = "UPDATE documents SET updated_at = $3 WHERE group_id = $1 AND id = $2";

const RENAME: &str = "UPDATE documents SET title = $3, title_folded = $4 WHERE group_id = $1 AND id = $2 AND title <> $3";

macro_rules! known {
    ($by:literal) => {
        concat!(
            "SELECT v.document_id, v.status <> 'failed' AS alive, d.version_id IS NOT NULL AS serves, ",
            "COALESCE(d.version_id = v.id, FALSE) AS current ",
            "FROM document_versions v JOIN documents d ON d.group_id = v.group_id AND d.id = v.document_id WHERE v.group_id = $1 AND ",
            $by,
            " ORDER BY v.status <> 'failed' DESC, d.version_id IS NOT NULL, v.id DESC LIMIT 1"
        )
    };
}

const OF_CONTENT: &str = known!("v.hash = $2");

const OF_ADDRESS: &str = known!("v.source_url = $2");

const UNFINISHED: &str = "SELECT COUNT(*) AS versions, COALESCE(SUM(size), 0) AS bytes FROM document_versions \
    WHERE status IN ('queued', 'fetching', 'extracting', 'indexing') AND group_id = $1";

const WAITING: &str = "SELECT v.id FROM document_versions v JOIN documents d ON d.group_id = v.group_id AND d.id = v.document_id \
    WHERE v.group_id = $1 AND v.document_id = $2 AND v.id IS DISTINCT FROM d.version_id";

const DELETE_VERSION: &str = "DELETE FROM document_versions WHERE group_id = $1 AND document_id = $2 AND id = $3";

const DELETE: &str = "DELETE FROM documents WHERE group_id = $1 AND id = $2";

/// A row for each piece that the part stands in; one without a piece where it stands behind the text.
const PART: &str = "SELECT v.text_bytes, v.finished_at, t.start_byte AS at, t.bytes \
    FROM documents d JOIN document_versions v ON v.group_id = d.group_id AND v.document_id = d.id AND v.id = d.version_id \
    LEFT JOIN document_texts t ON t.group_id = v.group_id AND t.document_id = v.document_id AND t.version_id = v.id \
        AND t.start_byte BETWEEN $3 AND $4 \
    WHERE d.group_id = $1 AND d.id = $2 ORDER BY t.start_byte";

impl Documents<'_> {
    pub async fn get(&self, id: DocumentId) -> Result<Document> {
        self.db.opt(GET, (self.group, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn in_tx(&self, tx: &mut Tx, id: DocumentId) -> Result<Document> {
        tx.opt(GET, (self.group, id)).await?.ok_or(AppError::NotFound)
    }

    /// Newest first. `after` is the `next` of the page before.
    pub async fn list(&self, filter: &DocumentFilter, after: Option<&str>, limit: usize) -> Result<Page<Document>> {
        let before = super::id_cursor(after, Uuid::max())?;
        let words = filter.q.as_deref().map(str::trim).filter(|words| !words.is_empty()).map(super::like);
        let documents = self.db.all(LIST, (self.group, words, before, limit as i64 + 1)).await?;
        Ok(Page::from_surplus(documents, limit, |document: &Document| document.id.to_string()))
    }

    /// The document that has this content, or had it and failed.
    pub async fn of_content(&self, tx: &mut Tx, hash: [u8; 32]) -> Result<Option<Known>> {
        tx.opt(OF_CONTENT, (self.group, hash)).await
    }

    /// The document whose content comes from this address, or was to come and failed.
    pub async fn of_address(&self, tx: &mut Tx, url: &str) -> Result<Option<Known>> {
        tx.opt(OF_ADDRESS, (self.group, url)).await
    }

    pub async fn insert(&self, tx: &mut Tx, id: DocumentId, title: &str, now: Millis) -> Result<()> {
        tx.exec(INSERT, (id, self.group, title, folded(title), self.person, now)).await?;
        Ok(())
    }

    /// The title is part of what is searched.
    pub async fn rename(&self, tx: &mut Tx, id: DocumentId, title: &str) -> Result<()> {
        if tx.exec(RENAME, (self.group, id, title, folded(title))).await? == 1 {
            chunks::retitle(tx, self.group, id, title).await?;
        }
        Ok(())
    }

    /// Adds a version with its content, to be built.
    pub async fn add_version(&self, tx: &mut Tx, new: NewVersion, now: Millis) -> Result<()> {
        let NewVersion { id, document, hash, kind, file_name, source_url, bytes } = new;
        let size = bytes.as_ref().map_or(0, Vec::len) as i64;
        let status = if bytes.is_some() { DocumentStatus::Queued } else { DocumentStatus::Fetching };
        // A guess, until there is something to look at. Nobody is shown it.
        let kind = kind.unwrap_or(DocumentKind::Html).media_type();
        let what = (id, self.group, document, hash, kind, file_name, source_url, size, status.as_str(), self.person, now);
        tx.exec(INSERT_VERSION, what).await?;
        if let Some(bytes) = bytes {
            tx.exec(INSERT_UPLOAD, (id, self.group, document, bytes)).await?;
        }
        tx.exec(TOUCH, (self.group, document, now)).await?;
        Ok(())
    }

    /// What is not finished yet, of the whole group.
    pub async fn waiting(&self, tx: &mut Tx) -> Result<Waiting> {
        tx.one(UNFINISHED, (self.group,)).await
    }

    /// Removes every version that does not serve; answers whether there was one. A build of it finds its row no more, and
    /// ends.
    pub async fn drop_waiting(&self, tx: &mut Tx, document: DocumentId) -> Result<bool> {
        let waiting = tx.rows(WAITING, (self.group, document)).await?;
        for row in &waiting {
            let version: DocumentVersionId = row.get("id")?;
            chunks::remove(tx, chunks::Of { group: self.group, document, version }).await?;
            tx.exec(DELETE_VERSION, (self.group, document, version)).await?;
        }
        Ok(!waiting.is_empty())
    }

    /// Removes a document with everything of it; answers whether there was one.
    pub async fn remove(&self, tx: &mut Tx, id: DocumentId) -> Result<bool> {
        chunks::remove_all(tx, self.group, id).await?;
        Ok(tx.exec(DELETE, (self.group, id)).await? == 1)
    }

    /// A part of the text that serves: at most `length` bytes from `start`. `None` where nothing serves yet.
    pub async fn part(&self, id: DocumentId, start: i64, length: i64) -> Result<Option<Part>> {
        let wanted = start..start.saturating_add(length);
        let (first, last) = texts::pieces_of(&wanted);
        let rows = self.db.rows(PART, (self.group, id, first, last)).await?;
        let Some(one) = rows.first() else { return Ok(None) };
        let pieces = if one.get::<Option<i64>>("at")?.is_some() { &rows[..] } else { &[] };
        Ok(Some(Part {
            bytes: texts::cut(&wanted, pieces.iter())?,
            length: one.get::<Option<i64>>("text_bytes")?.unwrap_or(0),
            served_at: one.get("finished_at")?,
        }))
    }
}

impl FromRow for Document {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let status = |raw: &str| DocumentStatus::parse(raw).ok_or(());
        // Nothing that came is empty.
        let size = Some(row.get("size")?).filter(|size: &i64| *size > 0);
        let kind = row.parse("media_type", |raw| DocumentKind::of_media_type(raw).ok_or(()))?;
        let (serves, same): (bool, Option<bool>) = (row.get("serves")?, row.get("same")?);
        let newest = Replacement { status: row.parse("newest_status", status)?, error: row.get("newest_error")? };
        let person: Option<PersonId> = row.get("created_by")?;
        let name: Option<String> = row.get("person_name")?;
        Ok(Self {
            id: row.get("id")?,
            title: row.get("title")?,
            kind: size.is_some().then_some(kind),
            file_name: row.get("file_name")?,
            source_url: row.get("source_url")?,
            size,
            chunks: row.get("chunks")?,
            status: row.parse("status", status)?,
            error: newest.error.clone().filter(|_| !serves),
            replacement: (serves && same != Some(true)).then_some(newest),
            person: person.zip(name).map(|(id, name)| Named { id, name }),
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl FromRow for Known {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (alive, current, serves) = (row.get("alive")?, row.get("current")?, row.get("serves")?);
        Ok(Self { document: row.get("document_id")?, alive, current, serves })
    }
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { versions: row.get("versions")?, bytes: row.get("bytes")? })
    }
}
