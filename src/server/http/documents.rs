//! Server functions that take an OpenAPI document: it is longer than anything else that they take, so nobody's body is read
//! who is not signed in.

use crate::{
    error::AppError,
    model::tool_source::SourceDraft,
    server::{http::server_fns, session, state::App},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::post,
};
use tower_http::limit::RequestBodyLimitLayer;

/// A document as a JSON text: its quotes and line ends take two bytes each.
const BODY_MAX: usize = 2 * SourceDraft::DOCUMENT_MAX + 64 * 1024;

pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/fn/add_tool_source", post(server_fns::handle))
        .route("/fn/replace_tool_document", post(server_fns::handle))
        // A length that is announced is refused at once; the framework reads no further than its own limit.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(from_fn_with_state(app.clone(), signed_in))
}

async fn signed_in(State(app): State<App>, request: Request, next: Next) -> Response {
    match session::of_request(&app, request.headers()).await {
        Ok(Some(_)) => next.run(request).await,
        Ok(None) => server_fns::refusal(&AppError::Unauthorised),
        Err(error) => server_fns::refusal(&error),
    }
}
