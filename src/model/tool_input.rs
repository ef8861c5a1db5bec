//! What goes into a tool and comes out of it, as people read it.

use crate::model::{
    json,
    segment::{first_line, tool_title},
};
use serde_json::{Map, Value};

/// A field of an input: what it is called, and its whole value as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputField {
    pub name: String,
    pub value: String,
}

/// Every field of an input, none left out: whoever approves a call must see all of it. Fields inside of fields stand under
/// both names.
pub fn fields(input: &Value) -> Vec<InputField> {
    let mut fields = Vec::new();
    match input {
        Value::Object(map) => map_fields("", map, &mut fields),
        other => field("", "Input", other, &mut fields),
    }
    fields
}

/// The names of a map's fields as they are shown: those that say what it is about come first.
pub fn names(map: &Map<String, Value>) -> Vec<&String> {
    let mut names: Vec<&String> = map.keys().collect();
    names.sort_by_key(|name| (TELLING.iter().position(|telling| telling == name).unwrap_or(TELLING.len()), *name));
    names
}

/// Fields that say what a call is about, the best first.
const TELLING: [&str; 12] =
    ["title", "query", "question", "name", "subject", "reason", "to", "url", "path", "message", "text", "description"];

fn map_fields(under: &str, map: &Map<String, Value>, fields: &mut Vec<InputField>) {
    for name in names(map) {
        field(under, &tool_title(name), &map[name], fields);
    }
}

fn field(under: &str, name: &str, value: &Value, fields: &mut Vec<InputField>) {
    let name = if under.is_empty() { name.to_owned() } else { format!("{under} › {name}") };
    match value {
        Value::Object(map) if !map.is_empty() => map_fields(&name, map, fields),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (at, item) in items.iter().enumerate() {
                field(&name, &(at + 1).to_string(), item, fields);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let value = items.iter().map(plain).collect::<Vec<_>>().join("\n");
            fields.push(InputField { name, value });
        }
        other => fields.push(InputField { name, value: plain(other) }),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "(nothing)".to_owned(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Array(_) | Value::Object(_) => "(empty)".to_owned(),
        number => number.to_string(),
    }
}

/// A result as it is shown: JSON with its lines and indents, anything else as it is.
pub fn readable(output: &str) -> String {
    match json::read::<Value>(output) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        _ => output.to_owned(),
    }
}

/// What an input that is still being written is about: its first text, as far as it got.
pub fn written(input: &str) -> String {
    let value = input.split_once(':').map(|(_, rest)| rest.trim_start()).unwrap_or_default();
    let mut text = String::new();
    let mut chars = value.strip_prefix('"').unwrap_or_default().chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next() {
                Some(c @ ('"' | '\\' | '/')) => text.push(c),
                // A line's end, or a letter in numbers: enough was said.
                _ => break,
            },
            c => text.push(c),
        }
    }
    first_line(&text)
}
