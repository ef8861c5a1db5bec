//! Texts of versions, kept in pieces: whoever shows a part reads the pieces that it stands in, and not a whole book.

use super::{
    chunks::Of,
    db::{Db, FromRow, Row, Run as _, Tx},
};
use crate::{error::Result, ids::DocumentVersionId, server::failure::internal};
use std::ops::Range;
use uuid::Uuid;

/// Bytes of a piece; the last of a text is shorter.
pub(super) const PIECE: i64 = 16_384;

const INSERT: &str =
    "INSERT INTO document_texts (group_id, document_id, version_id, start_byte, bytes) VALUES ($1, $2, $3, $4, $5)";

const DELETE: &str = "DELETE FROM document_texts WHERE group_id = $1 AND document_id = $2 AND version_id = $3";

const WHOLE: &str = "SELECT start_byte, bytes FROM document_texts \
    WHERE group_id = $1 AND document_id = $2 AND version_id = $3 ORDER BY start_byte";

const UNCUT: &str = "SELECT group_id, document_id, id, text FROM document_versions \
    WHERE text IS NOT NULL AND id > $1 ORDER BY id LIMIT 1";

const TAKEN_OVER: &str = "UPDATE document_versions SET text = NULL, text_bytes = $4 \
    WHERE group_id = $1 AND document_id = $2 AND id = $3";

/// A text from before texts were kept in pieces.
struct Uncut {
    of: Of,
    text: String,
}

/// Cuts up what was kept whole: in SQL the time for it grows with the square of a text's length. It finds nothing from the
/// second start on; one that is interrupted goes on where it was.
pub(super) async fn take_over(db: &Db) -> Result<()> {
    let mut last = DocumentVersionId::from_uuid(Uuid::nil());
    loop {
        let mut tx = db.begin().await?;
        let Some(Uncut { of, text }) = tx.opt(UNCUT, (last,)).await? else { return Ok(()) };
        keep(&mut tx, of, &text).await?;
        tx.later(TAKEN_OVER, (of.group, of.document, of.version, text.len() as i64));
        tx.commit().await?;
        last = of.version;
    }
}

/// Keeps a text, in the place of what was kept before.
pub(super) async fn keep(tx: &mut Tx, of: Of, text: &str) -> Result<()> {
    forget(tx, of);
    for (start, bytes) in (0_i64..).step_by(PIECE as usize).zip(text.as_bytes().chunks(PIECE as usize)) {
        tx.later(INSERT, (of.group, of.document, of.version, start, bytes));
    }
    Ok(())
}

pub(super) fn forget(tx: &mut Tx, of: Of) {
    tx.later(DELETE, (of.group, of.document, of.version));
}

pub(super) async fn whole(db: &Db, of: Of) -> Result<String> {
    let mut text = Vec::new();
    for row in db.rows(WHOLE, (of.group, of.document, of.version)).await? {
        text.extend(row.get::<Vec<u8>>("bytes")?);
    }
    String::from_utf8(text).map_err(internal)
}

/// Where the pieces begin, at least and at most, in which these bytes stand.
pub(super) fn pieces_of(bytes: &Range<i64>) -> (i64, i64) {
    (bytes.start - PIECE + 1, bytes.end - 1)
}

/// These bytes, of rows with a piece each (`at`, `bytes`), in order. Fewer, where the text ends before.
pub(super) fn cut<'a>(bytes: &Range<i64>, pieces: impl Iterator<Item = &'a Row>) -> Result<Vec<u8>> {
    let mut found = Vec::new();
    for row in pieces {
        let (at, piece): (i64, Vec<u8>) = (row.get("at")?, row.get("bytes")?);
        let inside = |place: i64| (place - at).clamp(0, piece.len() as i64) as usize;
        found.extend(&piece[inside(bytes.start)..inside(bytes.end)]);
    }
    Ok(found)
}

impl FromRow for Uncut {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let of = Of { group: row.get("group_id")?, document: row.get("document_id")?, version: row.get("id")? };
        Ok(Self { of, text: row.get("text")? })
    }
}
