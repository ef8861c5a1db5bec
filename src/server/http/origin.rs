//! Against forged requests: whatever changes something, or opens a stream, must come from a page of ours.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`). A request that carries a cookie and says
//! neither is refused. The JSON API does not read cookies, so it needs no such check.

use crate::{
    error::AppError,
    server::{http::server_fns::refusal, state::App},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};

pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    if safe && path != "/live" || path.starts_with("/api/") || path.starts_with("/v1/") || ours(&app, request.headers()) {
        return next.run(request).await;
    }
    let message = "This request did not come from a page of this server, so nothing was done. Open the page again and repeat it.";
    refusal(&AppError::Forbidden { message: message.to_owned() })
}

fn ours(app: &App, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        Some(origin) => is_ours(app, origin, text(header::HOST)),
        None => !headers.contains_key(header::COOKIE),
    }
}

/// The origin of the public URL where one is set, else whatever host the request was sent to.
fn is_ours(app: &App, origin: &str, host: Option<&str>) -> bool {
    if app.settings.public_url.as_deref().is_some_and(|url| url == origin || url.starts_with(&format!("{origin}/"))) {
        return true;
    }
    let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    named.is_some() && named == host
}
