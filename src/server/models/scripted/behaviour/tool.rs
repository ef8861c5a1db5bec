//! The model `tool`: calls the first tool that it is given, then says what came back, and cites it.

use super::{answer, finish, last_text, words};
use crate::server::models::{ChatContent, ChatRequest, FinishReason, ModelEvent, ToolSpec, scripted::Step};
use serde_json::{Map, Value, json};

pub(super) fn steps(request: &ChatRequest) -> Vec<Step> {
    match (result(request), request.tools.first()) {
        (Some(output), _) => answer(request, words(&format!("The tool answered: {output}{}", cited(&output)), 15)),
        (None, Some(tool)) => call(request, tool),
        (None, None) => answer(request, words("I have no tools.", 15)),
    }
}

/// The result that the last turn brought.
fn result(request: &ChatRequest) -> Option<String> {
    request.messages.last()?.content.iter().find_map(|content| match content {
        ChatContent::ToolResult { output, .. } => Some(output.clone()),
        _ => None,
    })
}

/// The numbers of the passages that came, as an answer cites them.
fn cited(output: &str) -> String {
    let told: Value = serde_json::from_str(output).unwrap_or_default();
    let numbers = told["results"].as_array().into_iter().flatten().filter_map(|result| result["source"].as_i64());
    numbers.map(|number| format!(" [{number}]")).collect()
}

fn call(request: &ChatRequest, tool: &ToolSpec) -> Vec<Step> {
    let input = input(&tool.input_schema, &last_text(request));
    // One id per place in the conversation: the same conversation gets the same id.
    let call_id = format!("call_scripted_{}", request.messages.len());
    let steps = vec![
        Step::Emit(ModelEvent::ToolCallStarted { index: 0, call_id, name: tool.name.clone() }),
        Step::Emit(ModelEvent::ToolCallInput { index: 0, fragment: input.to_string() }),
        Step::Emit(ModelEvent::ToolCallFinished { index: 0, input: Ok(input) }),
    ];
    finish(request, steps, FinishReason::ToolCalls)
}

/// A value for every required property, so that the input is valid for plain schemas: what the member said for texts.
fn input(schema: &Value, said: &str) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let fields: Map<_, _> = required.map(|name| (name.to_owned(), value(&schema["properties"][name], said))).collect();
    Value::Object(fields)
}

fn value(schema: &Value, said: &str) -> Value {
    if let Some(choice) = schema["enum"].get(0) {
        return choice.clone();
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!(said),
    }
}
