//! The events of the messages API as ours.

use super::usage;
use crate::{
    model::provider::Usage,
    server::models::{
        FinishReason, ModelError, ModelEvent,
        http::{fault::Fault, feed::Decode},
        tool_input,
    },
};
use serde_json::Value;
use std::collections::HashMap;

#[derive(Default)]
pub(crate) struct Decoder {
    /// Open tool calls by the index of their block.
    calls: HashMap<u64, Call>,
    /// Open thoughts, likewise.
    thoughts: HashMap<u64, Value>,
    started: u32,
    usage: Usage,
    finish_reason: Option<FinishReason>,
    stopped: bool,
}

struct Call {
    index: u32,
    input: String,
}

impl Decoder {
    /// A block may begin with a part of what it holds. Thoughts that were redacted, and blocks of kinds that we do not know,
    /// hold nothing to show.
    fn begin(&mut self, at: u64, block: &Value, out: &mut Vec<ModelEvent>) {
        match block["type"].as_str() {
            Some("text") => out.extend(text(&block["text"]).map(ModelEvent::Text)),
            Some("thinking" | "redacted_thinking") => {
                out.extend(text(&block["thinking"]).map(ModelEvent::Reasoning));
                self.thoughts.insert(at, block.clone());
            }
            Some("tool_use") => self.begin_call(at, block, out),
            _ => {}
        }
    }

    fn begin_call(&mut self, at: u64, block: &Value, out: &mut Vec<ModelEvent>) {
        let index = self.started;
        self.started += 1;
        let field = |name: &str| block[name].as_str().unwrap_or_default().to_owned();
        out.push(ModelEvent::ToolCallStarted { index, call_id: field("id"), name: field("name") });
        self.calls.insert(at, Call { index, input: String::new() });
        // Usually an empty object stands here, and the input follows in fragments.
        if block["input"].as_object().is_some_and(|input| !input.is_empty()) {
            self.input(at, block["input"].to_string(), out);
        }
    }

    fn input(&mut self, at: u64, fragment: String, out: &mut Vec<ModelEvent>) {
        let Some(call) = self.calls.get_mut(&at).filter(|_| !fragment.is_empty()) else { return };
        call.input.push_str(&fragment);
        out.push(ModelEvent::ToolCallInput { index: call.index, fragment });
    }

    fn delta(&mut self, at: u64, delta: &Value, out: &mut Vec<ModelEvent>) {
        match delta["type"].as_str() {
            Some("text_delta") => out.extend(text(&delta["text"]).map(ModelEvent::Text)),
            Some("thinking_delta") => {
                out.extend(text(&delta["thinking"]).map(ModelEvent::Reasoning));
                self.think(at, "thinking", &delta["thinking"]);
            }
            Some("signature_delta") => self.think(at, "signature", &delta["signature"]),
            Some("input_json_delta") => self.input(at, text(&delta["partial_json"]).unwrap_or_default(), out),
            _ => {}
        }
    }

    fn think(&mut self, at: u64, field: &str, more: &Value) {
        let (Some(thought), Some(more)) = (self.thoughts.get_mut(&at), more.as_str()) else { return };
        match thought.get_mut(field) {
            Some(Value::String(whole)) => whole.push_str(more),
            _ => thought[field] = more.into(),
        }
    }

    fn end(&mut self, at: u64, out: &mut Vec<ModelEvent>) {
        out.extend(self.thoughts.remove(&at).filter(is_signed).map(ModelEvent::Thought));
        if let Some(call) = self.calls.remove(&at) {
            out.push(ModelEvent::ToolCallFinished { index: call.index, input: tool_input(&call.input) });
        }
    }

    /// `message_delta`, and the whole message of a server that does not stream. A call whose block was never closed is
    /// closed now: nothing is added after the reason to stop.
    fn finish(&mut self, stop_reason: &Value, out: &mut Vec<ModelEvent>) {
        let Some(reason) = stop_reason.as_str() else { return };
        let mut open: Vec<_> = self.calls.keys().copied().collect();
        open.sort_unstable();
        open.into_iter().for_each(|at| self.end(at, out));
        self.finish_reason = Some(match reason {
            "tool_use" => FinishReason::ToolCalls,
            "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
            "refusal" => FinishReason::ContentFilter,
            // `end_turn`, `stop_sequence`, and `pause_turn`, which only tools of Anthropic's own servers cause.
            _ => FinishReason::Stop,
        });
    }

    fn usage(&mut self, reported: &Value, out: &mut Vec<ModelEvent>) {
        let before = self.usage;
        usage::merge(&mut self.usage, reported);
        if self.usage != before {
            out.push(ModelEvent::Usage(self.usage));
        }
    }
}

impl Decode for Decoder {
    /// The data repeats the event's name, so the name is not needed. Unknown kinds are skipped, as the API's versioning
    /// policy asks; so are pings.
    fn event(&mut self, _name: &str, data: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError> {
        let at = data["index"].as_u64().unwrap_or_default();
        match data["type"].as_str().unwrap_or_default() {
            "message_start" => self.usage(&data["message"]["usage"], out),
            "content_block_start" => self.begin(at, &data["content_block"], out),
            "content_block_delta" => self.delta(at, &data["delta"], out),
            "content_block_stop" => self.end(at, out),
            "message_delta" => {
                self.usage(&data["usage"], out);
                self.finish(&data["delta"]["stop_reason"], out);
            }
            "message_stop" => self.stopped = true,
            "error" => return Err(Fault::from_json(&data).unwrap_or_default().into_error()),
            _ => {}
        }
        Ok(())
    }

    fn whole(&mut self, answer: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError> {
        if let Some(fault) = Fault::from_json(&answer) {
            return Err(fault.into_error());
        }
        for (at, block) in (0..).zip(answer["content"].as_array().into_iter().flatten()) {
            self.begin(at, block, out);
            self.end(at, out);
        }
        self.usage(&answer["usage"], out);
        self.finish(&answer["stop_reason"], out);
        Ok(())
    }

    fn finish_reason(&self) -> Option<FinishReason> {
        self.finish_reason
    }

    fn closed(&self) -> bool {
        self.stopped
    }
}

/// What is not signed is refused when it comes back. The whole of a redacted thought is its signature.
fn is_signed(thought: &Value) -> bool {
    ["signature", "data"].iter().any(|field| text(&thought[*field]).is_some())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
