//! Anthropic's messages API.

pub(crate) mod decode;
mod list;
pub(crate) mod request;
mod usage;

use super::{
    ChatModel, ChatRequest, ModelError, ModelEvent,
    http::{Link, Patience},
};
use crate::{model::provider::ModelInfo, server::outbound::Outbound};
use decode::Decoder;
use futures::{FutureExt, future::BoxFuture, stream::BoxStream};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

pub(crate) const PROVIDER: &str = "anthropic";
const VERSION: &str = "2023-06-01";

#[derive(Clone)]
pub struct Anthropic {
    link: Link,
}

impl Anthropic {
    /// `base_url` ends before `/messages`.
    pub fn new(base_url: &str, key: SecretString, outbound: Outbound) -> Self {
        let headers = headers(&key);
        Self { link: Link::new(base_url, Some(key), headers, outbound) }
    }

    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.link = self.link.with_patience(patience);
        self
    }
}

impl ChatModel for Anthropic {
    fn stream(&self, request: ChatRequest, cancel: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        self.link.clone().stream("/messages", request::body(&request), Decoder::default(), cancel)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>> {
        list::offers(&self.link).boxed()
    }
}

/// A key that cannot stand in a header is no key; the provider will say that one is missing.
fn headers(key: &SecretString) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("anthropic-version"), HeaderValue::from_static(VERSION));
    if let Ok(mut key) = HeaderValue::try_from(key.expose_secret().trim()) {
        key.set_sensitive(true);
        headers.insert(HeaderName::from_static("x-api-key"), key);
    }
    headers
}
