//! Reading responses: whether one can be a stream, a bounded body, and what went wrong on the way.

use crate::server::models::ModelError;
use http::header::CONTENT_TYPE;
use reqwest::Response;

/// Bytes of a body that is no stream: a list of models, a whole answer.
pub(super) const LIMIT: usize = 16 << 20;
pub(super) const ERROR_LIMIT: usize = 64 << 10;

/// A page instead of a stream means that the base URL leads to something else, and no repetition mends that.
pub(super) fn streamable(response: Response) -> Result<Response, ModelError> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/html") {
        return Err(ModelError::InvalidRequest { detail: "the base URL leads to a web page, not to a model API".to_owned() });
    }
    Ok(response)
}

/// Reads at most `limit` bytes; what is longer is cut, and then fails to parse.
pub(super) async fn read(response: &mut Response, limit: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        body.extend_from_slice(&bytes);
        if body.len() >= limit {
            body.truncate(limit);
            break;
        }
    }
    Ok(body)
}

/// An error and its causes in one line: reqwest's own text says only that sending failed.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
