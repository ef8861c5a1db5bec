//! Everything that only the server has.

pub mod clock;
pub mod failure;
pub mod models;
pub mod store;
#[cfg(feature = "local-models")]
pub mod worker;
