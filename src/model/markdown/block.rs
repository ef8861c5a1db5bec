//! Where a text can be cut, so that each piece renders alone as it does in its place.

use std::ops::Range;

use pulldown_cmark::{Event, Parser};

/// The top-level blocks of a text as adjoining ranges that cover all of it. A block begins at the start of a line; what
/// stands between two blocks (blank lines, link definitions) belongs to the first.
pub fn slices(text: &str) -> Vec<Range<usize>> {
    let mut starts = block_starts(text);
    // What precedes the first block is definitions and blank lines, which need no piece of their own.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    } else if !text.is_empty() {
        starts.push(0);
    }
    starts.dedup();
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn block_starts(text: &str) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut starts = Vec::new();
    for (event, range) in Parser::new_ext(text, super::options()).into_offset_iter() {
        if depth == 0 && !matches!(event, Event::End(_)) {
            starts.push(line_start(text, range.start));
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    starts
}

/// The indentation of a block is part of it: indented code would not be code without.
fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1)
}
