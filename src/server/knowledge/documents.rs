//! Rules about documents: who may add, replace and delete them, and that the same content stands in a group once.

mod excerpt;

use super::{detect, fetch};
use crate::{
    error::{AppError, Result},
    ids::{DocumentId, DocumentVersionId},
    model::document::{self, Document, DocumentKind},
    server::{
        failure::internal,
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            documents::{Known, NewVersion, Waiting},
        },
    },
};
pub use excerpt::excerpt;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// When to send again what was too much.
const LATER_S: u64 = 60;

/// A content on its way in.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// None: that of the file, or the first words of a text.
    pub title: Option<String>,
    pub file_name: Option<String>,
    /// What the sender says that it is.
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// What a member brings: a content, or where it is to be fetched from.
#[derive(Debug, Clone)]
pub enum Brought {
    Content(Content),
    /// Without a title it is called as it calls itself.
    Address {
        title: Option<String>,
        url: String,
    },
}

impl From<Content> for Brought {
    fn from(content: Content) -> Self {
        Self::Content(content)
    }
}

/// What became of a content or an address that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    New(Document),
    /// The group has it already, in this document. What stands at a known address now may be something else: it is fetched
    /// anew where the document is replaced.
    Known(Document),
}

impl Added {
    pub fn document(self) -> Document {
        match self {
            Self::New(document) | Self::Known(document) => document,
        }
    }
}

/// A content that was looked at, or that is still to come.
struct Checked {
    title: String,
    kind: Option<DocumentKind>,
    /// Of the content; until it is there, of its address.
    hash: [u8; 32],
    file_name: Option<String>,
    source_url: Option<String>,
    bytes: Option<Vec<u8>>,
}

/// Adds a document; it is fetched and read in the background.
pub async fn add(app: &App, member: &Member, brought: impl Into<Brought>) -> Result<Added> {
    let checked = check(app, brought.into()).await?;
    let documents = app.store.documents(member);
    let mut tx = app.store.begin().await?;
    let known = match &checked.source_url {
        Some(url) => documents.of_address(&mut tx, url).await?,
        None => documents.of_content(&mut tx, checked.hash).await?,
    };
    let id = match known {
        Some(Known { document, alive: true, .. }) => return Ok(Added::Known(documents.in_tx(&mut tx, document).await?)),
        // The same once more, after it failed: in the same place, unless something else serves there.
        Some(Known { document, serves: false, .. }) if may_change(member, &documents.in_tx(&mut tx, document).await?) => {
            documents.rename(&mut tx, document, &checked.title).await?;
            document
        }
        _ => {
            let id = DocumentId::from_uuid(app.clock.uuid());
            documents.insert(&mut tx, id, &checked.title, app.clock.now()).await?;
            id
        }
    };
    let document = build(app, member, tx, id, checked, "document.added").await?;
    Ok(Added::New(document))
}

