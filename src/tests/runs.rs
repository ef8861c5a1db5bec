//! Runs, on a real database with the scripted model: what is stored, what viewers hear, how turns end.

mod again;
mod approvals;
mod context;
mod ends;
mod knowledge;
mod queue;
mod recovery;
mod resume;
mod retries;
mod stage;
mod thoughts;
mod tool_limits;
mod tool_recovery;
mod tools;
