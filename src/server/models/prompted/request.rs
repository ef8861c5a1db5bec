//! A request with tools as one without: all that the model has to know of them becomes text.
//!
//! The words were tried on SmolLM2-135M, which is as small as it gets. Told of the format in the system text it never called
//! anything; shown one turn that does, it calls when it is asked to, and still knows the capital of France. After a result
//! it called again and again until it was told to answer. More words made both worse.

use super::block::{self, PLACEHOLDER};
use crate::server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, ToolSpec};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The longest description of a tool, in characters.
const DESCRIPTION: usize = 120;

/// What follows the results of tools where the member says nothing more.
const AFTER_RESULTS: &str = "Answer in your own words.";

/// Names of tools by the ids of their calls.
type Names = HashMap<String, String>;

pub(crate) fn without_tools(request: ChatRequest) -> ChatRequest {
    let mut names = Names::new();
    let system = format!("{}\n\n{}", request.system.trim_end(), section(&request.tools)).trim_start().to_owned();
    let messages = request.messages.into_iter().map(|message| spelled_out(message, &mut names));
    let messages = example(&request.tools).into_iter().flatten().chain(messages).collect();
    ChatRequest { system, messages, tools: Vec::new(), ..request }
}

/// What the model is told of its tools.
fn section(tools: &[ToolSpec]) -> String {
    let lines: Vec<_> = tools.iter().map(line).collect();
    let lines = lines.join("\n");
    format!("You can use tools:\n{lines}\nTo use one, write only its block, then stop. If no tool helps, just answer.")
}

fn line(tool: &ToolSpec) -> String {
    let properties = tool.input_schema["properties"].as_object();
    let required = required(tool);
    let parameters = properties.into_iter().flatten().map(|(name, schema)| {
        let optional = if required.contains(&name.as_str()) { "" } else { "?" };
        format!("{name}{optional}{}", kind(schema))
    });
    let line = format!("- {}({}): {}", tool.name, parameters.collect::<Vec<_>>().join(", "), description(&tool.description));
    line.trim_end_matches(": ").to_owned()
}

fn required(tool: &ToolSpec) -> Vec<&str> {
    tool.input_schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The type of a parameter, or its choices; nothing where the schema says it in another way.
fn kind(schema: &Value) -> String {
    let choices = schema["enum"].as_array().map(|choices| choices.iter().map(Value::to_string).collect::<Vec<_>>().join("|"));
    choices.or_else(|| schema["type"].as_str().map(str::to_owned)).map(|kind| format!(": {kind}")).unwrap_or_default()
}

/// The first line, cut where it is long.
fn description(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Two turns that show a call, before everything that was said: of the first tool that needs arguments, if there is one.
fn example(tools: &[ToolSpec]) -> Option<[ChatMessage; 2]> {
    let tool = tools.iter().find(|tool| !required(tool).is_empty()).or(tools.first())?;
    let argument = |name: &str| (name.to_owned(), placeholder(&tool.input_schema["properties"][name]));
    let arguments: Map<_, _> = required(tool).into_iter().map(argument).collect();
    let with: Vec<_> = arguments.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    let call = block::write(&tool.name, &Value::Object(arguments));
    Some([one_text(ChatRole::User, format!("Use {}{with}.", tool.name)), one_text(ChatRole::Assistant, call)])
}

fn placeholder(schema: &Value) -> Value {
    if let Some(choice) = schema["enum"].get(0) {
        return choice.clone();
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!(PLACEHOLDER),
    }
}

/// A turn with calls or results as one text; any other turn stays as it is.
fn spelled_out(message: ChatMessage, names: &mut Names) -> ChatMessage {
    if message.content.iter().all(|content| matches!(content, ChatContent::Text(_))) {
        return message;
    }
    let only_results = message.content.iter().all(|content| matches!(content, ChatContent::ToolResult { .. }));
    let mut texts: Vec<_> = message.content.into_iter().map(|content| text(content, names)).collect();
    if only_results {
        texts.push(AFTER_RESULTS.to_owned());
    }
    one_text(message.role, texts.join("\n\n"))
}

fn one_text(role: ChatRole, text: String) -> ChatMessage {
    ChatMessage { role, content: vec![ChatContent::Text(text)] }
}

fn text(content: ChatContent, names: &mut Names) -> String {
    match content {
        ChatContent::Text(text) => text,
        // Who thinks in signed thoughts calls tools by itself.
        ChatContent::Thought(_) => String::new(),
        ChatContent::ToolCall { call_id, name, input } => {
            let block = block::write(&name, &input);
            names.insert(call_id, name);
            block
        }
        ChatContent::ToolResult { call_id, output, is_error } => {
            // Results follow their calls, so the name is known.
            let name = names.get(&call_id).map_or("a tool", String::as_str);
            let failed = if is_error { ", which failed" } else { "" };
            format!("Result of {name}{failed}: {output}")
        }
    }
}
