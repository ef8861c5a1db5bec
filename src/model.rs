//! Plain data that the server and the browser share, one noun per file, and the pure rules over it.

pub mod activity;
pub mod agent;
pub mod approval;
pub mod budget;
pub mod calendar;
pub mod citation;
pub mod conversation;
pub mod cursor;
pub mod device;
pub mod document;
pub mod duration;
pub mod escalation;
pub mod group;
pub mod json;
pub mod live;
pub mod live_plan;
pub mod markdown;
pub mod message;
pub mod money;
pub mod outbox;
pub mod page;
pub mod person;
pub mod provider;
pub mod retrieval;
pub mod run;
pub mod segment;
pub mod size;
pub mod task;
pub mod text;
pub mod thread;
pub mod thread_event;
pub mod thread_list;
pub mod tool;
pub mod tool_call;
pub mod tool_input;
pub mod tool_source;
pub mod usage;
pub mod when;

/// Unix milliseconds.
pub type Millis = i64;
