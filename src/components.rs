//! Reusable parts of views: values in, callbacks out. They never talk to the server themselves.

pub mod agent_card;
pub mod agent_form;
pub mod agent_history;
pub mod ask;
pub mod dialog;
pub mod empty;
pub mod failure;
pub mod field;
pub mod icon;
pub mod model_picker;
pub mod notice;
pub mod page_bar;
pub mod page_status;
pub mod shortcut_help;
pub mod sidebar;
pub mod skeleton;
pub mod theme_choice;
pub mod thread_row;
pub mod time;
