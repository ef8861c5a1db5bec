//! First come, first served: who waits for the local model, and how many are ahead.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// Cheap to clone; clones share the line.
#[derive(Clone)]
pub(crate) struct Queue {
    line: Arc<Mutex<Line>>,
    moved: watch::Sender<()>,
}

#[derive(Default)]
struct Line {
    /// Numbers of the tickets, the one being served first.
    tickets: VecDeque<u64>,
    next: u64,
}

/// A place in the line, left on drop.
pub(crate) struct Ticket {
    number: u64,
    queue: Queue,
    moves: watch::Receiver<()>,
}

impl Default for Queue {
    fn default() -> Self {
        Self { line: Arc::default(), moved: watch::Sender::new(()) }
    }
}

impl Queue {
    /// Takes the last place.
    pub fn join(&self) -> Ticket {
        let moves = self.moved.subscribe();
        let mut line = self.line();
        let number = line.next;
        line.next += 1;
        line.tickets.push_back(number);
        Ticket { number, queue: self.clone(), moves }
    }

    /// No code panics while it holds the line, so a poisoned one is whole.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// How many are served first; 0 means that it is this one's turn.
    pub fn ahead(&self) -> u32 {
        self.queue.line().tickets.iter().take_while(|number| **number != self.number).count() as u32
    }

    /// Waits until somebody left since the last look.
    pub async fn moved(&mut self) {
        // The sender lives in `self.queue`, so this cannot fail.
        let _ = self.moves.changed().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.line().tickets.retain(|number| *number != self.number);
        self.queue.moved.send_replace(());
    }
}
