//! One route per file: its resources and layout.
//!
//! A page's resources are made where its view begins; nothing that is rendered after an `await` makes another resource or
//! boundary, so that both halves count them alike.

pub mod account;
pub mod agent;
pub mod agents;
mod bundle;
pub mod dashboard;
pub mod document;
mod filter;
pub mod follow;
pub mod group;
pub mod home;
pub mod knowledge;
mod more;
pub mod new_agent;
pub mod not_found;
pub mod params;
pub mod resource;
pub mod retrieval;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod start;
pub mod tasks;
pub mod thread;
pub mod threads;
pub mod usage;
