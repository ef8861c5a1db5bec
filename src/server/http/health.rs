//! `/livez`: the process answers. `/readyz`: it can serve.

use crate::server::state::App;
use axum::{Router, extract::State, http::StatusCode, routing::get};

pub fn router() -> Router<App> {
    Router::new().route("/livez", get(|| async { "ok" })).route("/readyz", get(ready))
}

/// Ready means that the database answers and that we are not shutting down.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "shutting down");
    }
    // Readiness concerns the whole server.
    match app.store.system().any_person().await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
