//! What the worker says: a line per reply, sent at once.

use super::protocol::Reply;
use std::io::{self, Write};

pub(super) struct Outbox<W> {
    sink: W,
}

impl<W: Write> Outbox<W> {
    pub fn new(sink: W) -> Self {
        Self { sink }
    }

    pub fn send(&mut self, reply: &Reply) -> io::Result<()> {
        let mut line = serde_json::to_vec(reply)?;
        line.push(b'\n');
        self.sink.write_all(&line)?;
        self.sink.flush()
    }
}
