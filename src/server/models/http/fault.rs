//! What a provider complains of: error bodies of every shape, and which `ModelError` they mean.

use crate::server::models::ModelError;
use serde_json::Value;
use std::time::Duration;

/// A complaint before it is judged.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    pub(crate) status: Option<u16>,
    /// The provider's `type` and `code`, in small letters, with a space between.
    kinds: String,
    message: String,
    pub(crate) retry_after: Option<Duration>,
}

impl Fault {
    /// Reads a body: JSON of any known shape, else the text itself.
    pub(crate) fn from_body(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let json = serde_json::from_str::<Value>(&text).ok();
        json.and_then(|json| Self::from_json(&json))
            .unwrap_or_else(|| Self { message: text.trim().to_owned(), ..Self::default() })
    }

    /// `{"error": {…}}`, `{"error": "…"}`, `{"detail": …}` (FastAPI), `{"message": …}`, `{"object": "error", …}`, or a list
    /// of one of these (Gemini). `None` where nothing says that it is an error.
    pub(crate) fn from_json(json: &Value) -> Option<Self> {
        let json = json.get(0).unwrap_or(json);
        let says = |field: &str| json.get(field).filter(|value| !value.is_null());
        if let Some(error) = says("error").filter(|error| **error != Value::Bool(false)) {
            // LiteLLM and Ollama put the words beside a flag.
            return Some(Self::from_error(error, says("message")));
        }
        let is_error = ["object", "type"].iter().any(|field| says(field).is_some_and(|kind| kind == "error"));
        let no_answer = says("choices").is_none() && says("content").is_none();
        let words = says("detail").or_else(|| says("message")).or_else(|| says("errors"))?;
        (is_error || no_answer).then(|| Self::from_error(json, Some(words)))
    }

    fn from_error(error: &Value, words: Option<&Value>) -> Self {
        let field = |name: &str| error.get(name).filter(|value| !value.is_null());
        let message = field("message").or(words).or_else(|| field("detail")).unwrap_or(error);
        let kinds = ["type", "code", "status"].iter().filter_map(|name| field(name)?.as_str()).collect::<Vec<_>>();
        let status = ["code", "status"].iter().find_map(|name| field(name).and_then(status));
        Self { status, kinds: kinds.join(" ").to_lowercase(), message: plain(message), retry_after: None }
    }

    pub(crate) fn into_error(self) -> ModelError {
        let detail = self.detail();
        match self.status.filter(|status| (300..600).contains(status)) {
            _ if self.is_context_too_long() => ModelError::ContextTooLong { detail },
            _ if self.is_content_filtered() => ModelError::ContentFiltered { detail },
            // LiteLLM without a database answers an unknown key with 400.
            Some(_) if self.kinds.contains("no_db_connection") => ModelError::Unauthorised { detail },
            Some(status) => self.by_status(status, detail),
            None => self.by_kind(detail),
        }
    }

    fn by_status(self, status: u16, detail: String) -> ModelError {
        match status {
            // 402 is an empty account: like a bad key, only an admin can mend it.
            401..=403 => ModelError::Unauthorised { detail },
            408 | 504 => ModelError::TimedOut { detail },
            413 => ModelError::ContextTooLong { detail },
            429 => ModelError::RateLimited { retry_after: self.retry_after, detail },
            409 | 423..=425 | 500.. => ModelError::Unavailable { detail },
            // A redirect is never followed: the base URL is wrong.
            _ => ModelError::InvalidRequest { detail },
        }
    }

    /// In mid-stream there is no status, only a name.
    fn by_kind(self, detail: String) -> ModelError {
        let is = |names: &[&str]| names.iter().any(|name| self.kinds.contains(name));
        if is(&["rate_limit", "insufficient_quota", "resource_exhausted", "too_many_requests"]) {
            ModelError::RateLimited { retry_after: None, detail }
        } else if is(&["authentication", "permission", "invalid_api_key", "billing"]) {
            ModelError::Unauthorised { detail }
        } else if is(&["request_too_large"]) {
            ModelError::ContextTooLong { detail }
        } else if is(&["timeout"]) {
            ModelError::TimedOut { detail }
        } else if is(&["invalid_request", "not_found", "badrequest", "bad_request", "invalid_argument"]) {
            ModelError::InvalidRequest { detail }
        } else {
            ModelError::Unavailable { detail }
        }
    }

    /// Most servers have only words for it.
    fn is_context_too_long(&self) -> bool {
        const WORDS: [&str; 10] = [
            "maximum context length",
            "context length exceeded",
            "exceeds the context",
            "exceed context limit",
            "exceeds the available context",
            "exceeds the model's context",
            "prompt is too long",
            "input is too long",
            "reduce the length of the messages",
            "contextwindowexceeded",
        ];
        let message = self.message.to_lowercase();
        let may = self.status.is_none_or(|status| matches!(status, 400 | 413 | 422 | 500));
        let kind =
            ["context_length_exceeded", "exceed_context_size", "context_window"].iter().any(|kind| self.kinds.contains(kind));
        may && (kind || WORDS.iter().any(|words| message.contains(words)))
    }

    fn is_content_filtered(&self) -> bool {
        ["content_filter", "content_policy", "responsibleaipolicy"].iter().any(|kind| self.kinds.contains(kind))
    }

    fn detail(&self) -> String {
        let status = self.status.map(|status| format!("{status} ")).unwrap_or_default();
        let kinds = if self.kinds.is_empty() { String::new() } else { format!("{}: ", self.kinds) };
        format!("{status}{kinds}{}", self.message).trim().to_owned()
    }
}

/// A text without its quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn status(value: &Value) -> Option<u16> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok().filter(|status| (300..600).contains(status))
}
