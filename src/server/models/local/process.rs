//! The worker process: started when it is needed, watched by one task, replaced when it died.

mod end;
mod watch;

use self::watch::Watch;
use super::{LocalConfig, queue::Ticket};
use crate::server::{
    models::ModelError,
    worker::protocol::{AnswerId, Job, Reply, Request},
};
use std::{
    process::Stdio,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    process::{Child, Command},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
};

pub(crate) struct Workers {
    config: LocalConfig,
    door: Door,
}

/// Orders are given only while the door is held, so that an idle worker can close it without missing one.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Current>>);

#[derive(Default)]
struct Current {
    /// To the watch over the living worker; closed once that worker takes no more.
    orders: Option<UnboundedSender<Order>>,
    last_id: AnswerId,
}

impl Door {
    fn hold(&self) -> MutexGuard<'_, Current> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// To the watch.
enum Order {
    Ask { request: Request, caller: Caller },
    Cancel(AnswerId),
}

/// Who waits for an answer; the ticket keeps everybody else waiting until the worker is done with it.
struct Caller {
    replies: UnboundedSender<FromWorker>,
    _ticket: Ticket,
}

pub(crate) enum FromWorker {
    Said(Reply),
    /// No more will come, for this reason.
    Died(String),
}

/// An answer that is being written. Dropping it cancels it.
pub(crate) struct Answer {
    id: AnswerId,
    /// Unbounded, so that a slow reader never slows the worker; an answer is at most a context long.
    replies: UnboundedReceiver<FromWorker>,
    orders: UnboundedSender<Order>,
}

impl Workers {
    pub fn new(config: LocalConfig) -> Self {
        Self { config, door: Door::default() }
    }

    /// Asks the worker, and starts one if there is none.
    pub fn ask(&self, job: Job, ticket: Ticket) -> Result<Answer, ModelError> {
        let mut current = self.door.hold();
        current.last_id += 1;
        let id = current.last_id;
        let (sender, replies) = mpsc::unbounded_channel();
        let order = Order::Ask { request: job.numbered(id), caller: Caller { replies: sender, _ticket: ticket } };
        let orders = self.give(current.orders.take(), order)?;
        current.orders = Some(orders.clone());
        Ok(Answer { id, replies, orders })
    }

    /// Hands an order to the living worker, or to a new one.
    fn give(&self, living: Option<UnboundedSender<Order>>, order: Order) -> Result<UnboundedSender<Order>, ModelError> {
        let order = match living {
            Some(orders) => match orders.send(order) {
                Ok(()) => return Ok(orders),
                Err(refused) => refused.0,
            },
            None => order,
        };
        let orders = self.start()?;
        // A new watch takes orders at least until it has looked at the first.
        let _ = orders.send(order);
        Ok(orders)
    }

    fn start(&self) -> Result<UnboundedSender<Order>, ModelError> {
        let child = spawn(&self.config)?;
        let (orders, inbox) = mpsc::unbounded_channel();
        let watch = Watch::new(child, inbox, self.door.clone(), self.config.idle_after)?;
        self.config.tasks.spawn(watch.run(self.config.shutdown.clone()));
        Ok(orders)
    }
}

/// The environment is empty but for two settings, so the server's keys stay with the server. One thread each: on a busy
/// machine the spinning of several makes the model five times slower.
fn spawn(config: &LocalConfig) -> Result<Child, ModelError> {
    let mut command = Command::new(&config.program);
    // Ctrl+C on the terminal is for the server, which may still want to finish an answer.
    #[cfg(unix)]
    command.process_group(0);
    command
        .args(&config.args)
        .arg(&config.models_dir)
        .env_clear()
        .envs([("CANDLE_NUM_THREADS", "1"), ("RAYON_NUM_THREADS", "1")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| unavailable(format!("the local model cannot be started: {error}")))
}

fn unavailable(detail: impl Into<String>) -> ModelError {
    ModelError::Unavailable { detail: detail.into() }
}

impl Answer {
    pub async fn next(&mut self) -> FromWorker {
        let lost = || FromWorker::Died("the local model was shut down".to_owned());
        self.replies.recv().await.unwrap_or_else(lost)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        // An answer that is done, or whose worker died, needs no cancelling.
        let _ = self.orders.send(Order::Cancel(self.id));
    }
}
