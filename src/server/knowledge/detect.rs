//! What a content is: by its first bytes, by its name, and by what its sender says, in this order of trust.

use crate::{
    error::{AppError, Result},
    model::document::DocumentKind,
};

/// Bytes that are looked at to tell text from anything else.
const LOOKED_AT: usize = 8 * 1024;

/// The kind of a content, or why it is none that can be read.
pub fn kind(bytes: &[u8], name: Option<&str>, declared: Option<&str>) -> Result<DocumentKind> {
    let ending = name.and_then(ending);
    let declared = declared.and_then(|raw| raw.split(';').next()).map(|raw| raw.trim().to_ascii_lowercase());
    if bytes.is_empty() || bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(unsupported("It is empty."));
    }
    if is_pdf(bytes) {
        return Ok(DocumentKind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return if contains(bytes, b"word/document.xml") {
            Ok(DocumentKind::Docx)
        } else {
            Err(unsupported("It is an archive or another office file; of these only Word documents (.docx) can be read."))
        };
    }
    match ending.as_deref() {
        Some("pdf") => return Err(unsupported("Its name says that it is a PDF, but it is none.")),
        Some("docx" | "doc") => return Err(unsupported("Of Word documents only .docx files that are whole can be read.")),
        Some("rtf") => return Err(unsupported("RTF cannot be read. Save it as .docx, .pdf or .txt.")),
        _ if bytes.starts_with(b"{\\rtf") => return Err(unsupported("RTF cannot be read. Save it as .docx, .pdf or .txt.")),
        _ => {}
    }
    if !is_text(bytes) {
        return Err(unsupported("It is no text, and no PDF or Word document either."));
    }
    Ok(text_kind(bytes, ending.as_deref(), declared.as_deref()))
}

fn text_kind(bytes: &[u8], ending: Option<&str>, declared: Option<&str>) -> DocumentKind {
    match ending {
        Some("md" | "markdown") => return DocumentKind::Markdown,
        Some("html" | "htm" | "xhtml") => return DocumentKind::Html,
        Some("csv" | "tsv") => return DocumentKind::Csv,
        Some("json") => return DocumentKind::Json,
        Some("txt" | "text" | "log") => return DocumentKind::Text,
        _ => {}
    }
    match declared {
        Some("text/markdown") => DocumentKind::Markdown,
        Some("text/html" | "application/xhtml+xml") => DocumentKind::Html,
        Some("text/csv" | "text/tab-separated-values") => DocumentKind::Csv,
        Some("application/json") => DocumentKind::Json,
        _ if looks_like_html(bytes) => DocumentKind::Html,
        _ => DocumentKind::Text,
    }
}

fn unsupported(why: &str) -> AppError {
    let message = format!("This cannot be read. {why} What can be: txt, md, html, pdf, docx, csv and json.");
    AppError::invalid("file", message)
}

fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.contains(['/', '\\'])).then(|| ending.to_ascii_lowercase())
}

/// Readers accept a header that stands a little behind the beginning, and so do we.
fn is_pdf(bytes: &[u8]) -> bool {
    contains(&bytes[..bytes.len().min(1024)], b"%PDF-")
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).trim_start().to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// Text has no NUL (but for UTF-16, which says so) and few control characters.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let odd = head.iter().filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    !head.contains(&0) && odd * 50 <= head.len()
}
