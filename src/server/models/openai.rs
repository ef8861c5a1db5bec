//! OpenAI's chat/completions, and the many servers that speak it: Ollama, llama.cpp, vLLM, LiteLLM, OpenRouter.

pub(crate) mod decode;
mod list;
pub(crate) mod request;
mod tool_calls;
mod usage;

use super::{
    ChatModel, ChatRequest, ModelError, ModelEvent,
    http::{Link, Patience},
};
use crate::{
    model::provider::ModelInfo,
    server::{clock::fill, outbound::Outbound},
};
use decode::Decoder;
use futures::{FutureExt, future::BoxFuture, stream::BoxStream};
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

#[derive(Clone)]
pub struct OpenAi {
    provider: String,
    flavour: Flavour,
    link: Link,
}

/// OpenAI itself has dropped what every other server still expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// api.openai.com: `max_completion_tokens`, and a list of models that holds much that does not chat.
    Official,
    Compatible,
}

impl OpenAi {
    /// `base_url` ends before `/chat/completions`. Servers without keys are given none.
    pub fn new(provider: impl Into<String>, base_url: &str, key: Option<SecretString>, outbound: Outbound) -> Self {
        let headers = key.as_ref().map(bearer).unwrap_or_default();
        Self { provider: provider.into(), flavour: Flavour::of(base_url), link: Link::new(base_url, key, headers, outbound) }
    }

    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.link = self.link.with_patience(patience);
        self
    }
}

impl ChatModel for OpenAi {
    fn stream(&self, request: ChatRequest, cancel: CancellationToken) -> BoxStream<'static, Result<ModelEvent, ModelError>> {
        let body = request::body(&request, self.flavour);
        self.link.clone().stream("/chat/completions", body, Decoder::new(salt()), cancel)
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, ModelError>> {
        async { Ok(list::offers(&self.link.get("/models").await?, &self.provider, self.flavour)) }.boxed()
    }
}

impl Flavour {
    fn of(base_url: &str) -> Self {
        let host = Url::parse(base_url.trim()).ok().and_then(|url| url.host_str().map(str::to_owned));
        if host.as_deref() == Some("api.openai.com") { Self::Official } else { Self::Compatible }
    }
}

/// A key that cannot stand in a header is no key; the provider will say that one is missing.
pub(crate) fn bearer(key: &SecretString) -> HeaderMap {
    let value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim()));
    value
        .into_iter()
        .map(|mut value| {
            value.set_sensitive(true);
            (AUTHORIZATION, value)
        })
        .collect()
}

/// Sets made-up ids of tool calls apart from those of every other answer.
fn salt() -> String {
    let mut random = [0; 8];
    fill(&mut random);
    hex::encode(random)
}
