//! One route per file: its resources and layout.

pub mod thread;
