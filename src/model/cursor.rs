//! A viewer's place in a thread: what it has, so that nothing is shown twice and nothing is missed.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Written `seq.offset`: the last discrete event delivered, and how many bytes of the part that was open then.
/// Compared in that order, so a later place in the thread is a greater cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cursor {
    pub seq: i64,
    pub offset: u64,
}

impl Cursor {
    pub const fn new(seq: i64, offset: u64) -> Self {
        Self { seq, offset }
    }

    /// `None` where the text is no cursor: whoever has none is given a snapshot.
    pub fn parse(raw: &str) -> Option<Self> {
        raw.parse().ok()
    }

    /// Where a delta that ended here began.
    pub fn start(self, delta: &str) -> u64 {
        self.offset.saturating_sub(delta.len() as u64)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.offset)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(raw: &str) -> Result<Self, BadCursor> {
        let (seq, offset) = raw.split_once('.').ok_or(BadCursor)?;
        Ok(Self { seq: digits(seq)?, offset: digits(offset)? })
    }
}

/// The text was not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCursor;

/// Only digits: `parse` alone would also take `+1`.
fn digits<T: FromStr>(raw: &str) -> Result<T, BadCursor> {
    if raw.is_empty() || !raw.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadCursor);
    }
    raw.parse().map_err(|_| BadCursor)
}
