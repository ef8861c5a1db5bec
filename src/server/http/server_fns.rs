//! Server functions over HTTP. An error leaves with its own status, which the framework does not know.

use crate::{error::AppError, server::state::App};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::{
    prelude::provide_context,
    server_fn::{axum::server_fn_paths, error::SERVER_FN_ERROR_HEADER},
};

/// Errors are short; a longer body is no error of ours.
const ERROR_MAX: usize = 64 * 1024;

/// The addresses of all server functions. The framework must not serve them itself: an exact address goes before
/// `/fn/{name}`, and all errors would leave with status 500.
pub fn paths() -> Vec<String> {
    server_fn_paths().map(|(path, _)| path.to_owned()).collect()
}

pub async fn handle(State(app): State<App>, request: Request) -> Response {
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(app.clone()), request).await.into_response();
    if answer.status() == StatusCode::INTERNAL_SERVER_ERROR && answer.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return with_status(answer).await;
    }
    answer
}

async fn with_status(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, ERROR_MAX).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = status(&error);
        parts.headers.extend(retry_after(&error));
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An error as server functions answer it, from outside of one.
pub fn refusal(error: &AppError) -> Response {
    let body = serde_json::to_string(error).unwrap_or_default();
    let mut answer = (status(error), [(header::CONTENT_TYPE, "application/json")], body).into_response();
    answer.headers_mut().extend(retry_after(error));
    answer
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// When to try again, where that is known.
fn retry_after(error: &AppError) -> Option<(HeaderName, HeaderValue)> {
    match error {
        AppError::RateLimited { retry_after_s, .. } => Some((header::RETRY_AFTER, HeaderValue::from(*retry_after_s))),
        _ => None,
    }
}
