//! The binary as a process, and a browser's half of the protocol.

mod browser;
mod server;

pub use browser::Browser;
pub use server::Server;
