//! The text of a PDF, page after page.

use super::Unreadable;

pub fn read(bytes: &[u8]) -> Result<String, Unreadable> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(bytes).map_err(|error| {
        // Its own words are for developers; only this case has something that a member can do.
        match error.to_string().to_ascii_lowercase() {
            words if words.contains("encrypt") || words.contains("password") => {
                Unreadable::because("It is protected by a password. Save it without one and add it again.")
            }
            _ => Unreadable::because("The PDF is broken, or of a kind that cannot be read."),
        }
    })?;
    let mut text = String::new();
    for page in pages {
        tidy(&page, &mut text);
    }
    text.truncate(text.trim_end().len());
    Ok(text)
}

/// Lines without the spaces that layout leaves behind, and no more than one empty line between two.
fn tidy(page: &str, text: &mut String) {
    let mut empty = true;
    for line in page.lines().map(str::trim) {
        if !line.is_empty() {
            text.extend(line.split_whitespace().flat_map(|word| [word, " "]));
            text.pop();
            text.push('\n');
        } else if !empty {
            text.push('\n');
        }
        empty = line.is_empty();
    }
    if !empty {
        text.push('\n');
    }
}
