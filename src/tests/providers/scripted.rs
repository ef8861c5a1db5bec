//! The scripted models do what their names say, and what a test's script says.

use super::*;
use crate::server::models::{
    ToolSpec,
    scripted::{NAMES, Scripted, Step},
};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Notify;

#[tokio::test]
async fn echo_says_what_was_said_word_by_word_and_counts_it() {
    let items = ask(&Scripted::instant(), "echo").await;
    assert_eq!(text(&items), "You said: Hello");
    assert_eq!(items.len(), 5, "three words, usage and the end");
    let usage = usage(&items).unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (3, 3));
}

#[tokio::test]
async fn every_named_model_is_listed_and_behaves_the_same_each_time() {
    let scripted = Scripted::instant();
    let listed: Vec<_> = scripted.list().await.unwrap().into_iter().map(|info| info.model).collect();
    assert_eq!(listed, NAMES);
    for name in NAMES.into_iter().filter(|name| *name != "hang") {
        let items = ask(&scripted, name).await;
        assert_eq!(items, ask(&scripted, name).await, "{name}");
        let ends = items.iter().filter(|item| matches!(item, Err(_) | Ok(ModelEvent::Finished(_)))).count();
        assert_eq!(ends, 1, "{name}");
    }
}

#[tokio::test]
async fn the_models_that_fail_fail_as_they_are_named() {
    for (name, kind) in [
        ("cut", "cut_off"),
        ("broken", "invalid_request"),
        ("limited", "rate_limited"),
        ("unavailable", "unavailable"),
        ("nobody", "invalid_request"),
    ] {
        assert_eq!(failure(&Scripted::instant(), name).await.kind(), kind);
    }
    assert_eq!(finish(&ask(&Scripted::instant(), "filtered").await), Some(FinishReason::ContentFilter));
    assert!(!text(&ask(&Scripted::instant(), "cut").await).is_empty());
}

#[tokio::test]
async fn the_paced_answer_has_what_a_page_has_to_show() {
    let answer = text(&ask(&Scripted::instant(), "paced").await);
    assert!(answer.contains("```python") && answer.contains("\n- **") && answer.contains('🌱'));
    assert!((150..250).contains(&answer.split_whitespace().count()));
    assert!(!reasoning(&ask(&Scripted::instant(), "thinking").await).is_empty());
}

#[tokio::test]
async fn the_tool_model_calls_a_tool_and_then_says_what_came_back() {
    let scripted = Scripted::instant();
    let schema = json!({"type": "object", "properties": {"query": {"type": "string"}, "limit": {"type": "integer", "minimum": 3}}, "required": ["query", "limit"]});
    let mut request = ChatRequest {
        tools: vec![ToolSpec { name: "search".to_owned(), description: String::new(), input_schema: schema }],
        ..request("tool")
    };
    let items: Items = scripted.stream(request.clone(), CancellationToken::new()).collect().await;
    let input = json!({"query": "Hello", "limit": 3});
    assert!(items.contains(&Ok(ModelEvent::ToolCallFinished { index: 0, input: Ok(input.clone()) })), "{items:?}");
    assert_eq!(finish(&items), Some(FinishReason::ToolCalls));
    let call = ChatContent::ToolCall { call_id: "c".to_owned(), name: "search".to_owned(), input };
    let result = ChatContent::ToolResult { call_id: "c".to_owned(), output: "nothing found".to_owned(), is_error: false };
    request.messages.push(ChatMessage { role: ChatRole::Assistant, content: vec![call] });
    request.messages.push(ChatMessage { role: ChatRole::User, content: vec![result] });
    let items: Items = scripted.stream(request, CancellationToken::new()).collect().await;
    assert_eq!(text(&items), "The tool answered: nothing found");
    assert_eq!(scripted.requests().len(), 2);
}

#[tokio::test]
async fn a_script_is_followed_step_by_step_and_waits_for_its_event() {
    let scripted = Scripted::instant();
    let gate = Arc::new(Notify::new());
    let steps = vec![Step::text("a"), Step::WaitFor(gate.clone()), Step::text("b"), Step::finish(FinishReason::Length)];
    scripted.script("mine", steps);
    let mut stream = scripted.stream(request("mine"), CancellationToken::new());
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Text("a".to_owned()))));
    assert!(futures::poll!(stream.next()).is_pending());
    gate.notify_one();
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Text("b".to_owned()))));
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Finished(FinishReason::Length))));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn scripts_of_several_turns_go_on_with_every_call_and_one_without_an_end_is_cut_off() {
    let scripted = Scripted::instant();
    scripted.script_turns("mine", vec![vec![Step::text("one")], vec![Step::text("two"), Step::finish(FinishReason::Stop)]]);
    assert_eq!(failure(&scripted, "mine").await.kind(), "cut_off");
    assert_eq!(text(&ask(&scripted, "mine").await), "two");
    assert_eq!(text(&ask(&scripted, "mine").await), "two");
}

#[tokio::test]
async fn a_scripted_model_stops_in_a_pause_and_in_a_wait() {
    for name in ["slow", "hang"] {
        let cancel = CancellationToken::new();
        let mut stream = Scripted::new().stream(request(name), cancel.clone());
        assert!(futures::poll!(stream.next()).is_pending());
        cancel.cancel();
        assert_eq!(stream.next().await, None, "{name}");
    }
}
