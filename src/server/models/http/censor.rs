//! What of a provider's words may be kept: no keys, and not much.

use crate::server::models::ModelError;

const DETAIL_LIMIT: usize = 2_000;

/// Removes the key, and what looks like one, because providers like to quote it; then cuts.
pub(crate) fn clean(detail: &str, key: Option<&str>) -> String {
    let known = match key.filter(|key| !key.is_empty()) {
        Some(key) => detail.replace(key, "[key]"),
        None => detail.to_owned(),
    };
    cut(without_keys(&known))
}

/// `sk-…` is how both protocols' keys begin; they are quoted in full, or with stars in the middle.
fn without_keys(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("sk-") {
        let tail = &rest[start..];
        let end = tail.find(|c: char| !(c.is_ascii_alphanumeric() || "-_*.…".contains(c))).unwrap_or(tail.len());
        let is_word = rest[..start].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        clean.push_str(&rest[..start]);
        clean.push_str(if is_word && end >= 8 { "[key]" } else { &tail[..end] });
        rest = &tail[end..];
    }
    clean + rest
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(DETAIL_LIMIT));
    text
}

pub(crate) fn detail_mut(error: &mut ModelError) -> &mut String {
    match error {
        ModelError::Unavailable { detail }
        | ModelError::RateLimited { detail, .. }
        | ModelError::InvalidRequest { detail }
        | ModelError::Unauthorised { detail }
        | ModelError::ContextTooLong { detail }
        | ModelError::ContentFiltered { detail }
        | ModelError::CutOff { detail }
        | ModelError::TimedOut { detail }
        | ModelError::NotInstalled { detail } => detail,
    }
}
