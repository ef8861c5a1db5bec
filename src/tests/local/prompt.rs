//! What the model is given: plain turns, under a system message that is always ours.

use super::request;
use crate::server::{
    models::{ChatContent, ChatMessage, ChatRequest, ChatRole, local::prompt::turns},
    worker::protocol::{Role, Turn},
};
use serde_json::json;

fn turn(role: Role, text: &str) -> Turn {
    Turn { role, text: text.to_owned() }
}

#[test]
fn a_system_message_is_always_sent() {
    let expected = [turn(Role::System, "You are a helpful AI assistant."), turn(Role::User, "hello")];
    assert_eq!(turns(&request("hello")), expected);
    let instructed = ChatRequest { system: "Answer in one sentence.".to_owned(), ..request("hello") };
    assert_eq!(turns(&instructed)[0], turn(Role::System, "You are a helpful AI assistant.\n\nAnswer in one sentence."));
}

#[test]
fn results_of_tools_are_told_and_their_calls_are_not() {
    let (call_id, name, output) = ("1".to_owned(), "search".to_owned(), "42 documents".to_owned());
    let call = ChatContent::ToolCall { call_id: call_id.clone(), name, input: json!({}) };
    let result = ChatContent::ToolResult { call_id, output, is_error: false };
    let messages = vec![
        ChatMessage { role: ChatRole::Assistant, content: vec![call] },
        ChatMessage { role: ChatRole::User, content: vec![result, ChatContent::Text(" And? ".to_owned())] },
    ];
    let told = turns(&ChatRequest { messages, ..request("") });
    assert_eq!(told[1..], [turn(Role::User, "A tool answered: 42 documents\n\nAnd?")]);
}
