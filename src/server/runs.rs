//! Runs: an agent's turns. This file is what the rest of the server asks for; the modules below are how it happens.
//!
//! | module | what it does |
//! |---|---|
//! | [`send`], [`again`] | a message, a Continue or a Retry becomes a queued run |
//! | [`begin`] | claims a thread's next run and opens its answer |
//! | [`admission`] | lets a model call begin: plan and budgets; counts what it used |
//! | [`turn`] | drives one run through its steps to its end |
//! | [`step`] | one model call: streams it into the journal |
//! | [`speech`] | the part that streams: announced at once, written in batches |
//! | [`settle`], [`ending`] | ends a step or a run, in one transaction; how it may end |
//! | [`tools`] | plans and performs the calls that the model asked for |
//! | [`approvals`] | the member allows a call, or denies it, and the run goes on |
//! | [`retry`] | tries a failed model call again, before anything was shown |
//! | [`context`], [`thoughts`] | what the model is given |
//! | [`bus`], [`journal`], [`viewer`] | how viewers hear of it, exactly |
//! | [`recovery`] | what a dead process left behind |

pub mod admission;
pub mod again;
pub mod approvals;
pub mod begin;
pub mod bus;
pub mod context;
pub mod ending;
pub mod journal;
pub mod lease;
pub mod recovery;
pub mod retry;
pub mod send;
pub mod settle;
pub mod speech;
pub mod step;
pub mod stop;
pub mod thoughts;
pub mod tools;
pub mod turn;
pub mod viewer;

pub use again::{go_on, retry};
pub use send::send;
pub use stop::stop;

use crate::{
    ids::{RunId, ThreadId},
    server::{state::App, store::turns::Next},
};
use bus::Bus;
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio_util::sync::CancellationToken;

/// The runs that this process drives.
#[derive(Default)]
pub struct Engine {
    bus: Bus,
    driven: Mutex<HashMap<RunId, Drive>>,
    drives: AtomicU64,
}

/// A driver's hold on a run: its stop signal, and what tells it from an earlier driver of the same run.
#[derive(Clone)]
pub struct Drive {
    number: u64,
    pub(self) cancel: CancellationToken,
}

impl Engine {
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// A run's own stop signal, kept until [`Engine::release`].
    fn drive(&self, run: RunId) -> Drive {
        let drive = Drive { number: self.drives.fetch_add(1, Ordering::Relaxed), cancel: CancellationToken::new() };
        self.driven().insert(run, drive.clone());
        drive
    }

    /// A late driver does not take the signal of the one after it away.
    fn release(&self, run: RunId, drive: &Drive) {
        let mut driven = self.driven();
        if driven.get(&run).is_some_and(|held| held.number == drive.number) {
            driven.remove(&run);
        }
    }

    /// Fires the stop signal, where this process drives the run.
    fn cancel(&self, run: RunId) {
        if let Some(drive) = self.driven().get(&run) {
            drive.cancel.cancel();
        }
    }

    fn driven(&self) -> MutexGuard<'_, HashMap<RunId, Drive>> {
        self.driven.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees to it that the thread's queued runs are driven, one after the other, in the background.
pub fn kick(app: &App, thread: ThreadId) {
    if app.shutdown.is_cancelled() {
        return;
    }
    app.tasks.spawn(drive(app.clone(), thread));
}

async fn drive(app: App, thread: ThreadId) {
    loop {
        // The cause of an error is in the log; the sweep of recovery tries again.
        let Ok(Some(turn)) = begin::begin(&app, thread).await else { return };
        if turn.run().await == Next::None || app.shutdown.is_cancelled() {
            return;
        }
    }
}
