//! What goes to a process and who waits for what comes back.

use super::super::{
    answer::{Answer, meant},
    client,
};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// Bytes that are kept of what a process complains about.
const LAST_WORDS: usize = 1_000;

pub struct Exchange {
    /// Unbounded, so that a process that does not read holds up nobody; a call gives up after its time.
    outgoing: UnboundedSender<String>,
    waiting: Mutex<Waiting>,
    /// Fires when the process has ended.
    pub ended: CancellationToken,
}

#[derive(Default)]
struct Waiting {
    requests: HashMap<i64, oneshot::Sender<Result<Line, String>>>,
    used_at: Option<Instant>,
    /// The end of what it wrote to standard error.
    complaints: String,
    over: bool,
}

/// A result, and how long the line was that brought it.
pub struct Line {
    pub result: Value,
    pub bytes: usize,
}

impl Exchange {
    pub fn new() -> (Arc<Self>, UnboundedReceiver<String>) {
        let (outgoing, lines) = mpsc::unbounded_channel();
        (Arc::new(Self { outgoing, waiting: Mutex::default(), ended: CancellationToken::new() }), lines)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to wait for the answer to a request. None: the process is gone, and the request would reach nobody.
    pub fn expect(&self, id: i64) -> Option<oneshot::Receiver<Result<Line, String>>> {
        let mut waiting = self.waiting();
        if waiting.over {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        waiting.requests.insert(id, sender);
        waiting.used_at = Some(Instant::now());
        Some(receiver)
    }

    pub fn forget(&self, id: i64) {
        self.waiting().requests.remove(&id);
    }

    /// Hands a message to the process. One that is gone hears nothing, and whoever waits for it learns that.
    pub fn send(&self, message: &Value) {
        let _ = self.outgoing.send(format!("{message}\n"));
    }

    /// A line of the process's. What is no message of the protocol's is passed over: some servers chat.
    pub fn take(&self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else { return };
        let id = message["id"].as_i64().unwrap_or_default();
        match meant(message, id) {
            Some(Answer::Result(result)) => self.answer(id, Ok(Line { result, bytes: line.len() })),
            Some(Answer::Error(words)) => self.answer(id, Err(words)),
            Some(Answer::Asked(asked)) => self.send(&client::reply(&asked)),
            None => {}
        }
    }

    fn answer(&self, id: i64, answer: Result<Line, String>) {
        let mut waiting = self.waiting();
        waiting.used_at = Some(Instant::now());
        if let Some(request) = waiting.requests.remove(&id) {
            // Whoever asked may have given up in this moment.
            let _ = request.send(answer);
        }
    }

    /// A line was too long to be read; it may have been the answer to any of these.
    pub fn overflow(&self, limit: usize) {
        let words = client::Fault::too_large(limit).words();
        for (_, request) in self.waiting().requests.drain() {
            let _ = request.send(Err(words.clone()));
        }
    }

    /// Since when nobody has wanted anything; None while somebody waits.
    pub fn idle_since(&self) -> Option<Instant> {
        let waiting = self.waiting();
        if waiting.requests.is_empty() { waiting.used_at } else { None }
    }

    pub fn complain(&self, line: &str) {
        let mut waiting = self.waiting();
        waiting.complaints.push_str(line);
        waiting.complaints.push('\n');
        let cut = waiting.complaints.len().saturating_sub(LAST_WORDS);
        let cut = waiting.complaints.ceil_char_boundary(cut);
        waiting.complaints.drain(..cut);
    }

    /// What it said last on standard error, as the end of a sentence.
    pub fn last_words(&self) -> String {
        let waiting = self.waiting();
        let words = waiting.complaints.trim();
        if words.is_empty() { String::new() } else { format!(" It said last: {words}") }
    }

    /// The process is gone: whoever waits is told, and nobody begins to wait any more.
    pub fn end(&self) {
        let mut waiting = self.waiting();
        waiting.over = true;
        self.ended.cancel();
        waiting.requests.clear();
    }
}
