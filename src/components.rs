//! Reusable parts of views: values in, callbacks out. They never talk to the server themselves.

pub mod composer;
pub mod conversation;
pub mod markdown;
pub mod message;
pub mod reasoning;
pub mod run_button;
pub mod run_details;
pub mod thread_bar;
pub mod thread_menu;
pub mod tool_card;
