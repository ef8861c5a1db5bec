//! What touches the DOM. Everything here runs in the browser only, from effects and event handlers.

pub mod clipboard;
pub mod drafts;
pub mod keys;
pub mod live;
pub mod scroll;
