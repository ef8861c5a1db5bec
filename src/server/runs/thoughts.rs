//! Thoughts that a provider signed, kept while a run goes on with its tools: a model that gets them back need not think
//! them again.
//!
//! Providers bind a thought to all that stood before it, and refuse one that stands elsewhere; none at all they take. So
//! thoughts go back only where everything before them is as it was. They are never stored: whoever takes a run over goes on
//! without them.

use super::step::Spoken;
use crate::{
    ids::ToolCallId,
    model::run::RunKind,
    server::models::{ChatContent, ChatMessage},
};
use serde_json::Value;

/// `None` once what stands before them is not sent as it was.
pub struct Thoughts(Option<Vec<Step>>);

/// What was thought before a step's words and calls.
struct Step {
    first_call: String,
    /// Of the words between the thoughts and the calls.
    text_bytes: usize,
    blocks: Vec<Value>,
}

impl Thoughts {
    /// What a Continue asks for stands in its first request alone.
    pub fn of(kind: RunKind) -> Self {
        Self((kind != RunKind::Continue).then(Vec::new))
    }

    pub fn keep(&mut self, spoken: &Spoken, first_call: Option<ToolCallId>) {
        let (Some(steps), Some(first_call)) = (&mut self.0, first_call) else { return };
        if let Some(blocks) = spoken.thoughts.clone().filter(|blocks| !blocks.is_empty()) {
            steps.push(Step { first_call: first_call.to_string(), text_bytes: spoken.text_bytes, blocks });
        }
    }

    /// Puts them back where they stood.
    pub fn put_back(&self, messages: &mut [ChatMessage]) {
        for step in self.0.iter().flatten() {
            if let Some(message) = messages.iter_mut().find(|message| step.begins(&message.content)) {
                message.content.splice(0..0, step.blocks.iter().cloned().map(ChatContent::Thought));
            }
        }
    }

    /// The conversation has to be cut: nothing stands behind what it stood behind any more.
    pub fn forget(&mut self, messages: &mut [ChatMessage]) {
        self.0 = None;
        for message in messages {
            message.content.retain(|content| !matches!(content, ChatContent::Thought(_)));
        }
    }
}

impl Step {
    /// Whether a turn is this step's from its first word on.
    fn begins(&self, content: &[ChatContent]) -> bool {
        let is_call =
            |content: &ChatContent| matches!(content, ChatContent::ToolCall { call_id, .. } if *call_id == self.first_call);
        match content {
            [call, ..] if is_call(call) => self.text_bytes == 0,
            [ChatContent::Text(text), call, ..] if is_call(call) => self.text_bytes == text.len(),
            _ => false,
        }
    }
}
