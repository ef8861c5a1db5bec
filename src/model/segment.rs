//! How the parts of a message stand on the page: what the agent did in one box of steps, what it said as text.

use serde_json::Value;

use crate::{
    ids::ToolCallId,
    model::{message::Part, tool_call::ToolState},
};

/// A piece of a message's page. The numbers are places in `Message::parts`; they never change while a message grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    Text(usize),
    /// Reasoning and tool calls that follow one another; each result stands with its call.
    Steps(Vec<Step>),
    File(usize),
    Error(usize),
    /// All sources of the message, at its end.
    Sources(Vec<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Reasoning(usize),
    Tool { call: usize, result: Option<usize> },
}

impl Segment {
    /// What keeps its identity while the message grows.
    pub fn key(&self) -> (u8, usize) {
        match self {
            Self::Text(at) => (0, *at),
            Self::Steps(steps) => (1, steps.first().map_or(0, |step| step.key())),
            Self::File(at) => (2, *at),
            Self::Error(at) => (3, *at),
            Self::Sources(_) => (4, 0),
        }
    }
}

impl Step {
    /// The place of the part that began the step.
    pub fn key(self) -> usize {
        match self {
            Self::Reasoning(at) | Self::Tool { call: at, .. } => at,
        }
    }

    /// The place of the result, where this is the step of the call at `at` and has one.
    pub fn result_of(self, at: usize) -> Option<usize> {
        match self {
            Self::Tool { call, result } if call == at => result,
            _ => None,
        }
    }
}

pub fn segments(parts: &[Part]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut sources = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Text { text } if text.trim().is_empty() => {}
            Part::Text { .. } => segments.push(Segment::Text(at)),
            Part::Reasoning { .. } => push_step(&mut segments, Step::Reasoning(at)),
            Part::ToolCall(call) => push_step(&mut segments, Step::Tool { call: at, result: result_of(parts, call.call_id) }),
            Part::ToolResult { .. } => {}
            Part::Source { .. } => sources.push(at),
            Part::File { .. } => segments.push(Segment::File(at)),
            Part::Error { .. } => segments.push(Segment::Error(at)),
        }
    }
    if !sources.is_empty() {
        segments.push(Segment::Sources(sources));
    }
    segments
}

fn push_step(segments: &mut Vec<Segment>, step: Step) {
    match segments.last_mut() {
        Some(Segment::Steps(steps)) => steps.push(step),
        _ => segments.push(Segment::Steps(vec![step])),
    }
}

fn result_of(parts: &[Part], id: ToolCallId) -> Option<usize> {
    parts.iter().position(|part| matches!(part, Part::ToolResult { call_id, .. } if *call_id == id))
}

/// `search_knowledge` or `searchKnowledge` as people write it: `Search knowledge`.
pub fn tool_title(name: &str) -> String {
    let mut title = String::new();
    for c in name.chars() {
        match c {
            '_' | '-' | '.' => title.push(' '),
            c if c.is_uppercase() && !title.is_empty() => {
                title.push(' ');
                title.extend(c.to_lowercase());
            }
            c if title.is_empty() => title.extend(c.to_uppercase()),
            c => title.push(c),
        }
    }
    title
}

/// What a call is about, in a few words: the first text of its input.
pub fn input_summary(input: &Value) -> String {
    let text = match input {
        Value::Object(fields) => fields.values().find_map(Value::as_str).unwrap_or_default(),
        Value::String(text) => text,
        _ => "",
    };
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

/// A tool call's state in a word.
pub fn state_word(state: ToolState) -> &'static str {
    match state {
        ToolState::Pending => "Pending",
        ToolState::Waiting => "Waiting for approval",
        ToolState::Running => "Running",
        ToolState::Done => "Done",
        ToolState::Denied => "Denied",
        ToolState::Failed => "Failed",
        ToolState::TimedOut => "Timed out",
        ToolState::Uncertain => "Unclear",
        ToolState::Stopped => "Stopped",
    }
}
