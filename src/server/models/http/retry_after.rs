//! How long a provider asks us to wait (RFC 9110, section 10.2.3).

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// More than a day is no advice but a mistake.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Seconds (some send fractions), an HTTP date, or OpenAI's more exact `retry-after-ms`. A date is measured against the
/// response's own `Date`, so that neither our clock nor theirs has to be right.
pub(crate) fn parse(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let millis = text("retry-after-ms").and_then(seconds).map(|ms| ms / 1000.0);
    // LiteLLM passes its provider's wish on under a name of its own, and has none itself.
    let told = text(RETRY_AFTER.as_str()).or_else(|| text("llm_provider-retry-after"));
    let wait = match millis.or_else(|| told.and_then(seconds)) {
        Some(seconds) => Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST),
        None => between(text(DATE.as_str())?, text(RETRY_AFTER.as_str())?)?,
    };
    Some(wait.min(LONGEST))
}

fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|seconds: &f64| *seconds >= 0.0)
}

fn between(from: &str, to: &str) -> Option<Duration> {
    let from = httpdate::parse_http_date(from).ok()?;
    let to = httpdate::parse_http_date(to).ok()?;
    // A moment that has passed asks for no wait.
    Some(to.duration_since(from).unwrap_or_default())
}
