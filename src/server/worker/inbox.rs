//! What the server asks: read on a thread of its own, so that a cancel is seen while an answer is being written.

use super::protocol::{AnswerId, Request};
use std::{
    io::{BufRead, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

pub struct Inbox {
    requests: Receiver<Request>,
    /// The newest answer that is not wanted any more: as ids grow, so is no earlier one.
    cancelled: Arc<AtomicU64>,
}

impl Inbox {
    pub fn open(source: impl Read + Send + 'static) -> Self {
        let (sender, requests) = mpsc::channel();
        let cancelled = Arc::new(AtomicU64::new(0));
        let seen = cancelled.clone();
        thread::spawn(move || {
            read(source, &sender, &seen);
            // The server is gone: whatever is being written, nobody reads it.
            seen.store(AnswerId::MAX, Ordering::SeqCst);
        });
        Self { requests, cancelled }
    }

    /// The next request that is no cancel; `None` once the server has closed the pipe.
    pub fn next(&self) -> Option<Request> {
        self.requests.recv().ok()
    }

    pub fn is_cancelled(&self, id: AnswerId) -> bool {
        self.cancelled.load(Ordering::SeqCst) >= id
    }
}

fn read(source: impl Read, sender: &Sender<Request>, cancelled: &AtomicU64) {
    for line in BufReader::new(source).lines() {
        let Ok(line) = line else { return };
        match serde_json::from_str(&line) {
            Ok(Request::Cancel { id }) => _ = cancelled.fetch_max(id, Ordering::SeqCst),
            // Once nobody takes requests any more, the process is about to end.
            Ok(request) => _ = sender.send(request),
            Err(error) => tracing::error!(%error, "a request that cannot be read"),
        }
    }
}
