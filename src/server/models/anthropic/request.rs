//! A `ChatRequest` as the body of the messages API.

use crate::server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, ToolSpec};
use serde_json::{Value, json};

pub(crate) fn body(request: &ChatRequest) -> Value {
    let mut body = json!({
        "model": request.model,
        "max_tokens": request.max_output_tokens,
        "messages": messages(&request.messages),
        "stream": true,
    });
    if !request.system.is_empty() {
        // Tools stand before the system text in the cached prefix, so one mark covers both; a prefix that is too short to
        // be cached is simply not.
        body["system"] = json!([{ "type": "text", "text": request.system, "cache_control": { "type": "ephemeral" } }]);
    }
    if !request.tools.is_empty() {
        body["tools"] = request.tools.iter().map(tool).collect();
    }
    body
}

/// Turns alternate and the first is the user's: neighbours of one role are merged, and a conversation that was cut before
/// an answer gets a word in front.
fn messages(messages: &[ChatMessage]) -> Vec<Value> {
    let mut turns = turns(messages);
    if turns.first().is_some_and(|(role, _)| *role == ChatRole::Assistant) {
        turns.insert(0, (ChatRole::User, vec![said("(The conversation began earlier.)")]));
    }
    if let Some((ChatRole::Assistant, blocks)) = turns.last_mut() {
        trim_end(blocks);
    }
    turns.into_iter().map(message).collect()
}

fn turns(messages: &[ChatMessage]) -> Vec<(ChatRole, Vec<Value>)> {
    let mut turns: Vec<(ChatRole, Vec<Value>)> = Vec::new();
    for message in messages {
        let blocks: Vec<_> = message.content.iter().filter_map(block).collect();
        match turns.last_mut() {
            _ if blocks.is_empty() => {}
            Some((role, turn)) if *role == message.role => turn.extend(blocks),
            _ => turns.push((message.role, blocks)),
        }
    }
    turns
}

/// Results stand first in a user's turn, right after the calls that they answer.
fn message((role, mut blocks): (ChatRole, Vec<Value>)) -> Value {
    blocks.sort_by_key(|block| block["type"] != "tool_result" && role == ChatRole::User);
    let role = match role {
        ChatRole::User => "user",
        ChatRole::Assistant => "assistant",
    };
    json!({ "role": role, "content": blocks })
}

/// Empty texts are refused.
fn block(content: &ChatContent) -> Option<Value> {
    match content {
        ChatContent::Text(text) if text.trim().is_empty() => None,
        ChatContent::Text(text) => Some(said(text)),
        ChatContent::Thought(thought) => Some(thought.clone()),
        ChatContent::ToolCall { call_id, name, input } => {
            let input = if input.is_object() { input.clone() } else { json!({}) };
            Some(json!({ "type": "tool_use", "id": id(call_id), "name": name, "input": input }))
        }
        ChatContent::ToolResult { call_id, output, is_error } => {
            Some(json!({ "type": "tool_result", "tool_use_id": id(call_id), "content": output, "is_error": is_error }))
        }
    }
}

fn said(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

/// Ids are of letters, digits, `_` and `-`. Those of another provider, from before an agent changed its model, may not be.
fn id(call_id: &str) -> String {
    call_id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// An answer to be continued must not end in white space.
fn trim_end(blocks: &mut [Value]) {
    if let Some(Value::String(text)) = blocks.last_mut().and_then(|block| block.get_mut("text")) {
        text.truncate(text.trim_end().len());
    }
}

fn tool(tool: &ToolSpec) -> Value {
    json!({ "name": tool.name, "description": tool.description, "input_schema": tool.input_schema })
}
