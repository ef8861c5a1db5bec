//! Everything that only the server has.

pub mod account;
pub mod agents;
pub mod clock;
pub mod commands;
pub mod config;
pub mod failure;
pub mod http;
#[cfg(feature = "local-models")]
pub mod local_models;
#[cfg(not(feature = "local-models"))]
#[path = "server/no_local_models.rs"]
pub mod local_models;
pub mod member;
pub mod models;
pub mod outbound;
pub mod password;
pub mod runs;
pub mod serve;
pub mod session;
pub mod state;
pub mod store;
pub mod threads;
pub mod throttle;
#[cfg(feature = "local-models")]
pub mod worker;
