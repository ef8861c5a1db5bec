//! A thread: a conversation with one agent. It belongs to the member who started it.

use crate::{
    error::{AppError, Result},
    ids::{AgentId, ThreadId},
    model::{Millis, agent::AgentStatus, text, thread_event::Snapshot},
};
use serde::{Deserialize, Serialize};

/// A thread as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub id: ThreadId,
    pub agent_id: AgentId,
    pub agent_name: String,
    pub title: String,
    pub status: ThreadStatus,
    /// Whether a run goes on or waits for its turn.
    pub answering: bool,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThreadStatus {
    #[default]
    Active,
    /// Out of the way and read-only, until restored.
    Archived,
}

impl ThreadStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        match raw {
            "active" => Ok(Self::Active),
            "archived" => Ok(Self::Archived),
            _ => Err(AppError::invalid("status", "A thread's status is active or archived.")),
        }
    }
}

/// Which threads a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadFilter {
    pub agent_id: Option<AgentId>,
    pub status: ThreadStatus,
    /// Words of the title.
    pub q: Option<String>,
}

/// All that the page of a thread needs for its first paint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThreadPage {
    pub thread: Thread,
    pub agent: ThreadAgent,
    pub snapshot: Snapshot,
    /// Where following the thread's events goes on from.
    pub cursor: String,
    /// Why the agent cannot answer now, and what to do; `None` where it can.
    pub problem: Option<String>,
    /// Which budget the next message would exceed as things stand. It may be sent all the same: things change.
    #[serde(default)]
    pub budget: Option<String>,
    pub spent: ThreadSpent,
}

/// What the calls of a thread's finished runs cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadSpent {
    pub cost_microusd: i64,
    /// Calls whose price is not known: they are not in the cost.
    pub unknown_price_calls: i64,
}

/// The agent of a thread, as much of it as the thread shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadAgent {
    pub id: AgentId,
    pub name: String,
    pub provider: String,
    pub model: String,
    pub status: AgentStatus,
    /// What the model can read at once, where it is known.
    pub context_tokens: Option<u32>,
    /// An estimate of what a model would be given for the next message.
    pub used_tokens: u32,
}

pub const UNTITLED: &str = "New thread";

/// A title that a person typed: 1 to 120 characters.
pub fn thread_title(raw: &str) -> Result<String> {
    text::line("title", raw, 120)
}

/// The title that a thread's first message suggests: its first sentence or line, cut at a word near 60 characters.
pub fn title_from_message(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(UNTITLED);
    let line = line.trim_start_matches(['#', '>', '-', '*', ' ']);
    let sentence = line.split_inclusive(['.', '?', '!']).next().unwrap_or(line).trim().trim_end_matches('.');
    let sentence = if sentence.chars().count() < 8 { line } else { sentence };
    let title = cut_at_word(sentence, 60);
    if title.is_empty() { UNTITLED.to_owned() } else { title }
}

fn cut_at_word(text: &str, max: usize) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    if clean.chars().count() <= max {
        return clean;
    }
    let head: String = clean.chars().take(max).collect();
    let cut = head.rfind(char::is_whitespace).filter(|at| *at > max / 2).unwrap_or(head.len());
    format!("{}…", head[..cut].trim_end())
}
