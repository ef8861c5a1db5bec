//! Tests, one file per noun.

mod fake_provider;
#[cfg(feature = "local-models")]
mod local;
mod providers;
mod runs;
