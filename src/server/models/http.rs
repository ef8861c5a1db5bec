//! What the providers behind HTTP share: one exchange from the request to the last event.

mod body;
pub(crate) mod censor;
pub(crate) mod fault;
pub(crate) mod feed;
pub(crate) mod retry_after;
pub(crate) mod sse;

use super::{ModelError, ModelEvent};
use crate::server::outbound::{self, Outbound, Refused};
use fault::Fault;
use feed::{Decode, Feed};
use futures::{StreamExt, stream::BoxStream};
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Method, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::{future::Future, time::Duration};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long a silent server is waited for. Comments and pings are no silence.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until the answer's head: a local server may read a long conversation before it says anything.
    pub head: Duration,
    /// Between two pieces of the body: a model may think for long without a word.
    pub idle: Duration,
    /// After the reason to finish was given: only usage may still follow.
    pub tail: Duration,
    /// After the last event, for the end of the body: reading it lets the connection serve the next call.
    pub end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(120),
            idle: Duration::from_secs(120),
            tail: Duration::from_secs(10),
            end: Duration::from_millis(100),
        }
    }
}

/// How to reach one provider.
#[derive(Clone)]
pub(crate) struct Link {
    base_url: String,
    key: Option<SecretString>,
    headers: HeaderMap,
    outbound: Outbound,
    patience: Patience,
}

impl Link {
    /// `headers` carry the key in the way of the protocol; `key` is known here to keep it out of what is reported.
    pub(crate) fn new(base_url: &str, key: Option<SecretString>, headers: HeaderMap, outbound: Outbound) -> Self {
        let base_url = base_url.trim().trim_end_matches('/').to_owned();
        Self { base_url, key, headers, outbound, patience: Patience::default() }
    }

    pub(crate) fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Posts `body` and streams what the decoder makes of the answer. Nothing is sent before the first poll; dropping the
    /// stream drops the response, which closes the connection.
    pub(crate) fn stream(
        self,
        path: &'static str,
        body: Value,
        decoder: impl Decode,
        cancel: CancellationToken,
    ) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        async_stream::stream! {
            let opened = match unless(&cancel, self.open(Method::POST, path, Some(body))).await {
                Some(Ok(response)) => body::streamable(response),
                Some(Err(error)) => Err(error),
                None => return,
            };
            let mut response = match opened {
                Ok(response) => response,
                Err(error) => { yield Err(error); return; }
            };
            let mut feed = Feed::new(decoder);
            while !feed.over() {
                let Some(items) = unless(&cancel, self.advance(&mut response, &mut feed)).await else { return };
                for item in items {
                    // One piece may hold many events; the consumer may stop at any of them.
                    if cancel.is_cancelled() {
                        return;
                    }
                    if matches!(item, Ok(ModelEvent::Finished(_))) {
                        self.drain(&mut response).await;
                    }
                    yield item.map_err(|error| self.censored(error));
                }
            }
        }
        .boxed()
    }

    /// A JSON resource, whole.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, ModelError> {
        self.whole(Method::GET, path, None).await
    }

    /// Posts `body` and answers what comes back, whole.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value, ModelError> {
        self.whole(Method::POST, path, Some(body)).await
    }

    async fn whole(&self, method: Method, path: &str, sent: Option<Value>) -> Result<Value, ModelError> {
        let mut response = self.open(method, path, sent).await?;
        let bytes = timeout(self.patience.idle, body::read(&mut response, body::LIMIT)).await.map_err(|_| silent())?;
        let bytes = bytes.map_err(|error| self.transport(&error))?;
        let invalid = |error: serde_json::Error| ModelError::CutOff { detail: format!("the answer is not JSON: {error}") };
        serde_json::from_slice(&bytes).map_err(invalid)
    }

    /// Sends a request and answers its response once the provider accepted it.
    async fn open(&self, method: Method, path: &str, sent: Option<Value>) -> Result<Response, ModelError> {
        let request = self.outbound.request(method, &format!("{}{path}", self.base_url)).map_err(refused)?;
        // Compression would hold tokens back until a block is full.
        let request = request.headers(self.headers.clone()).header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let request = match &sent {
            Some(body) => request.json(body),
            None => request,
        };
        let answered = timeout(self.patience.head, request.send()).await.map_err(|_| silent())?;
        let response = answered.map_err(|error| self.transport(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(self.rejected(response).await) }
    }

    /// Waits for the next piece of the body and decodes it.
    async fn advance<D: Decode>(&self, response: &mut Response, feed: &mut Feed<D>) -> Vec<Result<ModelEvent, ModelError>> {
        let patience = if feed.complete() { self.patience.tail } else { self.patience.idle };
        match timeout(patience, response.chunk()).await {
            Ok(Ok(Some(bytes))) => feed.push(&bytes),
            Ok(Ok(None)) => feed.end(),
            Ok(Err(error)) => feed.broken(ModelError::CutOff { detail: body::chain(&error) }),
            Err(_) => feed.broken(silent()),
        }
    }

    async fn drain(&self, response: &mut Response) {
        let rest = async { while let Ok(Some(_)) = response.chunk().await {} };
        // A server that does not end its body only loses its connection.
        let _ = timeout(self.patience.end, rest).await;
    }

    async fn rejected(&self, mut response: Response) -> ModelError {
        let status = response.status().as_u16();
        let retry_after = retry_after::parse(response.headers());
        // An error whose body does not come is still an error: its status says enough.
        let body = timeout(Duration::from_secs(10), body::read(&mut response, body::ERROR_LIMIT)).await;
        let body = body.ok().and_then(Result::ok).unwrap_or_default();
        let mut fault = Fault::from_body(&body);
        fault.status = Some(status);
        fault.retry_after = retry_after;
        self.censored(fault.into_error())
    }

    fn transport(&self, error: &reqwest::Error) -> ModelError {
        match outbound::refusal(error) {
            Some(refusal) => refused(refusal.clone()),
            None if error.is_timeout() => ModelError::TimedOut { detail: self.clean(&body::chain(error)) },
            None => ModelError::Unavailable { detail: self.clean(&body::chain(error)) },
        }
    }

    fn clean(&self, detail: &str) -> String {
        censor::clean(detail, self.key.as_ref().map(|key| key.expose_secret()))
    }

    fn censored(&self, mut error: ModelError) -> ModelError {
        let detail = censor::detail_mut(&mut error);
        *detail = self.clean(detail);
        error
    }
}

/// `None` once the token fired; the future is dropped then, and its connection with it.
async fn unless<T>(cancel: &CancellationToken, future: impl Future<Output = T>) -> Option<T> {
    cancel.run_until_cancelled(future).await
}

fn refused(refused: Refused) -> ModelError {
    ModelError::InvalidRequest { detail: refused.to_string() }
}

fn silent() -> ModelError {
    ModelError::TimedOut { detail: "the provider was silent for too long".to_owned() }
}
