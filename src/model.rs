//! Plain data that the server and the browser share, one noun per file.

pub mod provider;
