//! The local model as the server uses it: the queue and the deaths with a fake worker, the answers with the real one.

mod embedder;
mod fake;
mod fetch;
mod lifetime;
mod prompt;
mod quality;
mod queue;
mod real;
mod sampler;
mod session;
mod speed;
mod tokenizer;
mod weights;

use crate::server::models::{
    ChatContent, ChatMessage, ChatModel, ChatRequest, ChatRole, ModelError, ModelEvent,
    local::{IDLE_AFTER, Local, LocalConfig, MODEL},
};
use futures::{StreamExt, stream::BoxStream};
use std::{path::PathBuf, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

type Events = BoxStream<'static, Result<ModelEvent, ModelError>>;

/// Longer than any of these tests should take: whatever waits for it, hangs.
const PATIENCE: Duration = Duration::from_secs(60);

fn config(program: PathBuf, args: Vec<String>, models_dir: PathBuf) -> LocalConfig {
    LocalConfig {
        models_dir,
        program,
        args,
        idle_after: IDLE_AFTER,
        tasks: TaskTracker::new(),
        shutdown: CancellationToken::new(),
    }
}

fn request(text: &str) -> ChatRequest {
    let message = ChatMessage { role: ChatRole::User, content: vec![ChatContent::Text(text.to_owned())] };
    ChatRequest {
        model: MODEL.to_owned(),
        system: String::new(),
        messages: vec![message],
        tools: Vec::new(),
        max_output_tokens: 64,
    }
}

fn ask(local: &Local, text: &str) -> Events {
    local.stream(request(text), CancellationToken::new())
}

async fn next(events: &mut Events) -> Option<Result<ModelEvent, ModelError>> {
    tokio::time::timeout(PATIENCE, events.next()).await.expect("an event, or the end")
}

async fn rest(mut events: Events) -> Vec<Result<ModelEvent, ModelError>> {
    let mut all = Vec::new();
    while let Some(event) = next(&mut events).await {
        all.push(event);
    }
    all
}

/// The whole text of an answer that must have no error.
async fn text(events: Events) -> String {
    let said = |event: Result<ModelEvent, ModelError>| match event.expect("no error") {
        ModelEvent::Text(text) => Some(text),
        _ => None,
    };
    rest(events).await.into_iter().filter_map(said).collect()
}
