//! How the parts of a message stand on the page: what the agent did in one box of steps, what it said as text.

use serde_json::Value;

use crate::{
    ids::{DocumentId, ToolCallId},
    model::{message::Part, tool_call::ToolState, tool_input},
};

/// A piece of a message's page. The numbers are places in `Message::parts`; they never change while a message grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    Text(usize),
    /// Reasoning and tool calls that follow one another; each result stands with its call.
    Steps(Vec<Step>),
    File(usize),
    Error(usize),
    /// The passages that the message comes from, each once, at its end.
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

/// `drafts` is how many calls are being written behind the parts. Each stands where its call will: the server gives calls
/// their places in the order in which they were begun, so that a card becomes its call without being made anew.
pub fn segments(parts: &[Part], drafts: usize) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut sources = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Text { text } if text.trim().is_empty() => {}
            Part::Text { .. } => segments.push(Segment::Text(at)),
            Part::Reasoning { .. } => push_step(&mut segments, Step::Reasoning(at)),
            Part::ToolCall(call) => push_step(&mut segments, Step::Tool { call: at, result: result_of(parts, call.call_id) }),
            Part::ToolResult { .. } => {}
            Part::Source { document_id, start, end, .. } if cited(parts, &sources, (*document_id, *start, *end)) => {}
            Part::Source { .. } => sources.push(at),
            Part::File { .. } => segments.push(Segment::File(at)),
            Part::Error { .. } => segments.push(Segment::Error(at)),
        }
    }
    for at in parts.len()..parts.len() + drafts {
        push_step(&mut segments, Step::Tool { call: at, result: None });
    }
    if !sources.is_empty() {
        segments.push(Segment::Sources(sources));
    }
    segments
}

/// A passage that came twice is one source.
fn cited(parts: &[Part], sources: &[usize], passage: (DocumentId, i64, i64)) -> bool {
    sources
        .iter()
        .any(|at| matches!(parts[*at], Part::Source { document_id, start, end, .. } if (document_id, start, end) == passage))
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

/// What a call is about, in a few words: the text of its input that says most.
pub fn input_summary(input: &Value) -> String {
    match input {
        Value::Object(fields) => {
            let texts = tool_input::names(fields).into_iter().filter_map(|name| fields[name].as_str());
            texts.map(first_line).find(|text| !text.is_empty()).unwrap_or_default()
        }
        Value::String(text) => first_line(text),
        _ => String::new(),
    }
}

/// The beginning of a text, in one line.
pub fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
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
