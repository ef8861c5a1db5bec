//! Documents that are ready, for tests: without upload, extraction and cutting.

use super::{NewChunk, Of, insert, remove, remove_all};
use crate::{
    error::Result,
    ids::{DocumentId, DocumentVersionId},
    server::{
        member::Member,
        store::{Store, db::Run as _, texts},
    },
};
use sha2::{Digest as _, Sha256};

const DOCUMENT: &str = "INSERT INTO documents (id, group_id, title, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (id) DO NOTHING";

const VERSION: &str = "INSERT INTO document_versions \
    (id, group_id, document_id, hash, media_type, size, status, text_bytes, attempt, created_by, created_at) \
    VALUES ($1, $2, $3, $4, 'text/plain', 0, 'indexing', $5, 0, $6, 0)";

const SERVE: &str = "UPDATE documents SET version_id = $3 WHERE group_id = $1 AND id = $2";

const READY: &str = "UPDATE document_versions SET status = 'ready' WHERE group_id = $1 AND document_id = $2 AND id = $3";

const DELETE: &str = "DELETE FROM documents WHERE group_id = $1 AND id = $2";

/// A document with these passages, each without a heading. It serves at once, if it should.
pub async fn put(store: &Store, member: &Member, title: &str, texts: &[&str]) -> Result<Of> {
    let document = DocumentId::from_uuid(store.clock().uuid());
    let of = version(store, member, document, title, texts).await?;
    serve(store, of).await?;
    Ok(of)
}

/// A version that nobody sees yet.
pub async fn version(store: &Store, member: &Member, document: DocumentId, title: &str, passages: &[&str]) -> Result<Of> {
    let of = Of { group: member.group_id(), document, version: DocumentVersionId::from_uuid(store.clock().uuid()) };
    let mut tx = store.begin().await?;
    tx.exec(DOCUMENT, (document, of.group, title, member.person_id())).await?;
    let hash: [u8; 32] = Sha256::digest(of.version.uuid().as_bytes()).into();
    let text = passages.concat();
    tx.exec(VERSION, (of.version, of.group, document, hash, text.len() as i64, member.person_id())).await?;
    texts::keep(&mut tx, of, &text).await?;
    let mut start = 0;
    let mut chunks = Vec::new();
    for (ordinal, text) in (0..).zip(passages) {
        let end = start + text.len() as i64;
        let hash = Sha256::digest(text.as_bytes()).into();
        chunks.push(NewChunk { ordinal, start, end, heading: String::new(), text: (*text).to_owned(), hash });
        start = end;
    }
    insert(&mut tx, of, &chunks).await?;
    tx.commit().await?;
    Ok(of)
}

pub async fn serve(store: &Store, of: Of) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.exec(READY, (of.group, of.document, of.version)).await?;
    tx.exec(SERVE, (of.group, of.document, of.version)).await?;
    tx.commit().await
}

pub async fn forget(store: &Store, of: Of) -> Result<()> {
    let mut tx = store.begin().await?;
    remove(&mut tx, of).await?;
    tx.commit().await
}

pub async fn delete(store: &Store, of: Of) -> Result<()> {
    let mut tx = store.begin().await?;
    remove_all(&mut tx, of.group, of.document).await?;
    tx.exec(DELETE, (of.group, of.document)).await?;
    tx.commit().await
}

pub async fn retitle(store: &Store, of: Of, title: &str) -> Result<()> {
    let mut tx = store.begin().await?;
    super::retitle(&mut tx, of.group, of.document, title).await?;
    tx.commit().await
}
