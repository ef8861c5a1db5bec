//! guildhall: a self-hosted home for a group's AI agents.
//!
//! # Layout
//!
//! | module | what lives there |
//! |---|---|
//! | [`ids`], [`error`] | typed ids; `AppError`, everything that a user can be told |
//! | [`model`] | plain data that both sides share, and the pure rules over it |
//! | `server` | everything that only the server has: runs, models, store, HTTP |
//!
//! The only feature gates of the crate stand in this file.

#![recursion_limit = "256"]

pub mod error;
pub mod ids;
pub mod model;

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests;
