//! Tests, one file per noun.

mod fake_provider;
mod providers;
#[cfg(feature = "local-models")]
mod local;
