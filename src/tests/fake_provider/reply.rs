//! What the fake provider answers.

use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub pieces: Vec<Piece>,
}

/// One thing that happens to the body.
#[derive(Debug, Clone)]
pub enum Piece {
    Bytes(Vec<u8>),
    /// Waits until the test says so.
    WaitFor(Arc<Notify>),
    Pause(Duration),
    /// Sends nothing more and keeps the connection.
    Hang,
    /// Breaks the connection, so that the body is visibly incomplete.
    Break,
}

impl Reply {
    /// A stream that ends well.
    pub fn stream(body: &str) -> Self {
        Self::of(200, "text/event-stream", vec![Piece::Bytes(body.as_bytes().to_vec())])
    }

    /// A stream that the transport ends well after `at` bytes.
    pub fn cut(body: &str, at: usize) -> Self {
        Self::of(200, "text/event-stream", vec![Piece::Bytes(body.as_bytes()[..at].to_vec())])
    }

    /// A stream in small pieces, with a pause between any two.
    pub fn paced(body: &str, size: usize, pause: Duration) -> Self {
        let pieces = body.as_bytes().chunks(size).flat_map(|bytes| [Piece::Bytes(bytes.to_vec()), Piece::Pause(pause)]);
        Self::of(200, "text/event-stream", pieces.collect())
    }

    /// A stream in which the byte at `at` is not what the provider wrote.
    pub fn garbled(body: &str, at: usize) -> Self {
        let mut bytes = body.as_bytes().to_vec();
        bytes[at] ^= 0xff;
        Self::of(200, "text/event-stream", vec![Piece::Bytes(bytes)])
    }

    pub fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json", vec![Piece::Bytes(body.as_bytes().to_vec())])
    }

    pub fn of(status: u16, kind: &str, pieces: Vec<Piece>) -> Self {
        Self { status, headers: vec![("content-type", kind.to_owned())], pieces }
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn then(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }
}
