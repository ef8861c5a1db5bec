//! A provider to test against: an HTTP server of this process that speaks both protocols and misbehaves on request.
//!
//! What it answers is chosen by the model's name in the request, in the order in which a test lined the replies up; the
//! last one repeats. It records what it was asked, and notices when a client goes away.

mod reply;
mod server;

pub use reply::{Piece, Reply};

use http::HeaderMap;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

/// Stops when it is dropped.
pub struct FakeProvider {
    address: SocketAddr,
    shared: Arc<Shared>,
    _tasks: JoinSet<()>,
}

#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

struct Shared {
    replies: Mutex<HashMap<String, VecDeque<Reply>>>,
    requests: Mutex<Vec<Request>>,
    asked: watch::Sender<usize>,
    connections: Mutex<HashSet<SocketAddr>>,
    /// Bodies that a client dropped before they ended.
    abandoned: watch::Sender<usize>,
}

/// The name under which the answer to `GET /models` is lined up.
pub const LIST: &str = "GET /models";

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            replies: Mutex::default(),
            requests: Mutex::default(),
            asked: watch::Sender::new(0),
            connections: Mutex::default(),
            abandoned: watch::Sender::new(0),
        });
        let router = server::router(shared.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, _tasks: tasks }
    }

    /// Ends before `/chat/completions` and `/messages`, as settings do.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The same server by a name that resolves to this machine.
    pub fn base_url_by_name(&self) -> String {
        format!("http://localhost:{}/v1", self.address.port())
    }

    /// Lines up a reply for the model.
    pub fn replies(&self, model: &str, reply: Reply) {
        self.shared.replies.lock().unwrap().entry(model.to_owned()).or_default().push_back(reply);
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns once it was asked `count` times in all.
    pub async fn asked(&self, count: usize) {
        self.shared.asked.subscribe().wait_for(|asked| *asked >= count).await.unwrap();
    }

    /// How many connections carried the requests.
    pub fn connections(&self) -> usize {
        self.shared.connections.lock().unwrap().len()
    }

    /// Returns once a client dropped the connection of `count` unfinished bodies in all.
    pub async fn abandoned(&self, count: usize) {
        self.shared.abandoned.subscribe().wait_for(|abandoned| *abandoned >= count).await.unwrap();
    }
}

impl Shared {
    fn next(&self, name: &str) -> Option<Reply> {
        let mut replies = self.replies.lock().unwrap();
        let line = replies.get_mut(name)?;
        if line.len() > 1 { line.pop_front() } else { line.front().cloned() }
    }
}
