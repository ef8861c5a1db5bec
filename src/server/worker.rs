//! The worker: the child process in which a local model runs, so that its memory, its threads and its crashes are not
//! the server's. It reads requests from stdin and writes replies to stdout, one JSON object a line; its log is stderr.
//! A worker loads what it is asked for: the server keeps one that chats and one that embeds.
//! It ends when stdin closes, so that a worker never outlives its server.

mod bert;
pub(crate) mod chat;
pub(crate) mod encoder;
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
    encoder::Encoder,
    inbox::Inbox,
    outbox::Outbox,
    protocol::{Embed, ErrorKind, Generate, Reply, Request},
    session::Session,
};
use crate::server::models::fetch::weights;
use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

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
    let mut models = Models { folder: models_dir.to_owned(), session: None, encoder: None };
    while let Some(request) = inbox.next() {
        models.load_for(&request, outbox)?;
        answer(&mut models, &request, inbox, outbox)?;
    }
    Ok(())
}

/// What is in memory.
struct Models {
    folder: PathBuf,
    session: Option<Session>,
    encoder: Option<Encoder>,
}

impl Models {
    /// Weights that cannot be loaded end the worker: the next may find them whole.
    fn load_for(&mut self, request: &Request, outbox: &mut Outbox<io::Stdout>) -> Result<(), WorkerError> {
        match request {
            Request::Generate(_) if self.session.is_none() => {
                self.session = Some(Session::load(&weights::CHAT.path(&self.folder))?);
            }
            Request::Embed(_) if self.encoder.is_none() => self.encoder = Some(Encoder::load(&self.folder)?),
            _ => return Ok(()),
        }
        Ok(outbox.send(&Reply::Loaded)?)
    }
}

/// An answer that fails is reported and costs nothing else; only a broken pipe ends the worker.
fn answer(models: &mut Models, request: &Request, inbox: &Inbox, outbox: &mut Outbox<io::Stdout>) -> Result<(), WorkerError> {
    let answered = match (request, &mut models.session, &models.encoder) {
        (Request::Generate(request), Some(session), _) => generate(session, request, inbox, outbox),
        (Request::Embed(request), _, Some(encoder)) => embed(encoder, request, inbox, outbox),
        _ => Ok(()),
    };
    match answered {
        Ok(()) => Ok(()),
        Err(WorkerError::Pipe(error)) => Err(error.into()),
        Err(error) => Ok(outbox.send(&Reply::Error { id: Some(request.id()), kind: error.kind(), detail: error.to_string() })?),
    }
}

fn generate(
    session: &mut Session,
    request: &Generate,
    inbox: &Inbox,
    outbox: &mut Outbox<io::Stdout>,
) -> Result<(), WorkerError> {
    let cancelled = || inbox.is_cancelled(request.id);
    session.answer(request, &cancelled, &mut |reply| outbox.send(&reply))
}

fn embed(encoder: &Encoder, request: &Embed, inbox: &Inbox, outbox: &mut Outbox<io::Stdout>) -> Result<(), WorkerError> {
    let cancelled = || inbox.is_cancelled(request.id);
    Ok(outbox.send(&encoder.answer(request, &cancelled)?)?)
}
