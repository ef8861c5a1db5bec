//! The public JSON API, as thin as server functions are, described by OpenAPI.

use crate::server::state::App;
use axum::Router;

/// Everything under `/api`.
pub fn router(_app: App) -> Router<App> {
    Router::new()
}