/// Builds a new version beside the one that serves.
pub async fn replace(app: &App, member: &Member, id: DocumentId, brought: impl Into<Brought>) -> Result<Document> {
    let brought = brought.into();
    let title = brought.title().map(document::title).transpose()?;
    let checked = check(app, brought).await?;
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
            Err(AppError::conflict(known_as(&other.title)))
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
    let Checked { kind, hash, file_name, source_url, bytes, .. } = checked;
    let size = bytes.as_ref().map(Vec::len);
    let version = DocumentVersionId::from_uuid(app.clock.uuid());
    let data = json!({ "kind": kind, "size": size, "file_name": file_name, "source_url": source_url });
    let new = NewVersion { id: version, document: id, hash, kind, file_name, source_url, bytes };
    let documents = app.store.documents(member);
    // What waited in its place goes, and makes room.
    documents.drop_waiting(&mut tx, id).await?;
    has_room(documents.waiting(&mut tx).await?, size)?;
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

/// A group has no more waiting than can be read in a reasonable time: the disk is everybody's.
fn has_room(waiting: Waiting, size: Option<usize>) -> Result<()> {
    if waiting.versions < Waiting::VERSIONS_MAX && waiting.bytes + size.unwrap_or(0) as i64 <= Waiting::BYTES_MAX {
        return Ok(());
    }
    let (most, gigabytes) = (Waiting::VERSIONS_MAX, Waiting::BYTES_MAX >> 30);
    let message = format!(
        "At most {most} documents, or {gigabytes} GB of them, may wait to be read in a group. Add more when some of them are ready."
    );
    Err(AppError::RateLimited { retry_after_s: LATER_S, message })
}

/// The one who brings a content is told where it stands already.
pub(super) fn known_as(title: &str) -> String {
    format!("The group has this content already, as “{title}”.")
}

impl Brought {
    fn title(&self) -> Option<&str> {
        let (Self::Content(Content { title, .. }) | Self::Address { title, .. }) = self;
        title.as_deref().map(str::trim).filter(|title| !title.is_empty())
    }

    /// What the document is called.
    fn name(&self) -> Result<String> {
        let named = match (self.title(), self) {
            (Some(title), _) => return document::title(title),
            (None, Self::Content(content)) => name_of(content.file_name.as_deref(), None),
            (None, Self::Address { url, .. }) => name_of(None, Some(url.trim())),
        };
        document::title(&named.unwrap_or_else(|| match self {
            // What is neither a file nor from an address was written or pasted.
            Self::Content(content) => document::title_of_text(&String::from_utf8_lossy(&content.bytes)),
            Self::Address { url, .. } => url.trim().to_owned(),
        }))
    }
}

/// What a document is called where nobody gave it a title.
pub(super) fn name_of(file_name: Option<&str>, source_url: Option<&str>) -> Option<String> {
    let of_url = |url: &str| document::title_of_name(url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/'));
    file_name.map(document::title_of_name).or_else(|| source_url.map(of_url))
}

async fn check(app: &App, brought: Brought) -> Result<Checked> {
    let title = brought.name()?;
    match brought {
        Brought::Content(Content { file_name, media_type, bytes, .. }) => {
            let (bytes, kind, hash) = look(bytes, file_name.clone(), media_type).await?;
            Ok(Checked { title, kind: Some(kind), hash, file_name, source_url: None, bytes: Some(bytes) })
        }
        Brought::Address { url, .. } => {
            let url = url.trim().to_owned();
            fetch::check(app, &url)?;
            let hash = Sha256::digest(format!("address {url}")).into();
            Ok(Checked { title, kind: None, hash, file_name: None, source_url: Some(url), bytes: None })
        }
    }
}

/// What a content is, and its hash. Large contents take a while to look at: not on a thread that others wait for.
pub(super) async fn look(
    bytes: Vec<u8>,
    name: Option<String>,
    declared: Option<String>,
) -> Result<(Vec<u8>, DocumentKind, [u8; 32])> {
    if bytes.len() > Document::SIZE_MAX {
        return Err(document::too_large());
    }
    let look = move || {
        let kind = detect::kind(&bytes, name.as_deref(), declared.as_deref())?;
        let hash = Sha256::digest(&bytes).into();
        Ok((bytes, kind, hash))
    };
    tokio::task::spawn_blocking(look).await.map_err(internal)?
}

/// Adds what a member typed: a text, or an address to fetch.
pub async fn add_typed(app: &App, member: &Member, title: &str, text: &str, url: &str) -> Result<Document> {
    let brought = if url.trim().is_empty() {
        if text.trim().is_empty() {
            return Err(AppError::invalid("text", "This cannot be empty."));
        }
        let title = Some(document::title(title)?);
        Content { title, media_type: Some("text/plain".to_owned()), bytes: text.as_bytes().to_vec(), ..Content::default() }.into()
    } else {
        Brought::Address { title: Some(title.to_owned()), url: url.to_owned() }
    };
    add(app, member, brought).await.map(Added::document)
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
