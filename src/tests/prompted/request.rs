//! What a model without tool calling is told of its tools and of what they did before.

use super::{SEARCH, asking, tools};
use crate::server::models::{
    ChatContent, ChatMessage, ChatRequest, ChatRole, ToolSpec,
    prompted::{block, request::without_tools},
};
use serde_json::{Value, json};

fn text(text: &str) -> ChatContent {
    ChatContent::Text(text.to_owned())
}

fn call(id: &str, name: &str, input: Value) -> ChatContent {
    ChatContent::ToolCall { call_id: id.to_owned(), name: name.to_owned(), input }
}

fn result(id: &str, output: &str, is_error: bool) -> ChatContent {
    ChatContent::ToolResult { call_id: id.to_owned(), output: output.to_owned(), is_error }
}

fn message(role: ChatRole, content: Vec<ChatContent>) -> ChatMessage {
    ChatMessage { role, content }
}

/// The turns after the example.
fn told(messages: Vec<ChatMessage>) -> Vec<ChatMessage> {
    without_tools(ChatRequest { messages, ..asking("") }).messages.split_off(2)
}

/// The line of one tool.
fn line(name: &str, description: &str, input_schema: Value) -> String {
    let tool = ToolSpec { name: name.to_owned(), description: description.to_owned(), input_schema };
    let system = without_tools(ChatRequest { tools: vec![tool], ..asking("") }).system;
    system.lines().find_map(|line| line.strip_prefix("- ")).unwrap().to_owned()
}

#[test]
fn the_tools_follow_the_instructions_and_an_example_stands_before_the_conversation() {
    let plain = without_tools(asking("hello"));
    let system = "Be brief.

You can use tools:
- now(): The time.
- search(limit?: integer, query: string): Searches the web.
To use one, write only its block, then stop. If no tool helps, just answer.";
    let messages = vec![
        message(ChatRole::User, vec![text(r#"Use search with query "blue boats"."#)]),
        message(
            ChatRole::Assistant,
            vec![text(r#"<tool_call>{"name": "search", "arguments": {"query":"blue boats"}}</tool_call>"#)],
        ),
        message(ChatRole::User, vec![text("hello")]),
    ];
    assert_eq!(plain, ChatRequest { system: system.to_owned(), messages, tools: Vec::new(), ..asking("hello") });
}

#[test]
fn an_agent_without_instructions_has_tools_all_the_same() {
    let plain = without_tools(ChatRequest { system: String::new(), ..asking("hello") });
    assert!(plain.system.starts_with("You can use tools:"));
}

#[test]
fn a_tool_is_one_line_whatever_its_schema_says() {
    let choices = json!({ "properties": { "unit": { "enum": ["km", "mi"] }, "at": { "anyOf": [] } }, "required": ["unit"] });
    assert_eq!(line("far", "How far?", choices), r#"far(at?, unit: "km"|"mi"): How far?"#);
    assert_eq!(line("odd", "", json!([1])), "odd()");
    assert_eq!(line("odd", " ", json!({ "properties": [], "required": "all" })), "odd()");
    assert_eq!(line("odd", "\nOdd:\n\nmore", Value::Null), "odd(): Odd:");
    assert_eq!(line("long", &"é".repeat(500), json!({})), format!("long(): {}…", "é".repeat(120)));
}

#[test]
fn the_example_calls_a_tool_with_what_it_needs() {
    let shown = |tools: Vec<ToolSpec>| without_tools(ChatRequest { tools, ..asking("") }).messages[..2].to_vec();
    let now = shown(tools()[..1].to_vec());
    assert_eq!(now[0].content, [text("Use now.")]);
    assert_eq!(now[1].content, [text(r#"<tool_call>{"name": "now", "arguments": {}}</tool_call>"#)]);
    let kinds = json!({
        "properties": { "a": { "enum": ["x"] }, "b": { "type": "number" }, "c": { "type": "boolean" }, "d": { "type": "array" } },
        "required": ["a", "b", "c", "d", "e"],
    });
    let odd = shown(vec![ToolSpec { name: "odd".to_owned(), description: String::new(), input_schema: kinds }]);
    assert_eq!(odd[0].content, [text(r#"Use odd with a "x", b 1, c true, d [], e "blue boats"."#)]);
}

#[test]
fn a_model_with_nothing_but_results_is_asked_to_answer() {
    let plain = told(vec![
        message(ChatRole::Assistant, vec![call("1", "search", json!({}))]),
        message(ChatRole::User, vec![result("1", "Water.", false)]),
    ]);
    assert_eq!(plain[1].content, [text("Result of search: Water.\n\nAnswer in your own words.")]);
}

#[test]
fn calls_and_results_become_text() {
    let (user, assistant) = (ChatRole::User, ChatRole::Assistant);
    let plain = told(vec![
        message(user, vec![text("What is the sea?")]),
        message(assistant, vec![text("I look."), call("1", "search", json!({"query": "sea"})), call("2", "gone", json!({}))]),
        message(
            user,
            vec![result("1", "Water.", false), result("2", "No such tool.", true), result("3", "?", false), text("So?")],
        ),
        message(assistant, vec![text("Water."), text("Much.")]),
    ]);
    let block = block::write("search", &json!({ "query": "sea" }));
    assert_eq!(block.replace(' ', ""), SEARCH.replace(' ', ""));
    let gone = r#"<tool_call>{"name": "gone", "arguments": {}}</tool_call>"#;
    let results = "Result of search: Water.\n\nResult of gone, which failed: No such tool.\n\nResult of a tool: ?\n\nSo?";
    let expected = [
        message(user, vec![text("What is the sea?")]),
        message(assistant, vec![text(&format!("I look.\n\n{block}\n\n{gone}"))]),
        message(user, vec![text(results)]),
        message(assistant, vec![text("Water."), text("Much.")]),
    ];
    assert_eq!(plain, expected);
}
