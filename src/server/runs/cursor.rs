//! A viewer's place in a thread: the last journal row delivered, and the bytes delivered of the part that was open then.

use std::{fmt, str::FromStr};

/// Opaque to clients; written as `seq.offset`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub seq: i64,
    pub offset: usize,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.offset)
    }
}

/// The text was no cursor: the viewer gets a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (seq, offset) = text.split_once('.').ok_or(BadCursor)?;
        let (seq, offset) = (seq.parse().map_err(|_| BadCursor)?, offset.parse().map_err(|_| BadCursor)?);
        if seq < 0 { Err(BadCursor) } else { Ok(Self { seq, offset }) }
    }
}
