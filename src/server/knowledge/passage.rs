//! What is searched of a passage: its document's title, the headings above it, and its text.

use super::words;
use sha2::{Digest as _, Sha256};

/// As an embedder is given it. The title and the headings say what the text alone may leave open.
pub fn text(title: &str, heading: &str, text: &str) -> String {
    parts(title, heading, text).collect::<Vec<_>>().join("\n")
}

/// As full text has it.
pub fn words(title: &str, heading: &str, text: &str) -> Vec<String> {
    parts(title, heading, text).flat_map(words::of_text).collect()
}

/// A title that is only the text's own beginning says nothing twice.
fn parts<'a>(title: &'a str, heading: &'a str, text: &'a str) -> impl Iterator<Item = &'a str> {
    let (title, text) = (title.trim(), text.trim());
    let title = if text.starts_with(title) { "" } else { title };
    [title, heading.trim(), text].into_iter().filter(|part| !part.is_empty())
}

/// Names what is embedded: two passages with one hash have one vector.
pub fn hash(title: &str, heading: &str, passage: &str) -> [u8; 32] {
    Sha256::digest(text(title, heading, passage).as_bytes()).into()
}
