//! One block: a tool call as text, written and read. See [`super`] for the format.

use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) const OPEN: &str = "<tool_call>";
pub(crate) const CLOSE: &str = "</tool_call>";

/// What stands for a text in the example: small models follow real words better than dots, and nobody asks for these. As an
/// argument of a call it was copied, not meant.
pub(crate) const PLACEHOLDER: &str = "blue boats";

/// What stands between the tags.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    pub name: String,
    pub arguments: Map<String, Value>,
}

/// A call as a block. Keys stand in the order in which a model should decide: the tool, then its arguments.
pub(crate) fn write(name: &str, arguments: &Value) -> String {
    let json = format!(r#"{{"name": {}, "arguments": {arguments}}}"#, Value::from(name));
    // In JSON a `<` stands only inside of strings, where it may be spelled this way.
    let json = json.replace(OPEN, r"\u003ctool_call>").replace(CLOSE, r"\u003c/tool_call>");
    format!("{OPEN}{json}{CLOSE}")
}

/// Reads what stands between the tags; `None` for everything that is not exactly right. Which names there are, the caller
/// knows.
pub(crate) fn read(body: &str) -> Option<Written> {
    // Without the brace, an array of both values would do as well.
    if !may_begin(body) || body.contains(OPEN) {
        return None;
    }
    let written: Written = serde_json::from_str(body).ok()?;
    let copied = written.arguments.values().any(|value| value == PLACEHOLDER);
    (!copied).then_some(written)
}

/// Whether the beginning of a body can still become that of a call: white, or white and a brace.
pub(crate) fn may_begin(body: &str) -> bool {
    body.trim_start().chars().next().is_none_or(|first| first == '{')
}
