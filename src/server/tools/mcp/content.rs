//! What a result says, as text: models are given no pictures and no sounds here, only that there were some.

use crate::server::tools::ToolError;
use serde_json::Value;

/// The text of a result, or of the error that it is.
pub fn text(result: &Value) -> Result<String, ToolError> {
    let pieces = result["content"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut text = pieces.iter().map(piece).collect::<Vec<_>>().join("\n");
    // Servers repeat what is structured as text, for clients like this one; one that does not is heard all the same.
    if text.is_empty()
        && let Some(structured) = result.get("structuredContent").filter(|value| !value.is_null())
    {
        text = structured.to_string();
    }
    if result["isError"] == true {
        return Err(ToolError(if text.is_empty() { "The tool failed and gave no reason.".to_owned() } else { text }));
    }
    Ok(text)
}

fn piece(piece: &Value) -> String {
    let word = |name: &str| piece[name].as_str().unwrap_or_default();
    match word("type") {
        "text" => word("text").to_owned(),
        "resource" => resource(&piece["resource"]),
        "resource_link" => format!("[{} {}]", word("name"), word("uri")),
        kind => format!("[{kind} {}: not shown]", word("mimeType")),
    }
}

fn resource(resource: &Value) -> String {
    let word = |name: &str| resource[name].as_str().unwrap_or_default();
    match resource["text"].as_str() {
        Some(text) => format!("[{}]\n{text}", word("uri")),
        None => format!("[{} {}: not shown]", word("uri"), word("mimeType")),
    }
}
