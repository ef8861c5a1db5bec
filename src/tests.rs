//! Tests, one file per noun. Those of routes go through the whole router: see [`app::TestApp`].

mod account;
mod agents;
mod app;
mod budgets;
mod citations;
mod conversation;
mod cursor;
mod duration;
mod error;
mod fake_provider;
mod knowledge;
mod live_plan;
#[cfg(feature = "local-models")]
mod local;
mod markdown;
mod outbox;
mod prompted;
mod providers;
mod rest;
mod retrieval;
mod runs;
mod segment;
mod strangers;
mod structure;
mod tenancy;
mod threads;
mod tool_input;
mod tool_sources;
mod transactions;
mod usage;
