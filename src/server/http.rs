//! The outside of the server over HTTP: the map of its routes, and what stands before all of them.

pub mod documents;
pub mod download;
pub mod events;
pub mod files;
pub mod health;
pub mod live;
pub mod origin;
pub mod server_fns;
pub mod shield;
pub mod site;

use crate::{app, rest, server::state::App};
use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context, render_app_async_with_context};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
    limit::RequestBodyLimitLayer,
    trace::TraceLayer,
};

/// The largest body that a route takes, but for those with a limit of their own.
const BODY_MAX: usize = 1024 * 1024;

/// All that the server answers.
pub fn router(app: App) -> Router {
    pages(&app)
        .route("/fn/{name}", post(server_fns::handle))
        .route("/live", get(live::live))
        .route("/g/{slug}/usage.csv", get(download::usage))
        .merge(health::router())
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        // These limit bodies themselves, so that what they refuse has its own shape.
        .merge(files::router())
        .merge(documents::router(&app))
        .nest("/api", rest::router())
        .layer(from_fn_with_state(app.clone(), origin::check))
        .layer(from_fn_with_state(app.clone(), shield::headers))
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"))),
        )
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// The pages, rendered here first, and the files that they need. What no route knows is the page that says so.
fn pages(app: &App) -> Router<App> {
    let options = site::options();
    let context = {
        let app = app.clone();
        move || {
            provide_context(app.clone());
            if let Some(manifest) = site::split_manifest() {
                provide_context(manifest);
            }
            shield::page_policy();
            shield::page_status();
        }
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    let (routes, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(app::App, Some(server_fns::paths()), context.clone());
    let unknown = render_app_async_with_context(context.clone(), shell.clone());
    Router::<LeptosOptions>::new()
        .leptos_routes_with_context(&options, routes, context, shell)
        .fallback(unknown)
        .with_state(options)
        .merge(site::router())
}
