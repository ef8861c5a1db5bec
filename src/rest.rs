//! The public JSON API, as thin as server functions are: proof, then domain or store, then a view. OpenAPI describes it.
//!
//! | module | what lives there |
//! |---|---|
//! | [`caller`] | who asks: the proofs that stand in a handler's signature |
//! | [`input`] | ids, queries and bodies, parsed at the edge |
//! | [`problem`] | how errors look |
//! | [`page`] | how lists look |
//! | [`agents`], [`threads`], [`messages`], [`runs`], [`search`], [`tasks`], [`approvals`], [`escalations`], [`budgets`], [`usage`] | routes, one noun per file; a noun's wire format lies there, or in its `view` |
//! | [`document`] | what OpenAPI says of all of it |
//!
//! To add a route: write its handler with `#[utoipa::path]` in its noun's file, name it in that noun's `router`, and give
//! `tests/strangers` a request for it. A route that is not documented, or not tried by strangers, fails a test.

pub mod agents;
pub mod approvals;
pub mod budgets;
pub mod caller;
pub mod document;
pub mod escalations;
pub mod input;
pub mod knowledge;
pub mod messages;
pub mod page;
pub mod problem;
pub mod runs;
pub mod search;
pub mod tasks;
pub mod threads;
pub mod usage;

use crate::server::{failure::internal, state::App};
use axum::{
    Json, Router,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use problem::Problem;
use std::any::Any;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The largest body that the API reads, in bytes.
const BODY_MAX: usize = 1024 * 1024;

/// Everything under `/api`.
pub fn router() -> Router<App> {
    let (routes, description) = v1().split_for_parts();
    let description = document::describe(description);
    // The description never changes: it is put into words once.
    let text = Bytes::from(description.to_json().unwrap_or_default());
    Router::new()
        .nest("/v1", routes)
        .route("/openapi.json", get(([(header::CONTENT_TYPE, "application/json")], text)))
        .fallback(|| async { Problem::from(crate::error::AppError::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(CatchPanicLayer::custom(panicked))
}

/// A handler that panics answers as every other error of ours does.
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    Problem::from(internal(cause.unwrap_or("a handler panicked"))).into_response()
}

/// What `GET /api/openapi.json` tells.
pub fn description() -> OpenApi {
    document::describe(v1().into_openapi())
}

fn v1() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(agents::router())
        .merge(threads::router())
        .merge(messages::router())
        .merge(runs::router())
        .merge(search::router())
        .merge(tasks::router())
        .merge(knowledge::router())
        .merge(approvals::router())
        .merge(escalations::router())
        .merge(budgets::router())
        .merge(usage::router())
}

/// 201 with what was made.
fn created<T: serde::Serialize>(view: T) -> Response {
    (StatusCode::CREATED, Json(view)).into_response()
}

/// 202: it is saved, and goes on in the background.
fn accepted<T: serde::Serialize>(view: T) -> Response {
    (StatusCode::ACCEPTED, Json(view)).into_response()
}

/// Enums of the wire format, each with the words of its model's. A new variant of the model does not compile until the
/// API has decided what to call it.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident from $model:path { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }

        impl From<$model> for $name {
            fn from(model: $model) -> Self {
                match model { $(<$model>::$variant => Self::$variant),* }
            }
        }

        impl From<$name> for $model {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),* }
            }
        }
    )*};
}
use words;
