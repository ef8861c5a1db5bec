//! The site's files (wasm, script, style, icons), embedded in the binary.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;

/// What the framework must know of the site.
pub fn leptos_options() -> LeptosOptions {
    LeptosOptions::builder().output_name("guildhall").build()
}

pub async fn file_or_not_found(_request: Request) -> Response {
    (
        StatusCode::NOT_FOUND,
        [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))],
        Body::from("There is nothing here."),
    )
        .into_response()
}
