//! The chunks of chat/completions as events.

use super::{tool_calls::ToolCalls, usage};
use crate::{
    model::provider::Usage,
    server::models::{
        FinishReason, ModelError, ModelEvent,
        http::{fault::Fault, feed::Decode},
    },
};
use serde_json::Value;

pub(crate) struct Decoder {
    tool_calls: ToolCalls,
    usage: Usage,
    finish_reason: Option<FinishReason>,
}

impl Decoder {
    /// `salt` goes into the ids of tool calls that the server left without one.
    pub(crate) fn new(salt: String) -> Self {
        Self { tool_calls: ToolCalls::new(salt), usage: Usage::default(), finish_reason: None }
    }

    /// A chunk and a whole answer differ only in the name of what the choice holds. Only one choice is ever asked for.
    fn answer(&mut self, answer: &Value, said: &str, out: &mut Vec<ModelEvent>) -> Result<(), ModelError> {
        if let Some(fault) = Fault::from_json(answer) {
            return Err(fault.into_error());
        }
        let choice = &answer["choices"][0];
        self.said(&choice[said], out);
        self.finish(&choice["finish_reason"], out);
        self.usage(&answer["usage"], out);
        Ok(())
    }

    fn said(&mut self, said: &Value, out: &mut Vec<ModelEvent>) {
        // DeepSeek, llama.cpp and older vLLM say `reasoning_content`; Ollama, OpenRouter and newer vLLM say `reasoning`.
        let reasoning = ["reasoning_content", "reasoning"].iter().find_map(|name| text(&said[*name]));
        out.extend(reasoning.map(ModelEvent::Reasoning));
        content(&said["content"], out);
        // A refusal is what the model has to say.
        out.extend(text(&said["refusal"]).map(ModelEvent::Text));
        for call in said["tool_calls"].as_array().into_iter().flatten() {
            self.tool_calls.fragment(call, out);
        }
    }

    /// Many servers send the reason on every chunk, as null or empty until the last.
    fn finish(&mut self, reason: &Value, out: &mut Vec<ModelEvent>) {
        let Some(reason) = reason.as_str().filter(|reason| !reason.is_empty()) else { return };
        self.tool_calls.finish(out);
        self.finish_reason = Some(match reason {
            "length" | "max_tokens" => FinishReason::Length,
            "content_filter" => FinishReason::ContentFilter,
            // Some servers call tools and say "stop".
            _ if self.tool_calls.any() => FinishReason::ToolCalls,
            _ => FinishReason::Stop,
        });
    }

    fn usage(&mut self, reported: &Value, out: &mut Vec<ModelEvent>) {
        match usage::read(reported) {
            Some(usage) if usage != self.usage => {
                self.usage = usage;
                out.push(ModelEvent::Usage(usage));
            }
            _ => {}
        }
    }
}

impl Decode for Decoder {
    fn event(&mut self, _name: &str, data: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError> {
        self.answer(&data, "delta", out)
    }

    fn whole(&mut self, answer: Value, out: &mut Vec<ModelEvent>) -> Result<(), ModelError> {
        self.answer(&answer, "message", out)
    }

    fn finish_reason(&self) -> Option<FinishReason> {
        self.finish_reason
    }

    /// Only `[DONE]` or the end of the body closes: usage comes after the reason to finish.
    fn closed(&self) -> bool {
        false
    }
}

/// A text, or a list of parts (Mistral): `{"type": "text", "text": …}` and `{"type": "thinking", "thinking": […]}`.
fn content(content: &Value, out: &mut Vec<ModelEvent>) {
    out.extend(text(content).map(ModelEvent::Text));
    for part in content.as_array().into_iter().flatten() {
        out.extend(text(&part["text"]).map(ModelEvent::Text));
        let thoughts = part["thinking"].as_array().into_iter().flatten().filter_map(|thought| text(&thought["text"]));
        out.extend(thoughts.map(ModelEvent::Reasoning));
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
