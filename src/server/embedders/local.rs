//! `local`: all-MiniLM-L6-v2 on this machine, without a key. It runs in a worker process of its own, at lower priority,
//! started on first use, ended when idle, and replaced when it died.
//!
//! Calls are answered one at a time. The indexer asks for a few texts and waits for them before it asks again, so a query
//! never waits for more than one of its batches.

use super::{Embedder, LOCAL, Vectors};
use crate::server::{
    models::{
        ModelError,
        fetch::weights::{EMBEDDER, EMBEDDER_TOKENS},
        local::{
            LocalConfig, not_there,
            process::{FromWorker, Workers},
            queue::Queue,
        },
    },
    worker::protocol::{Job, Reply},
};
use futures::{FutureExt as _, future::BoxFuture};
use std::{path::PathBuf, sync::Arc};

pub const PROVIDER: &str = LOCAL;
pub const MODEL: &str = "all-MiniLM-L6-v2";

/// A third of a second's work: as long as a query may have to wait behind the indexer.
const BATCH: usize = 8;

pub struct LocalEmbedder {
    models_dir: PathBuf,
    line: Arc<Line>,
}

struct Line {
    queue: Queue,
    workers: Workers,
}

impl LocalEmbedder {
    pub fn new(config: LocalConfig) -> Self {
        let models_dir = config.models_dir.clone();
        Self { models_dir, line: Arc::new(Line { queue: Queue::default(), workers: Workers::new(config) }) }
    }

    /// The first of its files that is not there.
    fn missing(&self) -> Option<PathBuf> {
        [EMBEDDER, EMBEDDER_TOKENS].into_iter().map(|file| file.path(&self.models_dir)).find(|path| !path.is_file())
    }
}

impl Embedder for LocalEmbedder {
    fn embed(&self, model: String, texts: Vec<String>) -> BoxFuture<'static, Result<Vectors, ModelError>> {
        let (line, missing) = (self.line.clone(), self.missing());
        async move {
            if model != MODEL {
                return Err(ModelError::InvalidRequest { detail: format!("there is no local embedder named {model}") });
            }
            match missing {
                Some(path) => Err(ModelError::NotInstalled { detail: not_there(&path) }),
                None => line.ask(texts).await,
            }
        }
        .boxed()
    }

    fn batch(&self) -> usize {
        BATCH
    }

    fn usual_model(&self) -> Option<&'static str> {
        Some(MODEL)
    }

    fn price(&self, _: &str) -> Option<i64> {
        Some(0)
    }

    fn problem(&self) -> Option<String> {
        self.missing().map(|_| {
            "The embedder's files are missing. Run `guildhall models fetch` on this server, or ask its operator to.".to_owned()
        })
    }
}

impl Line {
    async fn ask(&self, texts: Vec<String>) -> Result<Vectors, ModelError> {
        let mut ticket = self.queue.join();
        while ticket.ahead() > 0 {
            ticket.moved().await;
        }
        let wanted = texts.len();
        let mut answer = self.workers.ask(Job::Embed { texts }, ticket)?;
        loop {
            match answer.next().await {
                FromWorker::Said(Reply::Embedded { vectors, tokens, .. }) if vectors.len() == wanted => {
                    return Ok(Vectors { vectors, tokens: tokens.into(), estimated: false });
                }
                FromWorker::Said(Reply::Error { detail, .. }) | FromWorker::Died(detail) => {
                    return Err(ModelError::Unavailable { detail });
                }
                FromWorker::Said(Reply::Embedded { .. } | Reply::Done { .. }) => {
                    return Err(ModelError::CutOff { detail: "the local embedder left texts out".to_owned() });
                }
                FromWorker::Said(_) => {}
            }
        }
    }
}
