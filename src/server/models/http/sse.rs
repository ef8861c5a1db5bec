//! Server-sent events from bytes, cut anywhere (the HTML standard, section 9.2.6 "Interpreting an event stream").
//!
//! Lenient where providers are sloppy: unknown fields are skipped, bytes that are no UTF-8 are replaced, and an event
//! without its closing blank line counts at the end of the body.

use std::mem;

/// No provider sends a longer event; one that does would fill our memory.
const EVENT_LIMIT: usize = 16 << 20;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Empty where the stream names none.
    pub(crate) name: String,
    pub(crate) data: String,
}

/// An event grew beyond all measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// The line that has not ended yet. Cutting at line ends keeps characters whole.
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    /// The last byte was a carriage return: a line feed after it belongs to it.
    after_return: bool,
    past_first_line: bool,
}

impl Parser {
    /// Takes the next bytes and answers the events that they complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            self.piece(piece, &mut events);
            if self.line.len() + self.event.data.len() > EVENT_LIMIT {
                return Err(TooLong);
            }
        }
        Ok(events)
    }

    /// The body ended: what stands unfinished is taken as it is.
    pub(crate) fn end(&mut self) -> Option<Event> {
        if !self.line.is_empty() {
            self.end_of_line();
        }
        self.dispatch()
    }

    /// At most one line end, and only as the last byte.
    fn piece(&mut self, piece: &[u8], events: &mut Vec<Event>) {
        let follows_return = mem::take(&mut self.after_return);
        match piece {
            b"\n" if follows_return => {}
            [text @ .., end @ (b'\n' | b'\r')] => {
                self.line.extend_from_slice(text);
                self.after_return = *end == b'\r';
                events.extend(self.end_of_line());
            }
            text => self.line.extend_from_slice(text),
        }
    }

    fn end_of_line(&mut self) -> Option<Event> {
        let bytes = mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let line = if mem::replace(&mut self.past_first_line, true) { &text } else { text.trim_start_matches('\u{feff}') };
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        self.field(field, value.strip_prefix(' ').unwrap_or(value));
        None
    }

    /// A comment is a field without a name, and is skipped with the other unknown ones.
    fn field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            _ => {}
        }
    }

    /// An event without data is none.
    fn dispatch(&mut self) -> Option<Event> {
        let event = mem::take(&mut self.event);
        mem::take(&mut self.has_data).then_some(event)
    }
}
