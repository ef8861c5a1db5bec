//! The model providers: what they send, how they read every answer, and what they make of failures.

mod addresses;
mod cuts;
mod errors;
mod exchange;
mod known_models;
mod odd_servers;
mod recorded;
mod registry;
mod requests;
mod scripted;
mod tls;
mod transcripts;

use crate::server::{
    models::{
        ChatContent, ChatMessage, ChatModel, ChatRequest, ChatRole, FinishReason, ModelError, ModelEvent,
        anthropic::Anthropic,
        http::feed::{Decode, Feed},
        openai::OpenAi,
    },
    outbound::Outbound,
};
use futures::StreamExt;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

type Items = Vec<Result<ModelEvent, ModelError>>;

const KEY: &str = "a-key-that-nobody-may-see";

fn key() -> SecretString {
    SecretString::from(KEY)
}

fn openai(base_url: &str) -> OpenAi {
    OpenAi::new("openai", base_url, Some(key()), Outbound::new(true).unwrap())
}

fn anthropic(base_url: &str) -> Anthropic {
    Anthropic::new(base_url, key(), Outbound::new(true).unwrap())
}

fn request(model: &str) -> ChatRequest {
    ChatRequest {
        model: model.to_owned(),
        system: "Be brief.".to_owned(),
        messages: vec![said(ChatRole::User, "Hello")],
        tools: Vec::new(),
        max_output_tokens: 64,
    }
}

fn said(role: ChatRole, text: &str) -> ChatMessage {
    ChatMessage { role, content: vec![ChatContent::Text(text.to_owned())] }
}

async fn ask(model: &impl ChatModel, name: &str) -> Items {
    model.stream(request(name), CancellationToken::new()).collect().await
}

async fn failure(model: &impl ChatModel, name: &str) -> ModelError {
    ask(model, name).await.pop().unwrap().unwrap_err()
}

/// Runs the decoder of production over a body that arrives in these pieces and then ends.
fn decode<'a>(decoder: impl Decode, pieces: impl IntoIterator<Item = &'a [u8]>) -> Items {
    let mut feed = Feed::new(decoder);
    let mut items = Items::new();
    for piece in pieces {
        if feed.over() {
            return items;
        }
        items.extend(feed.push(piece));
    }
    if !feed.over() {
        items.extend(feed.end());
    }
    assert!(feed.over());
    items
}

fn text(items: &Items) -> String {
    items.iter().filter_map(|item| if let Ok(ModelEvent::Text(text)) = item { Some(text.as_str()) } else { None }).collect()
}

fn reasoning(items: &Items) -> String {
    items.iter().filter_map(|item| if let Ok(ModelEvent::Reasoning(text)) = item { Some(text.as_str()) } else { None }).collect()
}

fn finish(items: &Items) -> Option<FinishReason> {
    items.iter().find_map(|item| if let Ok(ModelEvent::Finished(reason)) = item { Some(*reason) } else { None })
}

fn usage(items: &Items) -> Option<crate::model::provider::Usage> {
    items.iter().rev().find_map(|item| if let Ok(ModelEvent::Usage(usage)) = item { Some(*usage) } else { None })
}
