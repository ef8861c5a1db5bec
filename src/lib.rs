//! guildhall: a self-hosted home for a group's AI agents.
//!
//! # Layout
//!
//! | module | what lives there |
//! |---|---|
//! | [`ids`], [`error`] | typed ids; `AppError`, everything that a user can be told |
//! | [`model`] | plain data that both sides share, and the pure rules over it |
//! | `app` | the HTML shell and the map of URLs to pages |
//! | `pages` | one route per file: its resources and layout |
//! | `components` | reusable parts of views: values in, callbacks out |
//! | `browser` | what touches the DOM: the event stream, scrolling, shortcuts, storage |
//! | [`api`] | server functions: what pages ask of the server |
//! | `rest` | the public JSON API |
//! | `server` | everything that only the server has: runs, models, store, HTTP |
//!
//! The only feature gates of the crate stand in this file.

#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod error;
pub mod ids;
pub mod model;
pub mod pages;

#[cfg(feature = "ssr")]
pub mod rest;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests;

/// What the browser runs: takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
