//! A part of a document's text, in whole characters, around a passage.

use crate::{
    error::Result,
    ids::DocumentId,
    model::document::{DocumentExcerpt, Wanted},
    server::{member::Member, state::App},
};

/// A part of a document's text, around the passage that is asked for.
pub async fn excerpt(app: &App, member: &Member, id: DocumentId, wanted: Wanted) -> Result<DocumentExcerpt> {
    let documents = app.store.documents(member);
    let document = documents.get(id).await?;
    let passage = passage(wanted);
    let from = window(wanted, passage);
    let part = documents.part(id, from, DocumentExcerpt::BYTES).await?;
    let Some(part) = part else {
        let (before, passage, after) = Default::default();
        return Ok(DocumentExcerpt { document, before, passage, after, length: 0, start: 0, end: 0, served_at: None });
    };
    let (skipped, text) = whole_characters(&part.bytes);
    let start = from + skipped as i64;
    let at = |place: i64| floor(text, (place - start).clamp(0, text.len() as i64) as usize);
    let (a, b) = passage.map_or((text.len(), text.len()), |(first, last)| (at(first), at(last)));
    Ok(DocumentExcerpt {
        document,
        before: text[..a].to_owned(),
        passage: text[a..b].to_owned(),
        after: text[b..].to_owned(),
        length: part.length,
        start,
        end: start + text.len() as i64,
        served_at: part.served_at,
    })
}

fn passage(wanted: Wanted) -> Option<(i64, i64)> {
    let (start, end) = (wanted.start?.max(0), wanted.end?);
    (end > start).then_some((start, end))
}

/// Where the part begins: a third of it stands before the passage.
fn window(wanted: Wanted, passage: Option<(i64, i64)>) -> i64 {
    match (wanted.from, passage) {
        (Some(from), _) => from.clamp(0, i64::MAX / 2),
        (None, Some((start, _))) => (start - DocumentExcerpt::BYTES / 3).max(0),
        (None, None) => 0,
    }
}

/// The text in a part that may begin and end inside a character, and how many bytes before it are left out.
fn whole_characters(bytes: &[u8]) -> (usize, &str) {
    let skipped = bytes.iter().take_while(|byte| (**byte & 0xc0) == 0x80).count();
    let rest = &bytes[skipped..];
    match std::str::from_utf8(rest) {
        Ok(text) => (skipped, text),
        Err(error) => (skipped, std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default()),
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
