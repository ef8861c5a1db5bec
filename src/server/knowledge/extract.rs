//! From a content to its text. Files are hostile until proven otherwise: everything but plain text is read in a child
//! process with limits on memory and time, so that the worst costs one document.
//!
//! | module | what lives there |
//! |---|---|
//! | [`process`] | the server's side: starts the child, watches it, tells what it died of |
//! | [`child`] | the child itself |
//! | [`plain`], [`html`], [`pdf`], [`docx`], [`table`], [`json`] | one format each |

pub mod child;
mod docx;
mod html;
mod json;
mod pdf;
pub mod plain;
pub mod process;
mod table;

use crate::model::document::DocumentKind;
use serde::{Deserialize, Serialize};

/// The longest text of one document, in bytes.
pub const TEXT_MAX: usize = 32 * 1024 * 1024;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// What the content calls itself.
    pub title: Option<String>,
    pub text: String,
}

/// Why there is no text, as a member is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable(pub String);

impl Unreadable {
    fn because(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    fn too_long() -> Self {
        Self::because("It holds more than 32 MB of text. Split it into parts.")
    }
}

/// Whether a kind can be read without a child: its text is its content.
pub fn is_plain(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Text | DocumentKind::Markdown)
}

/// Reads a content. It may take long, need much memory and panic: see [`process`].
pub fn extract(kind: DocumentKind, bytes: &[u8]) -> Result<Extracted, Unreadable> {
    let extracted = match kind {
        DocumentKind::Text | DocumentKind::Markdown => Extracted { title: None, text: plain::decode(bytes) },
        DocumentKind::Html => html::read(&plain::decode_web_page(bytes)),
        DocumentKind::Pdf => Extracted { title: None, text: pdf::read(bytes)? },
        DocumentKind::Docx => Extracted { title: None, text: docx::read(bytes)? },
        DocumentKind::Csv => Extracted { title: None, text: table::read(&plain::decode(bytes))? },
        DocumentKind::Json => Extracted { title: None, text: json::read(&plain::decode(bytes))? },
    };
    if extracted.text.len() > TEXT_MAX {
        return Err(Unreadable::too_long());
    }
    if extracted.text.trim().is_empty() {
        return Err(Unreadable::because(match kind {
            DocumentKind::Pdf => "It holds no text. Pages that are only pictures, such as scans, cannot be read.",
            _ => "It holds no text.",
        }));
    }
    Ok(extracted)
}
