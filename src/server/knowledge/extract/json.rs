//! JSON, a value a line. It is written anew from its own characters: order and numbers stay exactly as they were.

use super::{TEXT_MAX, Unreadable};
use serde::de::IgnoredAny;

pub fn read(text: &str) -> Result<String, Unreadable> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| {
        Unreadable::because(format!("It is no JSON that can be read: line {}, column {}.", error.line(), error.column()))
    })?;
    let mut pretty = Pretty::default();
    for c in text.chars() {
        pretty.push(c);
        if pretty.out.len() > TEXT_MAX {
            return Err(Unreadable::too_long());
        }
    }
    Ok(pretty.out)
}

/// Of a valid text.
#[derive(Default)]
struct Pretty {
    out: String,
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// Behind an opening bracket: an empty pair stays together.
    opened: bool,
}

impl Pretty {
    fn push(&mut self, c: char) {
        if self.in_text {
            self.out.push(c);
            self.in_text = self.escaped || c != '"';
            self.escaped = !self.escaped && c == '\\';
            return;
        }
        match c {
            c if c.is_ascii_whitespace() => {}
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if !std::mem::take(&mut self.opened) {
                    self.line();
                }
                self.out.push(c);
            }
            ',' => {
                self.out.push(c);
                self.line();
            }
            ':' => self.out.push_str(": "),
            c => {
                if std::mem::take(&mut self.opened) {
                    self.line();
                }
                self.out.push(c);
                self.in_text = c == '"';
                if matches!(c, '{' | '[') {
                    self.depth += 1;
                    self.opened = true;
                }
            }
        }
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }
}
