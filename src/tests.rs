//! Tests, one file per noun. Those of routes go through the whole router: see [`app::TestApp`].

mod account;
mod agents;
mod app;
mod fake_provider;
#[cfg(feature = "local-models")]
mod local;
mod providers;
mod rest;
mod runs;
mod strangers;
mod structure;
mod tenancy;
mod threads;
