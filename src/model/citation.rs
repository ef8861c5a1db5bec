//! The passages that an answer comes from, by number: `[1]` in its text is the first of them.

use crate::{
    ids::DocumentId,
    model::{Millis, message::Part, segment::first_line},
};

#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// From 1.
    pub number: usize,
    pub document_id: DocumentId,
    pub title: String,
    /// How the passage begins.
    pub passage: String,
    /// 0 to 1.
    pub relevance: f64,
    pub start: i64,
    pub end: i64,
}

/// The sources among a message's parts, each passage once, in the order in which they came.
pub fn citations<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    for part in parts {
        let Part::Source { document_id, title, start, end, passage, relevance } = part else { continue };
        if found.iter().any(|known| known.is(*document_id, *start, *end)) {
            continue;
        }
        found.push(Citation {
            number: found.len() + 1,
            document_id: *document_id,
            title: title.clone(),
            passage: passage.clone(),
            relevance: *relevance,
            start: *start,
            end: *end,
        });
    }
    found
}

impl Citation {
    fn is(&self, document: DocumentId, start: i64, end: i64) -> bool {
        (self.document_id, self.start, self.end) == (document, start, end)
    }

    /// Where the passage stands in its document. `base` is the group's knowledge page; `at` is when it was cited.
    pub fn path(&self, base: &str, at: Millis) -> String {
        format!("{base}/{}?start={}&end={}&cited={at}#passage", self.document_id, self.start, self.end)
    }

    /// What hovering tells.
    pub fn hint(&self) -> String {
        match first_line(&self.passage) {
            line if line.is_empty() => self.title.clone(),
            line => format!("{} — {line}", self.title),
        }
    }

    pub fn percent(&self) -> String {
        format!("{:.0} %", self.relevance.clamp(0.0, 1.0) * 100.0)
    }
}

/// The number of the passage among these, where it is one of them.
pub fn number_of(citations: &[Citation], source: &Part) -> Option<usize> {
    let Part::Source { document_id, start, end, .. } = source else { return None };
    citations.iter().find(|citation| citation.is(*document_id, *start, *end)).map(|citation| citation.number)
}
