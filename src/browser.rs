//! What touches the DOM. Everything here runs in the browser only, from effects and event handlers.

pub mod dialog;
pub mod document;
pub mod focus;
pub mod live;
pub mod shortcuts;
pub mod theme;
pub mod time;
