//! Tests, one file per noun.

#[cfg(feature = "local-models")]
mod local;
