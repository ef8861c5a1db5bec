//! Everything that only the server has.

pub mod models;
