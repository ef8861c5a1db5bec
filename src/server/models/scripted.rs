//! Models that say what they are told to: for tests, demonstrations and for looking at the pages when things go wrong.
//!
//! Nothing here depends on chance or on the time of day. The model's name chooses how it behaves; a test may also write its
//! own script, step by step, and gate each step on an event.

mod behaviour;
mod usage;

use super::{ChatModel, ChatRequest, FinishReason, ModelError, ModelEvent};
use crate::model::provider::{ModelInfo, Price};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use behaviour::NAMES;

pub const PROVIDER: &str = "scripted";

/// Requests that are kept for tests to look at.
const REMEMBERED: usize = 100;

/// Cheap to clone; clones share scripts and recorded requests.
#[derive(Clone, Default)]
pub struct Scripted {
    state: Arc<Mutex<State>>,
    pace: Pace,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Pace {
    #[default]
    Human,
    Instant,
}

#[derive(Default)]
struct State {
    scripts: HashMap<String, Script>,
    requests: Vec<ChatRequest>,
}

struct Script {
    turns: Vec<Vec<Step>>,
    next: usize,
}

#[derive(Debug, Clone)]
pub enum Step {
    Emit(ModelEvent),
    Pause(Duration),
    /// Goes on once the test says so. A permit that was given early counts.
    WaitFor(Arc<Notify>),
    /// Ends the answer.
    Fail(ModelError),
}

impl Step {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Emit(ModelEvent::Text(text.into()))
    }

    pub fn finish(reason: FinishReason) -> Self {
        Self::Emit(ModelEvent::Finished(reason))
    }
}

impl Scripted {
    pub fn new() -> Self {
        Self::default()
    }

    /// Passes over every pause, for tests that look at what is said and not at when.
    pub fn instant() -> Self {
        Self { pace: Pace::Instant, ..Self::default() }
    }

    /// Every call of the model `name` follows `steps`, exactly: nothing is added, usage neither.
    pub fn script(&self, name: &str, steps: Vec<Step>) {
        self.script_turns(name, vec![steps]);
    }

    /// The first call of the model `name` follows the first script, the second the second; the last one repeats.
    pub fn script_turns(&self, name: &str, turns: Vec<Vec<Step>>) {
        self.state().scripts.insert(name.to_owned(), Script { turns, next: 0 });
    }

    /// What was asked so far, oldest first: a test can look at the context that a run gave.
    pub fn requests(&self) -> Vec<ChatRequest> {
        self.state().requests.clone()
    }

    fn begin(&self, request: ChatRequest) -> Vec<Step> {
        let mut state = self.state();
        let scripted = state.scripts.get_mut(&request.model).map(Script::advance);
        let steps = scripted.unwrap_or_else(|| behaviour::steps(&request));
        if state.requests.len() == REMEMBERED {
            state.requests.remove(0);
        }
        state.requests.push(request);
        steps
    }

    /// The state is whole between any two statements, so a panic of another test's thread does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Script {
    fn advance(&mut self) -> Vec<Step> {
        let turn = self.next.min(self.turns.len().saturating_sub(1));
        self.next += 1;
        self.turns.get(turn).cloned().unwrap_or_default()
    }
}

impl ChatModel for Scripted {
    fn stream(&self, request: ChatRequest, cancel: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        let this = self.clone();
        async_stream::stream! {
            for step in this.begin(request) {
                let Some(item) = cancel.run_until_cancelled(play(step, this.pace)).await else { return };
                if let Some(item) = item {
                    let last = matches!(item, Err(_) | Ok(ModelEvent::Finished(_)));
                    yield item;
                    if last { return; }
                }
            }
            yield Err(ModelError::CutOff { detail: "the script ended".to_owned() });
        }
        .boxed()
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>> {
        async {
            let state = self.state();
            let mut written: Vec<_> = state.scripts.keys().map(String::as_str).filter(|name| !NAMES.contains(name)).collect();
            written.sort_unstable();
            Ok(NAMES.iter().copied().chain(written).map(info).collect())
        }
        .boxed()
    }
}

async fn play(step: Step, pace: Pace) -> Option<Result<ModelEvent, ModelError>> {
    match step {
        Step::Emit(event) => Some(Ok(event)),
        Step::Fail(error) => Some(Err(error)),
        Step::Pause(duration) => {
            if pace == Pace::Human {
                tokio::time::sleep(duration).await;
            }
            None
        }
        Step::WaitFor(event) => {
            event.notified().await;
            None
        }
    }
}

fn info(name: &str) -> ModelInfo {
    ModelInfo {
        provider: PROVIDER.to_owned(),
        model: name.to_owned(),
        context_tokens: Some(8_192),
        price: Some(Price::FREE),
        tools: true,
    }
}
