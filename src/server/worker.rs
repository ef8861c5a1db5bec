//! The worker: the child process in which the local model runs, so that its memory, its threads and its crashes are not
//! the server's. It reads requests from stdin and writes replies to stdout, one JSON object a line; its log is stderr.
//! It ends when stdin closes, so that a worker never outlives its server.

pub(crate) mod chat;
pub(crate) mod inbox;
mod llama;
mod manners;
mod outbox;
pub mod protocol;
pub(crate) mod sampler;
pub(crate) mod session;
pub(crate) mod text;
pub(crate) mod tokenizer;

use self::{
    inbox::Inbox,
    outbox::Outbox,
    protocol::{ErrorKind, Generate, Reply},
    session::Session,
};
use crate::server::models::fetch::weights;
use std::{io, path::Path, process::ExitCode};

/// Runs the worker over stdin and stdout until stdin closes.
pub fn main(models_dir: &Path) -> ExitCode {
    manners::give_way();
    let (inbox, mut outbox) = (Inbox::open(io::stdin()), Outbox::new(io::stdout()));
    match run(models_dir, &inbox, &mut outbox) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the worker ends");
            // Where stdout is the trouble nobody is left to tell.
            let _ = outbox.send(&Reply::Error { id: None, kind: error.kind(), detail: error.to_string() });
            ExitCode::FAILURE
        }
    }
}

/// Why a worker, or one answer of it, failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkerError {
    #[error("cannot read {path}: {source}")]
    Weights { path: String, source: io::Error },
    #[error("the weights cannot be used: {0}")]
    Model(#[from] candle_core::Error),
    #[error("the tokenizer failed: {0}")]
    Tokenizer(String),
    #[error("the conversation has {prompt} tokens, and {limit} fit")]
    ContextTooLong { prompt: usize, limit: usize },
    #[error("the server cannot be reached: {0}")]
    Pipe(#[from] io::Error),
}

impl WorkerError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::ContextTooLong { .. } => ErrorKind::ContextTooLong,
            _ => ErrorKind::Failed,
        }
    }
}

fn run(models_dir: &Path, inbox: &Inbox, outbox: &mut Outbox<io::Stdout>) -> Result<(), WorkerError> {
    let mut session = Session::load(&weights::CHAT.path(models_dir))?;
    outbox.send(&Reply::Loaded)?;
    while let Some(request) = inbox.next() {
        answer(&mut session, &request, inbox, outbox)?;
    }
    Ok(())
}

/// An answer that fails is reported and costs nothing else; only a broken pipe ends the worker.
fn answer(session: &mut Session, request: &Generate, inbox: &Inbox, outbox: &mut Outbox<io::Stdout>) -> Result<(), WorkerError> {
    let cancelled = || inbox.is_cancelled(request.id);
    match session.answer(request, &cancelled, &mut |reply| outbox.send(&reply)) {
        Ok(()) => Ok(()),
        Err(WorkerError::Pipe(error)) => Err(error.into()),
        Err(error) => Ok(outbox.send(&Reply::Error { id: Some(request.id), kind: error.kind(), detail: error.to_string() })?),
    }
}
