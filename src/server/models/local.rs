//! `local`: chat on this machine, without a key. The model runs in a worker process, started on first use and ended when
//! idle; answers are given one at a time, in the order in which they were asked for.
//!
//! The model has no tool calling of its own: see [`super::prompted`] for how it calls tools all the same.
//!
//! One at a time, because one answer keeps one core busy: two at once would each take twice as long.

mod call;
pub(crate) mod process;
pub(crate) mod prompt;
pub(crate) mod queue;

use self::{call::Call, process::Workers, queue::Queue};
use super::{ChatModel, ChatRequest, ModelError, ModelEvent, fetch::weights, prompted};
use crate::{
    model::provider::{ModelInfo, Price},
    server::worker::protocol::CONTEXT_TOKENS,
};
use futures::{
    future::BoxFuture,
    stream::{self, BoxStream, StreamExt},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub const PROVIDER: &str = "local";
pub const MODEL: &str = "smollm2-135m-instruct";
/// How long a worker without work is kept: it holds 250 MB.
pub const IDLE_AFTER: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, Clone)]
pub struct LocalConfig {
    /// Where `models fetch` puts the weights.
    pub models_dir: PathBuf,
    /// The worker is started as `{program} {args…} {models_dir}`, with an empty environment.
    pub program: PathBuf,
    pub args: Vec<String>,
    /// How long a worker without work is kept.
    pub idle_after: Duration,
    /// Watches over the worker run here.
    pub tasks: TaskTracker,
    /// Ends the worker, and so the watch over it: fire it before waiting for `tasks`.
    pub shutdown: CancellationToken,
}

/// The local model. Clones share one worker and one queue.
#[derive(Clone)]
pub struct Local {
    shared: Arc<Shared>,
}

struct Shared {
    models_dir: PathBuf,
    queue: Queue,
    workers: Workers,
}

impl Local {
    pub fn new(config: LocalConfig) -> Self {
        let models_dir = config.models_dir.clone();
        Self { shared: Arc::new(Shared { models_dir, queue: Queue::default(), workers: Workers::new(config) }) }
    }
}

impl Shared {
    /// Without weights there is nothing to start.
    fn ready(&self) -> Result<(), ModelError> {
        let path = weights::CHAT.path(&self.models_dir);
        if path.is_file() {
            return Ok(());
        }
        Err(ModelError::NotInstalled { detail: not_there(&path) })
    }

    /// There is one model only: under another name nothing may be answered, and booked.
    fn serves(&self, model: &str) -> Result<(), ModelError> {
        if model != MODEL {
            return Err(ModelError::InvalidRequest { detail: format!("there is no local model named {model:?}") });
        }
        self.ready()
    }
}

impl ChatModel for Local {
    fn stream(&self, request: ChatRequest, cancel: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        prompted::stream(request, cancel, |request, cancel| {
            let call = Call::new(self.shared.clone(), request, cancel);
            stream::unfold(call, async |mut call| call.next().await.map(|event| (event, call))).boxed()
        })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>> {
        Box::pin(async { self.shared.ready().map(|()| vec![model_info()]) })
    }
}

/// For the log.
pub(crate) fn not_there(path: &Path) -> String {
    format!("{} is not there: run `guildhall models fetch`", path.display())
}

fn model_info() -> ModelInfo {
    ModelInfo {
        provider: PROVIDER.to_owned(),
        model: MODEL.to_owned(),
        context_tokens: Some(CONTEXT_TOKENS),
        price: Some(Price::FREE),
        tools: false,
    }
}
