//! Chunks: the passages of a document's version. What else is kept of a passage (its words for full text, its vectors)
//! comes and goes in these two functions and nowhere else, in the transaction of the chunk itself.

use super::db::{Run as _, Tx};
use crate::{
    error::Result,
    ids::{DocumentId, DocumentVersionId, GroupId},
};

/// Whose chunks they are.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    pub group: GroupId,
    pub document: DocumentId,
    pub version: DocumentVersionId,
}

/// A passage on its way in. `start` and `end` are bytes of the version's text, and `text` is exactly what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChunk {
    pub ordinal: i64,
    pub start: i64,
    pub end: i64,
    /// The headings above it, outermost first.
    pub heading: String,
    pub text: String,
    pub hash: [u8; 32],
}

const INSERT: &str = "INSERT INTO chunks (group_id, document_id, version_id, ordinal, start_byte, end_byte, heading, text, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const REMOVE: &str = "DELETE FROM chunks WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const REMOVE_ALL: &str = "DELETE FROM chunks WHERE group_id = $1 AND document_id = $2";

/// Adds chunks to a version that nobody sees yet. A long document comes in several transactions.
pub(super) async fn insert(tx: &mut Tx, of: Of, chunks: &[NewChunk]) -> Result<()> {
    for chunk in chunks {
        let place = (of.group, of.document, of.version, chunk.ordinal, chunk.start, chunk.end);
        tx.later(INSERT, super::bind::Chain(place, (&chunk.heading, &chunk.text, chunk.hash)));
    }
    Ok(())
}

/// Removes every chunk of a version, with all that is kept of them.
pub(super) async fn remove(tx: &mut Tx, of: Of) -> Result<()> {
    tx.exec(REMOVE, (of.group, of.document, of.version)).await?;
    Ok(())
}

/// Removes every chunk of a document, of all its versions, with all that is kept of them.
pub(super) async fn remove_all(tx: &mut Tx, group: GroupId, document: DocumentId) -> Result<()> {
    tx.exec(REMOVE_ALL, (group, document)).await?;
    Ok(())
}
