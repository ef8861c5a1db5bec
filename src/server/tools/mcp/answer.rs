//! Finds the answer to a request in a body: one JSON message, or a stream of events that ends with it.

use super::client::Fault;
use crate::server::{
    models::http::sse::Parser,
    tools::remote::{self, failed},
};
use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;
use std::collections::VecDeque;

/// What a body says next.
pub enum Answer {
    Result(Value),
    Error(String),
    /// A request of the server's own.
    Asked(Value),
}

/// A stream that is being read.
pub struct Stream {
    parser: Parser,
    waiting: VecDeque<Value>,
    bytes: usize,
    ended: bool,
}

/// `stream` is None at first, and keeps what was read between two calls for the same body.
pub async fn answer(response: &mut Response, id: i64, limit: usize, stream: &mut Option<Stream>) -> Result<Answer, Fault> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/event-stream") {
        let stream =
            stream.get_or_insert_with(|| Stream { parser: Parser::default(), waiting: VecDeque::new(), bytes: 0, ended: false });
        return stream.answer(response, id, limit).await;
    }
    if !kind.starts_with("application/json") {
        return Err(Fault::said("There is no MCP server at this address: the answer is neither JSON nor an event stream."));
    }
    let (body, more) = remote::read(response, limit).await?;
    if more {
        return Err(Fault::too_large(limit));
    }
    let message: Value = serde_json::from_slice(&body).map_err(|_| Fault::said("The server's answer is no JSON."))?;
    messages(message).find_map(|message| meant(message, id)).ok_or_else(unanswered)
}

impl Stream {
    async fn answer(&mut self, response: &mut Response, id: i64, limit: usize) -> Result<Answer, Fault> {
        loop {
            while let Some(message) = self.waiting.pop_front() {
                if let Some(answer) = meant(message, id) {
                    return Ok(answer);
                }
            }
            if self.ended {
                return Err(unanswered());
            }
            self.advance(response, limit).await?;
        }
    }

    async fn advance(&mut self, response: &mut Response, limit: usize) -> Result<(), Fault> {
        let Some(bytes) = response.chunk().await.map_err(|error| failed(&error))? else {
            self.ended = true;
            let last = self.parser.end();
            self.take(last);
            return Ok(());
        };
        self.bytes += bytes.len();
        if self.bytes > limit {
            return Err(Fault::too_large(limit));
        }
        let events = self.parser.push(&bytes).map_err(|_| Fault::too_large(limit))?;
        self.take(events);
        Ok(())
    }

    fn take(&mut self, events: impl IntoIterator<Item = crate::server::models::http::sse::Event>) {
        let parsed = events.into_iter().filter_map(|event| serde_json::from_str(&event.data).ok());
        self.waiting.extend(parsed.flat_map(messages));
    }
}

/// The revision of March 2025 may send several messages in one.
pub fn messages(message: Value) -> impl Iterator<Item = Value> {
    match message {
        Value::Array(batch) => batch.into_iter(),
        one => vec![one].into_iter(),
    }
}

/// Notifications, and answers to other requests, mean nothing here.
pub fn meant(mut message: Value, id: i64) -> Option<Answer> {
    if message.get("method").is_some() {
        return message.get("id").is_some_and(|id| !id.is_null()).then_some(Answer::Asked(message));
    }
    if message["id"] != id {
        return None;
    }
    if let Some(error) = message.get("error").filter(|error| !error.is_null()) {
        let words = error["message"].as_str().unwrap_or("no reason given");
        return Some(Answer::Error(format!("The server refuses: {words}")));
    }
    message.get_mut("result").map(Value::take).map(Answer::Result)
}

fn unanswered() -> Fault {
    Fault::said("The server ended its answer before it had answered.")
}
