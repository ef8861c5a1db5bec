//! Server functions: what pages ask of the server. Each is thin: proof, then domain or store, then a value.
//!
//! Every one is served at `/fn/{name}`. Inputs are JSON, except where a plain form must work before the page is
//! interactive. Errors are [`AppError`](crate::error::AppError) with their HTTP status.

pub mod account;
pub mod agents;
pub mod approvals;
pub mod budgets;
pub mod groups;
pub mod knowledge;
pub mod messages;
pub mod providers;
pub mod retrieval;
pub mod runs;
pub mod tasks;
pub mod threads;
pub mod tool_sources;
pub mod tools;
pub mod usage;
