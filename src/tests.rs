//! Tests, one file per noun. Those of routes go through the whole router: see [`app::TestApp`].

mod app;
mod fake_provider;
mod providers;
