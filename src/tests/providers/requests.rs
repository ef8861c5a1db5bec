//! What is sent: every kind of turn, in the shape of each protocol.

use super::*;
use crate::{
    server::models::{ToolSpec, anthropic, openai, openai::Flavour},
    tests::fake_provider::{FakeProvider, Reply},
};
use serde_json::json;

/// A conversation with everything in it: two parallel calls, one of which failed, and a result that stands behind text.
fn conversation() -> ChatRequest {
    let call =
        |id: &str| ChatContent::ToolCall { call_id: id.to_owned(), name: "search".to_owned(), input: json!({"query": "tide"}) };
    let result = |id: &str, output: &str, is_error| ChatContent::ToolResult {
        call_id: id.to_owned(),
        output: output.to_owned(),
        is_error,
    };
    let said = |text: &str| ChatContent::Text(text.to_owned());
    ChatRequest {
        messages: vec![
            ChatMessage { role: ChatRole::User, content: vec![said("When is"), said("high tide?")] },
            ChatMessage { role: ChatRole::Assistant, content: vec![said("I look."), call("call:1"), call("call:2")] },
            ChatMessage {
                role: ChatRole::User,
                content: vec![said("And hurry."), result("call:1", "noon", false), result("call:2", "no network", true)],
            },
            ChatMessage { role: ChatRole::User, content: vec![said("Please.")] },
            ChatMessage { role: ChatRole::Assistant, content: vec![said("")] },
        ],
        tools: vec![ToolSpec {
            name: "search".to_owned(),
            description: "Finds".to_owned(),
            input_schema: json!({"type": "object"}),
        }],
        ..request("m")
    }
}

#[test]
fn openai_gets_results_right_after_their_calls_under_ids_of_nine_characters_and_arguments_as_text() {
    let call =
        |id: &str| json!({"id": id, "type": "function", "function": {"name": "search", "arguments": "{\"query\":\"tide\"}"}});
    let expected = json!({
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "When is\n\nhigh tide?"},
            {"role": "assistant", "content": "I look.", "tool_calls": [call("0af631555"), call("33331b626")]},
            {"role": "tool", "tool_call_id": "0af631555", "content": "noon"},
            {"role": "tool", "tool_call_id": "33331b626", "content": "The tool failed: no network"},
            {"role": "user", "content": "And hurry."},
            {"role": "user", "content": "Please."},
        ],
        "tools": [{"type": "function", "function": {"name": "search", "description": "Finds", "parameters": {"type": "object"}}}],
        "stream": true,
        "stream_options": {"include_usage": true},
        "max_tokens": 64,
    });
    assert_eq!(openai::request::body(&conversation(), Flavour::Compatible), expected);
}

#[test]
fn openai_itself_gets_its_own_name_for_the_limit_and_no_empty_list_of_tools() {
    let body = openai::request::body(&request("gpt"), Flavour::Official);
    assert_eq!((&body["max_completion_tokens"], body.get("max_tokens"), body.get("tools")), (&json!(64), None, None));
    let silent = ChatRequest { system: String::new(), ..request("gpt") };
    assert_eq!(openai::request::body(&silent, Flavour::Official)["messages"], json!([{"role": "user", "content": "Hello"}]));
}

#[test]
fn anthropic_gets_turns_that_alternate_with_results_first() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let call = |id: &str| json!({"type": "tool_use", "id": id, "name": "search", "input": {"query": "tide"}});
    let result = |id: &str, output: &str, is_error: bool| json!({"type": "tool_result", "tool_use_id": id, "content": output, "is_error": is_error});
    let expected = json!({
        "model": "m",
        "max_tokens": 64,
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [text("When is"), text("high tide?")]},
            {"role": "assistant", "content": [text("I look."), call("call_1"), call("call_2")]},
            {"role": "user", "content": [result("call_1", "noon", false), result("call_2", "no network", true), text("And hurry."), text("Please.")]},
        ],
        "tools": [{"name": "search", "description": "Finds", "input_schema": {"type": "object"}}],
        "stream": true,
    });
    assert_eq!(anthropic::request::body(&conversation()), expected);
}

#[test]
fn a_signed_thought_goes_back_as_it_came_and_only_to_who_signed_it() {
    let thought = json!({"type": "thinking", "thinking": "", "signature": "EqQB"});
    let mut asked = conversation();
    asked.messages[1].content.insert(0, ChatContent::Thought(thought.clone()));
    assert_eq!(anthropic::request::body(&asked)["messages"][1]["content"][0], thought);
    assert_eq!(openai::request::body(&asked, Flavour::Official), openai::request::body(&conversation(), Flavour::Official));
}

#[test]
fn anthropic_gets_a_first_turn_of_the_user_and_no_space_at_the_end() {
    let messages =
        vec![said(ChatRole::Assistant, "Welcome."), said(ChatRole::User, "Count."), said(ChatRole::Assistant, "One, two, ")];
    let body = anthropic::request::body(&ChatRequest { system: String::new(), messages, ..request("m") });
    let roles: Vec<_> = body["messages"].as_array().unwrap().iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant", "user", "assistant"]);
    assert_eq!((&body["messages"][3]["content"][0]["text"], body.get("system")), (&json!("One, two,"), None));
}

#[tokio::test]
async fn keys_are_sent_as_each_protocol_wants_them() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::json(500, ""));
    failure(&openai(&format!("{}/", fake.base_url())), "m").await;
    failure(&anthropic(&fake.base_url()), "m").await;
    failure(&OpenAi::new("free", &fake.base_url(), None, Outbound::new(true).unwrap()), "m").await;
    let requests = fake.requests();
    let header = |at: usize, name: &str| requests[at].headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header(0, "authorization"), Some(format!("Bearer {KEY}")));
    assert_eq!((header(1, "x-api-key"), header(1, "anthropic-version")), (Some(KEY.to_owned()), Some("2023-06-01".to_owned())));
    assert_eq!((header(2, "authorization"), header(1, "authorization")), (None, None));
    assert!(header(0, "user-agent").unwrap().starts_with("guildhall/"));
    assert!(requests.iter().all(|request| request.body["model"] == "m" && request.body["stream"] == true));
    let paths: Vec<_> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/v1/chat/completions", "/v1/messages", "/v1/chat/completions"]);
}
