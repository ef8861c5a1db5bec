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

/// From this many characters on, a title may be a piece of the text itself: half of what is cut out of a text that has
/// none (`document::title_of_text`). A shorter beginning of a sentence is rather what the whole text is about, as “Beans”
/// is of “Beans want warmth.”
const CUT_FROM: usize = 40;

/// Whether a title was cut out of a text: out of its first sentence, which goes on behind it. What has no title of its own
/// is called by its first words, and so do scripts that must send a title. A real title may stand in front of its text
/// too, but nothing goes on there: it ends with its line, or with a mark.
///
/// Such words say nothing of the passages behind the first, where they do not stand. Counted there all the same, they
/// outweigh what does: the last passage of a text is often short, and BM25 then takes it for one about its title.
pub fn is_cut_from(title: &str, beginning: &str) -> bool {
    let title = title.trim();
    // A title has no line breaks: white space is not compared.
    let said = |c: &char| !c.is_whitespace() && !c.is_control();
    let mut rest = beginning.trim().chars();
    let stands_there = title.chars().filter(said).all(|c| rest.by_ref().find(said) == Some(c));
    let goes_on = rest.find(|c| said(c) || ends_line(*c)).is_some_and(|next| !ends_line(next) && !ends_sentence(next));
    title.chars().count() >= CUT_FROM && stands_there && goes_on && !title.ends_with(ends_sentence)
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Marks behind which something new begins, a subtitle as well.
fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | ':' | ';' | '。' | '！' | '？' | '：' | '؟' | '۔' | '।')
}

/// Names what is embedded: two passages with one hash have one vector.
pub fn hash(title: &str, heading: &str, passage: &str) -> [u8; 32] {
    Sha256::digest(text(title, heading, passage).as_bytes()).into()
}
