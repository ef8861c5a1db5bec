//! A table: each row a line that names its columns, so that a row can be understood alone.

use super::{TEXT_MAX, Unreadable};
use csv::{ReaderBuilder, StringRecord};

pub fn read(text: &str) -> Result<String, Unreadable> {
    let separator = separator(text);
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let broken = |_: csv::Error| Unreadable::because("The table is broken: its rows cannot be told apart.");
    let head = reader.headers().map_err(broken)?.clone();
    let mut out = String::new();
    for row in reader.records() {
        write(&head, &row.map_err(broken)?, &mut out);
        if out.len() > TEXT_MAX {
            return Err(Unreadable::because(
                "Written out with the names of its columns it is more than 32 MB of text. Split it.",
            ));
        }
    }
    if out.is_empty() {
        // Only a head: what it says is all there is.
        out = head.iter().collect::<Vec<_>>().join("; ");
    }
    Ok(out)
}

fn write(head: &StringRecord, row: &StringRecord, out: &mut String) {
    let before = out.len();
    for (at, value) in row.iter().enumerate().map(|(at, value)| (at, value.trim())).filter(|(_, value)| !value.is_empty()) {
        if out.len() > before {
            out.push_str("; ");
        }
        if let Some(name) = head.get(at).map(str::trim).filter(|name| !name.is_empty()) {
            out.push_str(name);
            out.push_str(": ");
        }
        // A value of several lines stays in its row.
        let mut words = value.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
        out.push_str(words.next().unwrap_or_default().trim());
        for line in words {
            out.push(' ');
            out.push_str(line.trim());
        }
    }
    if out.len() > before {
        out.push('\n');
    }
}

/// The separator that the first line has most of.
fn separator(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    let count = |separator: u8| line.bytes().filter(|byte| *byte == separator).count();
    // Of two that stand equally often the last counts, and commas are usual.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
