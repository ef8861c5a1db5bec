//! The watch over one worker: carries orders in and replies out, and ends it when it is idle, stuck or not wanted.

use super::{
    Caller, Door, FromWorker, Order,
    end::{End, gone},
    unavailable,
};
use crate::server::{
    models::ModelError,
    worker::protocol::{AnswerId, Reply, Request},
};
use std::time::Duration;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

/// A worker looks at the cancel flag several times a second; one that does not for this long is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(15);

pub(super) struct Watch {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    orders: UnboundedReceiver<Order>,
    door: Door,
    /// The answer in the making.
    current: Option<(AnswerId, Caller)>,
    idle_after: Duration,
    /// When to end the worker unless something happens; `None` while it works.
    deadline: Option<Instant>,
}

impl Watch {
    pub fn new(mut child: Child, orders: UnboundedReceiver<Order>, door: Door, idle_after: Duration) -> Result<Self, ModelError> {
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(unavailable("the local model has no pipes"));
        };
        let lines = BufReader::new(stdout).lines();
        Ok(Self { child, stdin, lines, orders, door, current: None, idle_after, deadline: None })
    }

    pub async fn run(mut self, shutdown: CancellationToken) {
        let end = loop {
            let step = tokio::select! {
                () = shutdown.cancelled() => Err(End::Shutdown),
                line = self.lines.next_line() => self.line(line.ok().flatten()),
                order = self.orders.recv() => match order {
                    Some(order) => self.order(order).await,
                    None => Err(End::Shutdown),
                },
                () = passed(self.deadline) => self.overdue(),
            };
            if let Err(end) = step {
                break end;
            }
        };
        self.end(end).await;
    }

    async fn order(&mut self, order: Order) -> Result<(), End> {
        match order {
            Order::Ask { request, caller } => self.ask(request, caller).await,
            Order::Cancel(id) => self.cancel(id).await,
        }
    }

    async fn ask(&mut self, request: Request, caller: Caller) -> Result<(), End> {
        self.current = Some((request.id(), caller));
        self.deadline = None;
        self.write(&request).await
    }

    /// Passes a cancel on, if the answer is still being written.
    async fn cancel(&mut self, id: AnswerId) -> Result<(), End> {
        if self.current.as_ref().is_none_or(|(current, _)| *current != id) {
            return Ok(());
        }
        self.deadline = Some(Instant::now() + STUCK_AFTER);
        self.write(&Request::Cancel { id }).await
    }

    async fn write(&mut self, request: &Request) -> Result<(), End> {
        let mut line = serde_json::to_vec(request).map_err(|_| End::Died)?;
        line.push(b'\n');
        match timeout(STUCK_AFTER, self.stdin.write_all(&line)).await {
            Ok(written) => written.map_err(|_| End::Died),
            Err(_) => Err(End::Stuck),
        }
    }

    /// A line of the worker's; `None` when it closed its output.
    fn line(&mut self, line: Option<String>) -> Result<(), End> {
        let line = line.ok_or(End::Died)?;
        match serde_json::from_str(&line) {
            Ok(reply) => self.reply(reply),
            Err(_) => tracing::debug!(line, "the worker said something that is no reply"),
        }
        Ok(())
    }

    fn reply(&mut self, reply: Reply) {
        let Some((_, caller)) = self.current.as_ref().filter(|(id, _)| concerns(&reply, *id)) else { return };
        let over = matches!(reply, Reply::Done { .. } | Reply::Embedded { .. } | Reply::Error { .. });
        // A caller that does not listen any more has cancelled, too.
        let _ = caller.replies.send(FromWorker::Said(reply));
        if over {
            self.current = None;
            self.deadline = Some(Instant::now() + self.idle_after);
        }
    }

    /// An idle worker closes the door before it leaves, unless somebody has just come in.
    fn overdue(&mut self) -> Result<(), End> {
        if self.current.is_some() {
            return Err(End::Stuck);
        }
        self.deadline = None;
        let held = self.door.hold();
        if !self.orders.is_empty() {
            return Ok(());
        }
        self.orders.close();
        drop(held);
        Err(End::Idle)
    }

    /// Takes no more orders, ends the process, and tells everybody who still waits.
    async fn end(mut self, end: End) {
        self.orders.close();
        let detail = end.detail(&gone(&mut self.child, &end).await);
        let waiting = std::iter::from_fn(|| self.orders.try_recv().ok());
        let callers = waiting.filter_map(|order| match order {
            Order::Ask { caller, .. } => Some(caller),
            Order::Cancel(_) => None,
        });
        for caller in self.current.map(|(_, caller)| caller).into_iter().chain(callers) {
            let _ = caller.replies.send(FromWorker::Died(detail.clone()));
        }
    }
}

/// Whether a reply is about this answer, or about the whole worker.
fn concerns(reply: &Reply, id: AnswerId) -> bool {
    match reply {
        Reply::Loaded => false,
        Reply::Started { id: of, .. }
        | Reply::Text { id: of, .. }
        | Reply::Done { id: of, .. }
        | Reply::Embedded { id: of, .. } => *of == id,
        Reply::Error { id: of, .. } => of.is_none_or(|of| of == id),
    }
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
