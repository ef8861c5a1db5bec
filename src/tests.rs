//! Tests, one file per noun. Those of routes go through the whole router: see [`app::TestApp`].

mod account;
mod agents;
mod app;
mod fake_provider;
mod providers;
mod rest;
mod strangers;
mod structure;
mod tenancy;
mod threads;
