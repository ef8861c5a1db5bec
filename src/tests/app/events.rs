//! Server-sent events, as a client reads them.

use super::{TestApp, requests::with_key};
use axum::{
    body::{Body, BodyDataStream},
    http::{Request, header},
    response::Response,
};
use futures::StreamExt as _;
use serde_json::Value;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Sse {
    pub id: String,
    /// `message` where the server names none.
    pub event: String,
    pub data: Value,
}

/// An open stream. Dropping it is leaving.
pub struct Events {
    body: BodyDataStream,
    buffer: String,
}

impl TestApp {
    /// Follows a thread's events by a key, from behind `last` where it is given.
    pub async fn events(&self, path: &str, key: &str, last: Option<&str>) -> Events {
        let request = with_key(Request::get(path), key);
        let request = if let Some(last) = last { request.header("last-event-id", last) } else { request };
        Events::of(self.begin(request.body(Body::empty()).expect("a request")).await)
    }

    /// Opens the stream of a browser: `wanted` is its query, such as `?thread={id}@`.
    pub async fn live(&self, wanted: &str, cookie: &str) -> Events {
        let request = Request::get(format!("/live{wanted}")).header("sec-fetch-site", "same-origin");
        let request = request.header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
        Events::of(self.begin(request).await)
    }
}

impl Events {
    #[track_caller]
    pub fn of(response: Response) -> Self {
        assert!(response.status().is_success(), "{}", response.status());
        Self { body: response.into_body().into_data_stream(), buffer: String::new() }
    }

    /// The next event; `None` once the server ended the stream. Heartbeats are passed over.
    pub async fn next(&mut self) -> Option<Sse> {
        loop {
            while let Some(end) = self.buffer.find("\n\n") {
                let block: String = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = self.body.next().await?.ok()?;
            self.buffer.push_str(std::str::from_utf8(&chunk).expect("whole characters"));
        }
    }

    /// The events up to and with the first one that `last` accepts.
    pub async fn until(&mut self, last: impl Fn(&Sse) -> bool) -> Vec<Sse> {
        let mut seen = Vec::new();
        while let Some(event) = self.next().await {
            seen.push(event);
            if seen.last().is_some_and(&last) {
                break;
            }
        }
        seen
    }
}

fn parse(block: &str) -> Option<Sse> {
    let (mut id, mut event, mut data) = (String::new(), "message".to_owned(), None);
    for (name, value) in block.lines().filter_map(|line| line.split_once(": ")) {
        match name {
            "id" => id = value.to_owned(),
            "event" => event = value.to_owned(),
            "data" => data = serde_json::from_str(value).ok(),
            _ => {}
        }
    }
    Some(Sse { id, event, data: data? })
}
