//! A document: something that a group knows. Its content comes in versions; one serves while the next is built.

use crate::{
    error::{AppError, Result},
    ids::{DocumentId, PersonId},
    model::{Millis, size, task::Named, text},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: DocumentId,
    pub title: String,
    /// None: its content is still to come from its address, or never came.
    pub kind: Option<DocumentKind>,
    pub file_name: Option<String>,
    /// Where it was fetched from.
    pub source_url: Option<String>,
    /// Bytes of the content as it came, where it came.
    pub size: Option<i64>,
    /// How many passages it was cut into.
    pub chunks: i64,
    pub status: DocumentStatus,
    /// Why it could not be read.
    pub error: Option<String>,
    /// What goes on beside the version that serves: another one is built, or could not be.
    pub replacement: Option<Replacement>,
    pub person: Option<Named<PersonId>>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    pub status: DocumentStatus,
    pub error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    Queued,
    /// Its content is still to come, from its address.
    Fetching,
    Extracting,
    Indexing,
    Ready,
    Failed,
}

impl DocumentStatus {
    pub const ALL: [Self; 6] = [Self::Queued, Self::Fetching, Self::Extracting, Self::Indexing, Self::Ready, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Fetching => "fetching",
            Self::Extracting => "extracting",
            Self::Indexing => "indexing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == raw)
    }

    /// Whether nothing more happens by itself.
    pub fn settled(self) -> bool {
        matches!(self, Self::Ready | Self::Failed)
    }
}

/// What a document's content is. Stored as its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Text,
    Markdown,
    Html,
    Pdf,
    Docx,
    Csv,
    Json,
}

impl DocumentKind {
    pub const ALL: [Self; 7] = [Self::Text, Self::Markdown, Self::Html, Self::Pdf, Self::Docx, Self::Csv, Self::Json];

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
        }
    }

    pub fn of_media_type(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == raw)
    }

    /// As a list shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Markdown => "Markdown",
            Self::Html => "Web page",
            Self::Pdf => "PDF",
            Self::Docx => "Word",
            Self::Csv => "Table",
            Self::Json => "JSON",
        }
    }

    /// Whether lines that begin with `#` are headings in what is extracted.
    pub fn has_headings(self) -> bool {
        matches!(self, Self::Markdown | Self::Html | Self::Docx)
    }
}

impl Document {
    pub const TITLE_MAX: usize = 200;

    /// The largest content, in bytes.
    pub const SIZE_MAX: usize = 25 * 1024 * 1024;

    /// What `<input type="file">` is told to offer.
    pub const ACCEPT: &str = ".txt,.md,.markdown,.html,.htm,.pdf,.docx,.csv,.tsv,.json,text/plain,text/markdown,text/html,application/pdf,text/csv,application/json";

    /// What its content is, in words.
    pub fn content(&self) -> Option<String> {
        let (kind, size) = self.kind.zip(self.size)?;
        Some(format!("{} · {}", kind.word(), size::words(size)))
    }

    /// Whether something still happens to it by itself.
    pub fn working(&self) -> bool {
        let replacing = self.replacement.as_ref().is_some_and(|replacement| !replacement.status.settled());
        !self.status.settled() || replacing
    }
}

/// Which documents a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentFilter {
    /// In the title.
    pub q: Option<String>,
}

/// A part of a document's text, with a passage to look at where one was asked for. The three texts adjoin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentExcerpt {
    pub document: Document,
    pub before: String,
    /// What was asked for; empty where nothing was.
    pub passage: String,
    pub after: String,
    /// Bytes of the whole text, and which of them the three texts are.
    pub length: i64,
    pub start: i64,
    pub end: i64,
    /// When the version that serves became the one.
    pub served_at: Option<Millis>,
}

impl DocumentExcerpt {
    /// The most that is shown at once, in bytes; a page takes longer than this to read.
    pub const BYTES: i64 = 48 * 1024;
}

/// What part of a document's text is wanted, in bytes. Places in the middle of a character count from its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// The passage.
    pub start: Option<i64>,
    pub end: Option<i64>,
    /// Where the part begins, for one who reads on.
    pub from: Option<i64>,
}

pub fn title(raw: &str) -> Result<String> {
    text::line("title", raw, Document::TITLE_MAX)
}

/// What a text is called where nobody gave it a title: its first words.
pub fn title_of_text(text: &str) -> String {
    const CHARS: usize = 80;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let cut = match line.char_indices().nth(CHARS) {
        Some((at, _)) => &line[..line[..at].rfind(' ').unwrap_or(at)],
        None => line,
    };
    let clean: String = cut.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.trim().is_empty() { "Untitled".to_owned() } else { clean.trim().to_owned() }
}

/// What a file or an address is called where nobody gave it a title: its name without folders and ending, cut to fit.
pub fn title_of_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 8 => stem,
        _ => name,
    };
    let clean: String = stem.chars().map(|c| if c.is_control() { ' ' } else { c }).take(Document::TITLE_MAX).collect();
    if clean.trim().is_empty() { "Untitled".to_owned() } else { clean.trim().to_owned() }
}

pub fn too_large() -> AppError {
    AppError::TooLarge { message: "A document can have 25 MB at most. Split it, or add only the part that is needed.".to_owned() }
}
