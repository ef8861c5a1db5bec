//! What touches the DOM. Everything here runs in the browser only, from effects and event handlers.

pub mod clipboard;
pub mod dialog;
pub mod document;
pub mod drafts;
pub mod file;
pub mod focus;
pub mod form;
pub mod keys;
pub mod live;
pub mod scroll;
pub mod shortcuts;
pub mod theme;
pub mod time;
pub mod upload;
