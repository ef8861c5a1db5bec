//! A session over streamable HTTP: each message is a POST, and the answer comes in its body.

use super::{
    answer::{Answer, answer},
    client::{self, Fault, VERSION},
};
use crate::server::{
    outbound::Outbound,
    state::App,
    tools::remote::{self, Link, Secret},
};
use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, HeaderValue},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio_util::task::TaskTracker;

/// Bytes of an answer that is no result of a tool.
const ANSWER_MAX: usize = 256 * 1024;

/// Cheap to clone; clones are the same session.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

/// No `App`: that one keeps sessions, and neither would ever end.
struct Inner {
    outbound: Outbound,
    tasks: TaskTracker,
    url: String,
    secret: Secret,
    session: Option<HeaderValue>,
    version: Option<HeaderValue>,
    /// Ids are not used twice in a session.
    next: AtomicI64,
}

impl Session {
    /// Begins one.
    pub async fn connect(app: &App, link: &Link) -> Result<Self, Fault> {
        let stranger = Self::of(app, link, None, None)?;
        let id = stranger.id();
        let response = stranger.send(&client::hello(id)).await?;
        let session = response.headers().get("mcp-session-id").cloned();
        // The server may ask back before its welcome is over; it knows the session by then.
        let greeted = Self::of(app, link, session.clone(), Some(HeaderValue::from_static(VERSION)))?;
        let welcome = greeted.result(response, id, ANSWER_MAX).await?;
        let version = client::agreed(&welcome)?;
        let session = Self::of(app, link, session, HeaderValue::from_str(version).ok())?;
        session.notify("notifications/initialized", json!({})).await?;
        Ok(session)
    }

    fn of(app: &App, link: &Link, session: Option<HeaderValue>, version: Option<HeaderValue>) -> Result<Self, Fault> {
        let (outbound, tasks) = (app.outbound.clone(), app.tasks.clone());
        let (url, secret, next) = (link.url.clone(), link.secret(app)?, AtomicI64::new(1));
        Ok(Self(Arc::new(Inner { outbound, tasks, url, secret, session, version, next })))
    }

    /// Sends a request and reads at most `limit` bytes for its result. Dropping the future tells the server to give up.
    pub async fn request(&self, method: &str, params: Value, limit: usize) -> Result<Value, Fault> {
        let id = self.id();
        let mut abandoned = Abandoned { session: self, id: Some(id) };
        let result = async { self.result(self.send(&client::request(id, method, params)).await?, id, limit).await }.await;
        abandoned.id = None;
        result
    }

    async fn result(&self, mut response: Response, id: i64, limit: usize) -> Result<Value, Fault> {
        let mut seen = None;
        loop {
            match answer(&mut response, id, limit, &mut seen).await? {
                Answer::Result(result) => return Ok(result),
                Answer::Error(words) => return Err(Fault::Said(words)),
                // The server asks back: it must hear something, or it may wait for ever.
                Answer::Asked(asked) => self.send(&client::reply(&asked)).await.map(drop)?,
            }
        }
    }

    async fn notify(&self, method: &str, params: Value) -> Result<(), Fault> {
        self.send(&client::notification(method, params)).await.map(drop)
    }

    /// Ends the session, as far as the server cares.
    pub async fn close(&self) {
        if self.0.session.is_some()
            && let Ok(request) = self.begin(Method::DELETE)
        {
            // A server may refuse this; then the session ends by itself.
            let _ = tokio::time::timeout(Duration::from_secs(5), request.send()).await;
        }
    }

    async fn send(&self, message: &Value) -> Result<Response, Fault> {
        let accept = HeaderValue::from_static("application/json, text/event-stream");
        let request = self.begin(Method::POST)?.header(ACCEPT, accept).json(message);
        let response = request.send().await.map_err(|error| remote::failed(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let words = remote::refused(response, &self.0.secret).await.0;
        Err(if self.lost(status, &words) { Fault::SessionLost } else { Fault::Said(words) })
    }

    /// The protocol says 404; some servers answer 400 and complain of the session.
    fn lost(&self, status: StatusCode, words: &str) -> bool {
        let complains = status == StatusCode::BAD_REQUEST && words.to_lowercase().contains("session");
        self.0.session.is_some() && (status == StatusCode::NOT_FOUND || complains)
    }

    fn begin(&self, method: Method) -> Result<RequestBuilder, Fault> {
        let mut request = self.0.secret.request(&self.0.outbound, method, &self.0.url)?;
        for (name, value) in [("mcp-session-id", &self.0.session), ("mcp-protocol-version", &self.0.version)] {
            if let Some(value) = value {
                request = request.header(name, value.clone());
            }
        }
        Ok(request)
    }

    fn id(&self) -> i64 {
        self.0.next.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A request that is not answered yet. A closed connection is not a cancellation in this protocol, so the server is told.
struct Abandoned<'a> {
    session: &'a Session,
    id: Option<i64>,
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let session = self.session.clone();
        let tell = async move {
            let message = client::cancelled(id);
            let told = session.send(&message);
            // Nobody waits for this any more.
            let _ = tokio::time::timeout(Duration::from_secs(5), told).await;
        };
        self.session.0.tasks.spawn(tell);
    }
}
