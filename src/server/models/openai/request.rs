//! A `ChatRequest` as the body of chat/completions.

use super::Flavour;
use crate::server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, ToolSpec};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) fn body(request: &ChatRequest, flavour: Flavour) -> Value {
    let mut body = json!({
        "model": request.model,
        "messages": messages(request),
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    let limit = match flavour {
        Flavour::Official => "max_completion_tokens",
        Flavour::Compatible => "max_tokens",
    };
    body[limit] = request.max_output_tokens.into();
    // An empty list of tools is an error with some servers.
    if !request.tools.is_empty() {
        body["tools"] = request.tools.iter().map(tool).collect();
    }
    body
}

fn messages(request: &ChatRequest) -> Vec<Value> {
    let system = (!request.system.is_empty()).then(|| json!({ "role": "system", "content": request.system }));
    system.into_iter().chain(request.messages.iter().flat_map(message)).collect()
}

/// One turn becomes one message, or several: each tool result is a message of its own, and they stand before the text,
/// right after the calls that they answer.
fn message(message: &ChatMessage) -> Vec<Value> {
    let text = text(message);
    match message.role {
        ChatRole::User => {
            let said = (!text.is_empty()).then(|| json!({ "role": "user", "content": text }));
            message.content.iter().filter_map(tool_result).chain(said).collect()
        }
        ChatRole::Assistant => assistant(text, message.content.iter().filter_map(tool_call).collect()).into_iter().collect(),
    }
}

/// A turn that says nothing and calls nothing is refused by most servers, and means nothing.
fn assistant(text: String, calls: Vec<Value>) -> Option<Value> {
    let content = if text.is_empty() { Value::Null } else { text.into() };
    match (content.is_null(), calls.is_empty()) {
        (true, true) => None,
        (false, true) => Some(json!({ "role": "assistant", "content": content })),
        (_, false) => Some(json!({ "role": "assistant", "content": content, "tool_calls": calls })),
    }
}

fn text(message: &ChatMessage) -> String {
    let texts = message.content.iter().filter_map(|content| match content {
        ChatContent::Text(text) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

fn tool_call(content: &ChatContent) -> Option<Value> {
    let ChatContent::ToolCall { call_id, name, input } = content else { return None };
    Some(json!({ "id": short(call_id), "type": "function", "function": { "name": name, "arguments": input.to_string() } }))
}

/// The protocol has no mark for a failed tool, so the text says it.
fn tool_result(content: &ChatContent) -> Option<Value> {
    let ChatContent::ToolResult { call_id, output, is_error } = content else { return None };
    let output = if *is_error { format!("The tool failed: {output}") } else { output.clone() };
    Some(json!({ "role": "tool", "tool_call_id": short(call_id), "content": output }))
}

/// Mistral's models, wherever they are served, refuse a call's id that is not nine letters and digits; the others take any.
fn short(call_id: &str) -> String {
    hex::encode(Sha256::digest(call_id)).chars().take(9).collect()
}

fn tool(tool: &ToolSpec) -> Value {
    json!({
        "type": "function",
        "function": { "name": tool.name, "description": tool.description, "parameters": tool.input_schema },
    })
}
