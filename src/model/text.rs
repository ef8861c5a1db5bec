//! How text that people typed becomes a value: trimmed, without control characters, within a length.

use crate::error::{AppError, Result};

/// Trims `raw`, drops NUL, and checks that 1 to `max` characters remain. `field` names the form field in the error.
pub fn line(field: &str, raw: &str, max: usize) -> Result<String> {
    let text: String = raw.trim().chars().filter(|c| !c.is_control()).collect();
    check(field, &text, max)?;
    Ok(text)
}

/// Like [`line`], but keeps line breaks and tabs, and the spaces that start the first line.
pub fn block(field: &str, raw: &str, max: usize) -> Result<String> {
    let text: String = raw.trim_end().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if text.trim().is_empty() {
        return Err(empty(field));
    }
    check(field, &text, max)?;
    Ok(text)
}

/// A text as searches compare it: `Ä` and `ä` are one, `ß` and `SS` too. Letter by letter, so that a part of a text folds as
/// it does in the whole.
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

fn check(field: &str, text: &str, max: usize) -> Result<()> {
    match text.chars().count() {
        0 => Err(empty(field)),
        n if n > max => Err(AppError::invalid(field, format!("This is {n} characters long; {max} is the most."))),
        _ => Ok(()),
    }
}

fn empty(field: &str) -> AppError {
    AppError::invalid(field, "This cannot be empty.")
}
