//! Answers to tool calls. No agent has tools yet, so whatever a model asks for does not exist, and it is told so.

use super::step::Asked;
use crate::model::message::{Part, ToolState};
use serde_json::{Value, json};

/// A call and its result, as the message keeps them.
pub struct Answered {
    pub call: Part,
    pub result: Part,
}

pub fn answer(asked: &[Asked]) -> Vec<Answered> {
    asked.iter().map(refuse).collect()
}

fn refuse(asked: &Asked) -> Answered {
    let Asked { call_id, name, input } = asked.clone();
    let input: Value = input.unwrap_or_else(|text| json!({ "unreadable": text }));
    let output = format!("There is no tool named {name:?}. Answer without it.");
    Answered {
        call: Part::ToolCall { call_id: call_id.clone(), name, input, state: ToolState::Failed },
        result: Part::ToolResult { call_id, output, is_error: true },
    }
}
