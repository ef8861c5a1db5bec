//! Rules about documents: who may add, replace and delete them, and that the same content stands in a group once.

use super::{detect, fetch};
use crate::{
    error::{AppError, Result},
    ids::{DocumentId, DocumentVersionId},
    model::document::{self, Document, DocumentExcerpt, DocumentKind, Wanted},
    server::{
        failure::internal,
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            documents::{Known, NewVersion},
        },
    },
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// A content on its way in.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// None: that of the file, or of the address, or the first words of a text.
    pub title: Option<String>,
    pub file_name: Option<String>,
    pub source_url: Option<String>,
    /// What the sender says that it is.
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// What became of a content that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    New(Document),
    /// The group has it already, in this document.
    Known(Document),
}

impl Added {
    pub fn document(self) -> Document {
        match self {
            Self::New(document) | Self::Known(document) => document,
        }
    }
}

/// A content that was looked at.
struct Checked {
    content: Content,
    kind: DocumentKind,
    hash: [u8; 32],
}

/// Adds a document; its text is read in the background.
pub async fn add(app: &App, member: &Member, content: Content) -> Result<Added> {
    let title = title_of(&content)?;
    let checked = check(content).await?;
    let documents = app.store.documents(member);
    let mut tx = app.store.begin().await?;
    let id = match documents.of_content(&mut tx, checked.hash).await? {
        Some(Known { document, alive: true, .. }) => return Ok(Added::Known(documents.in_tx(&mut tx, document).await?)),
        // The same once more, after it failed: in the same place, unless something else serves there.
        Some(Known { document, serves: false, .. }) if may_change(member, &documents.in_tx(&mut tx, document).await?) => {
            documents.rename(&mut tx, document, &title).await?;
            document
        }
        _ => {
            let id = DocumentId::from_uuid(app.clock.uuid());
            documents.insert(&mut tx, id, &title, app.clock.now()).await?;
            id
        }
    };
    let document = build(app, member, tx, id, checked, "document.added").await?;
    Ok(Added::New(document))
}

/// Builds a new version beside the one that serves.
pub async fn replace(app: &App, member: &Member, id: DocumentId, content: Content) -> Result<Document> {
    let title = content.title.as_deref().map(document::title).transpose()?;
    let checked = check(content).await?;
    let documents = app.store.documents(member);
    let mut tx = app.store.begin().await?;
    changeable(app, member, &mut tx, id).await?;
    if let Some(title) = &title {
        documents.rename(&mut tx, id, title).await?;
    }
    match documents.of_content(&mut tx, checked.hash).await? {
        Some(Known { document, alive: true, current, .. }) if document == id => {
            // Wished for again before another took its place: that other one is not wished for any more.
            if current && documents.drop_waiting(&mut tx, id).await? {
                let event = Event::new("document.replacement_dropped", "document", id.uuid()).with(json!({}));
                audit::record(&mut tx, &app.clock, Actor::member(member), event).await?;
            }
            let document = documents.in_tx(&mut tx, id).await?;
            tx.commit().await?;
            Ok(document)
        }
        Some(Known { document, alive: true, .. }) => {
            let other = documents.in_tx(&mut tx, document).await?;
            Err(AppError::conflict(format!("The group has this content already, as “{}”.", other.title)))
        }
        _ => build(app, member, tx, id, checked, "document.replaced").await,
    }
}

pub async fn delete(app: &App, member: &Member, id: DocumentId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let document = changeable(app, member, &mut tx, id).await?;
    app.store.documents(member).remove(&mut tx, id).await?;
    let event = Event::new("document.deleted", "document", id.uuid()).with(json!({ "title": document.title }));
    audit::record(&mut tx, &app.clock, Actor::member(member), event).await?;
    tx.commit().await
}

/// The version waits, with its content, from this transaction on.
async fn build(app: &App, member: &Member, mut tx: Tx, id: DocumentId, checked: Checked, event: &str) -> Result<Document> {
    let Checked { content: Content { file_name, source_url, bytes, .. }, kind, hash } = checked;
    let size = bytes.len();
    let version = DocumentVersionId::from_uuid(app.clock.uuid());
    let data = json!({ "kind": kind, "size": size, "file_name": file_name, "source_url": source_url });
    let new = NewVersion { id: version, document: id, hash, kind, file_name, source_url, bytes };
    let documents = app.store.documents(member);
    documents.add_version(&mut tx, new, app.clock.now()).await?;
    audit::record(&mut tx, &app.clock, Actor::member(member), Event::new(event, "document", id.uuid()).with(data)).await?;
    let document = documents.in_tx(&mut tx, id).await?;
    tx.commit().await?;
    app.ingest.wake();
    Ok(document)
}

/// The document, where the member may replace and delete it.
async fn changeable(app: &App, member: &Member, tx: &mut Tx, id: DocumentId) -> Result<Document> {
    let document = app.store.documents(member).in_tx(tx, id).await?;
    if may_change(member, &document) {
        return Ok(document);
    }
    let message = "Only whoever added a document, and the group's admins and owners, can replace or delete it.";
    Err(AppError::Forbidden { message: message.to_owned() })
}

fn may_change(member: &Member, document: &Document) -> bool {
    member.role().manages() || document.person.as_ref().is_some_and(|person| person.id == member.person_id())
}

fn title_of(content: &Content) -> Result<String> {
    match content.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => document::title(title),
        None => {
            let named = name_of(content.file_name.as_deref(), content.source_url.as_deref());
            // What is neither a file nor from an address was written or pasted.
            document::title(&named.unwrap_or_else(|| document::title_of_text(&String::from_utf8_lossy(&content.bytes))))
        }
    }
}

/// What a document is called where nobody gave it a title.
pub(super) fn name_of(file_name: Option<&str>, source_url: Option<&str>) -> Option<String> {
    let of_url = |url: &str| document::title_of_name(url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/'));
    file_name.map(document::title_of_name).or_else(|| source_url.map(of_url))
}

/// Large contents take a while to look at: not on a thread that others wait for.
async fn check(content: Content) -> Result<Checked> {
    if content.bytes.len() > Document::SIZE_MAX {
        return Err(document::too_large());
    }
    let look = move || {
        let name = content.file_name.as_deref().or(content.source_url.as_deref());
        let kind = detect::kind(&content.bytes, name, content.media_type.as_deref())?;
        let hash = Sha256::digest(&content.bytes).into();
        Ok(Checked { content, kind, hash })
    };
    tokio::task::spawn_blocking(look).await.map_err(internal)?
}

/// Adds what a member typed: a text, or an address to fetch.
pub async fn add_typed(app: &App, member: &Member, title: &str, text: &str, url: &str) -> Result<Document> {
    let content = if url.trim().is_empty() {
        if text.trim().is_empty() {
            return Err(AppError::invalid("text", "This cannot be empty."));
        }
        let title = Some(document::title(title)?);
        Content { title, media_type: Some("text/plain".to_owned()), bytes: text.as_bytes().to_vec(), ..Content::default() }
    } else {
        Content { title: Some(title.to_owned()), ..fetch::fetch(app, url).await? }
    };
    add(app, member, content).await.map(Added::document)
}

/// These documents as they are now, without those that are gone.
pub async fn now(app: &App, member: &Member, ids: &[DocumentId]) -> Result<Vec<Document>> {
    let mut found = Vec::new();
    for id in ids.iter().take(200) {
        match app.store.documents(member).get(*id).await {
            Ok(document) => found.push(document),
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

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
