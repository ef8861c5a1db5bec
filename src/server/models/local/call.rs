//! One call of the local model: it waits for its turn, then passes on what the worker says.

use super::{
    Shared,
    process::{Answer, FromWorker},
    prompt,
    queue::Ticket,
};
use crate::{
    model::provider::Usage,
    server::{
        models::{ChatRequest, FinishReason, ModelError, ModelEvent},
        worker::protocol::{ErrorKind, Job, Reason, Reply},
    },
};
use std::{collections::VecDeque, sync::Arc};
use tokio_util::sync::CancellationToken;

type Item = Result<ModelEvent, ModelError>;

pub(super) struct Call {
    shared: Arc<Shared>,
    request: ChatRequest,
    cancel: CancellationToken,
    phase: Phase,
    /// The newest totals; known once the worker has begun.
    usage: Option<Usage>,
}

enum Phase {
    /// Nothing was asked yet.
    New,
    /// In the queue; the number that the caller was told last.
    Waiting(Ticket, Option<u32>),
    Answering(Answer),
    /// What is left to say.
    Closing(VecDeque<Item>),
}

impl Call {
    pub fn new(shared: Arc<Shared>, request: ChatRequest, cancel: CancellationToken) -> Self {
        Self { shared, request, cancel, phase: Phase::New, usage: None }
    }

    /// The next event; `None` when all is said.
    pub async fn next(&mut self) -> Option<Item> {
        loop {
            let item = match &mut self.phase {
                Phase::New => self.join(),
                Phase::Waiting(..) => self.wait().await,
                Phase::Answering(_) => self.listen().await,
                Phase::Closing(items) => return items.pop_front(),
            };
            if item.is_some() {
                return item;
            }
        }
    }

    fn join(&mut self) -> Option<Item> {
        match self.shared.serves(&self.request.model) {
            Ok(()) => self.phase = Phase::Waiting(self.shared.queue.join(), None),
            Err(error) => self.close([Err(error)]),
        }
        None
    }

    async fn wait(&mut self) -> Option<Item> {
        let Phase::Waiting(ticket, told) = &mut self.phase else { return None };
        let ahead = ticket.ahead();
        if self.cancel.is_cancelled() {
            self.close([]);
        } else if ahead == 0 {
            self.begin();
        } else if *told != Some(ahead) {
            *told = Some(ahead);
            return Some(Ok(ModelEvent::Queued { ahead }));
        } else {
            tokio::select! {
                () = self.cancel.cancelled() => {}
                () = ticket.moved() => {}
            }
        }
        None
    }

    /// It is our turn. The ticket goes with the request, so that the next caller's turn comes when the worker is free,
    /// whether or not this one listens to the end.
    fn begin(&mut self) {
        let Phase::Waiting(ticket, _) = std::mem::replace(&mut self.phase, Phase::New) else { return };
        let job = Job::Generate { messages: prompt::turns(&self.request), max_tokens: self.request.max_output_tokens };
        match self.shared.workers.ask(job, ticket) {
            Ok(answer) => self.phase = Phase::Answering(answer),
            Err(error) => self.close([Err(error)]),
        }
    }

    async fn listen(&mut self) -> Option<Item> {
        let Phase::Answering(answer) = &mut self.phase else { return None };
        let said = tokio::select! {
            biased;
            () = self.cancel.cancelled() => {
                self.close([]);
                return None;
            }
            said = answer.next() => said,
        };
        match said {
            FromWorker::Said(reply) => self.hear(reply),
            FromWorker::Died(detail) => {
                self.close([Err(self.died(detail))]);
                None
            }
        }
    }

    fn hear(&mut self, reply: Reply) -> Option<Item> {
        match reply {
            Reply::Loaded | Reply::Embedded { .. } => None,
            Reply::Started { prompt_tokens, cached_tokens, .. } => {
                self.usage = Some(started(prompt_tokens, cached_tokens));
                None
            }
            Reply::Text { delta, output_tokens, .. } => {
                self.count(output_tokens);
                Some(Ok(ModelEvent::Text(delta)))
            }
            Reply::Done { reason, output_tokens, .. } => {
                self.count(output_tokens);
                self.close([Ok(ModelEvent::Finished(finish(reason)))]);
                None
            }
            Reply::Error { kind, detail, .. } => {
                self.close([Err(refused(kind, detail))]);
                None
            }
        }
    }

    fn count(&mut self, output_tokens: u32) {
        self.usage.get_or_insert_default().output_tokens = output_tokens.into();
    }

    /// A worker that dies before its answer began can simply be asked again.
    fn died(&self, detail: String) -> ModelError {
        match self.usage {
            Some(_) => ModelError::CutOff { detail },
            None => ModelError::Unavailable { detail },
        }
    }

    /// Says what was used, then these, then nothing more. Whatever the phase held is given back.
    fn close<const N: usize>(&mut self, last: [Item; N]) {
        let usage = self.usage.map(|usage| Ok(ModelEvent::Usage(usage)));
        self.phase = Phase::Closing(usage.into_iter().chain(last).collect());
    }
}

fn started(prompt_tokens: u32, cached_tokens: u32) -> Usage {
    let (all, cached) = (i64::from(prompt_tokens), i64::from(cached_tokens));
    Usage { input_tokens: all - cached, cache_read_tokens: cached, ..Usage::default() }
}

/// Only who cancels sees a cancelled answer's end, and does not listen any more.
fn finish(reason: Reason) -> FinishReason {
    match reason {
        Reason::Stop | Reason::Cancelled => FinishReason::Stop,
        Reason::Length => FinishReason::Length,
    }
}

fn refused(kind: ErrorKind, detail: String) -> ModelError {
    match kind {
        ErrorKind::ContextTooLong => ModelError::ContextTooLong { detail },
        ErrorKind::Failed => ModelError::Unavailable { detail },
    }
}
