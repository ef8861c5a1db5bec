//! What servers do that the documentation does not mention.

use super::{
    transcripts::{anthropic_decoder, openai_decoder},
    *,
};
use crate::tests::fake_provider::{FakeProvider, LIST, Reply};
use serde_json::{Value, json};

/// A stream of these chunks, ended as it should be.
fn openai_stream(chunks: &[Value]) -> Items {
    let body: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    decode(openai_decoder(), [format!("{body}data: [DONE]\n\n").as_bytes()])
}

fn delta(delta: Value) -> Value {
    json!({ "choices": [{ "delta": delta, "finish_reason": null }] })
}

fn stop() -> Value {
    json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] })
}

fn finished(items: &Items) -> Vec<Result<Value, String>> {
    let input = |item: &Result<ModelEvent, ModelError>| match item {
        Ok(ModelEvent::ToolCallFinished { input, .. }) => Some(input.clone()),
        _ => None,
    };
    items.iter().filter_map(input).collect()
}

#[test]
fn calls_that_all_have_the_index_0_are_kept_apart_by_their_ids() {
    let call = |id: &str, arguments: &str| {
        delta(json!({"tool_calls": [{"index": 0, "id": id, "function": {"name": "f", "arguments": arguments}}]}))
    };
    let items = openai_stream(&[call("a", "{\"n\":1}"), call("b", "{\"n\":2}"), stop()]);
    assert_eq!(finished(&items), [Ok(json!({"n": 1})), Ok(json!({"n": 2}))]);
}

#[test]
fn an_id_and_a_name_that_are_repeated_with_every_fragment_count_once() {
    let call = |arguments: &str| {
        delta(json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": arguments}}]}))
    };
    let items = openai_stream(&[call("{\"n\""), call(":1}"), stop()]);
    assert_eq!(finished(&items), [Ok(json!({"n": 1}))]);
    let started = ModelEvent::ToolCallStarted { index: 0, call_id: "a".to_owned(), name: "f".to_owned() };
    assert_eq!(items.iter().filter(|item| **item == Ok(started.clone())).count(), 1);
}

#[test]
fn fragments_of_two_calls_may_be_interleaved() {
    let start = |index: u32, id: &str| {
        delta(json!({"tool_calls": [{"index": index, "id": id, "function": {"name": "f", "arguments": ""}}]}))
    };
    let more =
        |index: u32, arguments: &str| delta(json!({"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}));
    let items = openai_stream(&[
        start(0, "a"),
        start(1, "b"),
        more(1, "{\"n\":"),
        more(0, "{\"n\":"),
        more(1, "2}"),
        more(0, "1}"),
        stop(),
    ]);
    assert_eq!(finished(&items), [Ok(json!({"n": 1})), Ok(json!({"n": 2}))]);
}

#[test]
fn a_name_may_come_after_the_first_arguments() {
    let items = openai_stream(&[
        delta(json!({"tool_calls": [{"index": 0, "id": "a", "function": {"arguments": "{\"n\""}}]})),
        delta(json!({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": ":1}"}}]})),
        stop(),
    ]);
    let fragments: String = items
        .iter()
        .filter_map(|item| if let Ok(ModelEvent::ToolCallInput { fragment, .. }) = item { Some(fragment.as_str()) } else { None })
        .collect();
    assert_eq!((fragments.as_str(), finished(&items)), ("{\"n\":1}", vec![Ok(json!({"n": 1}))]));
}

#[test]
fn arguments_may_be_an_object_nothing_or_nonsense() {
    let call = |arguments: Value| delta(json!({"tool_calls": [{"function": {"name": "f", "arguments": arguments}}]}));
    let items = openai_stream(&[call(json!({"n": 1})), call(Value::Null), call(json!("{\"n\":")), call(json!("[1]")), stop()]);
    assert_eq!(finished(&items), [Ok(json!({"n": 1})), Ok(json!({})), Err("{\"n\":".to_owned()), Err("[1]".to_owned())]);
}

#[test]
fn text_may_come_in_parts_and_a_refusal_is_text() {
    let parts = json!([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": "Yes"}]);
    let items =
        openai_stream(&[delta(json!({"content": parts})), delta(json!({"content": null, "refusal": ", but no."})), stop()]);
    assert_eq!((reasoning(&items).as_str(), text(&items).as_str()), ("Hm.", "Yes, but no."));
}

#[test]
fn an_empty_reason_to_finish_is_none() {
    let chunk = json!({ "choices": [{ "delta": {"content": "a"}, "finish_reason": "" }] });
    assert_eq!(finish(&openai_stream(&[chunk.clone(), chunk.clone()])), None);
    assert_eq!(text(&openai_stream(&[chunk.clone(), chunk, stop()])), "aa");
}

#[test]
fn reasoning_that_is_counted_beside_the_completion_stays_beside_it() {
    let reported = json!({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115, "completion_tokens_details": {"reasoning_tokens": 100}});
    let usage = usage(&openai_stream(&[stop(), json!({"choices": [], "usage": reported})])).unwrap();
    assert_eq!((usage.output_tokens, usage.reasoning_tokens, usage.total()), (5, 100, 115));
}

#[test]
fn impossible_counts_never_become_negative() {
    let reported = json!({"prompt_tokens": 10, "completion_tokens": -5, "prompt_tokens_details": {"cached_tokens": 99, "cache_write_tokens": 99}});
    let usage = usage(&openai_stream(&[stop(), json!({"choices": [], "usage": reported})])).unwrap();
    assert_eq!((usage.input_tokens, usage.cache_read_tokens, usage.cache_write_tokens, usage.output_tokens), (0, 10, 0, 0));
    let huge = json!({"prompt_tokens": i64::MAX, "completion_tokens": i64::MAX, "completion_tokens_details": {"reasoning_tokens": i64::MAX}});
    assert!(super::usage(&openai_stream(&[stop(), json!({"choices": [], "usage": huge})])).unwrap().total() > 0);
}

#[tokio::test]
async fn a_server_that_answers_in_one_piece_works() {
    let fake = FakeProvider::start().await;
    let message = json!({"role": "assistant", "content": "Whole.", "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
    let answer = json!({"choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    fake.replies("gpt", Reply::json(200, &answer.to_string()));
    let items = ask(&openai(&fake.base_url()), "gpt").await;
    assert_eq!((text(&items).as_str(), finished(&items), usage(&items).unwrap().total()), ("Whole.", vec![Ok(json!({}))], 5));
    assert_eq!(finish(&items), Some(FinishReason::ToolCalls));
    let content = json!([{"type": "text", "text": "Whole."}, {"type": "tool_use", "id": "a", "name": "f", "input": {"n": 1}}]);
    let answer = json!({"type": "message", "content": content, "stop_reason": "tool_use", "usage": {"input_tokens": 3, "output_tokens": 2}});
    fake.replies("claude", Reply::json(200, &answer.to_string()));
    let items = ask(&anthropic(&fake.base_url()), "claude").await;
    assert_eq!(
        (text(&items).as_str(), finished(&items), usage(&items).unwrap().total()),
        ("Whole.", vec![Ok(json!({"n": 1}))], 5)
    );
}

#[tokio::test]
async fn an_error_with_the_status_200_is_an_error() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::json(200, r#"{"error":{"message":"no","code":429}}"#));
    assert_eq!(failure(&openai(&fake.base_url()), "m").await.kind(), "rate_limited");
    assert_eq!(failure(&anthropic(&fake.base_url()), "m").await.kind(), "rate_limited");
}

#[tokio::test]
async fn a_web_page_means_that_the_base_url_is_wrong() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::of(200, "text/html; charset=utf-8", Vec::new()));
    assert_eq!(failure(&openai(&fake.base_url()), "m").await.kind(), "invalid_request");
}

#[test]
fn anthropic_stop_reasons_are_told_apart() {
    let reason = |reason: &str| {
        let delta = json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 1}});
        finish(&decode(anthropic_decoder(), [format!("data: {delta}\n\ndata: {{\"type\":\"message_stop\"}}\n\n").as_bytes()]))
            .unwrap()
    };
    assert_eq!(["end_turn", "stop_sequence", "pause_turn", "something_new"].map(reason), [FinishReason::Stop; 4]);
    assert_eq!(["max_tokens", "model_context_window_exceeded"].map(reason), [FinishReason::Length; 2]);
    assert_eq!(["tool_use", "refusal"].map(reason), [FinishReason::ToolCalls, FinishReason::ContentFilter]);
}

#[tokio::test]
async fn a_list_has_what_the_server_says_and_leaves_out_what_does_not_chat() {
    let fake = FakeProvider::start().await;
    let listed = json!({"data": [
        {"id": "qwen3:4b"}, {"id": "nomic-embed-text"}, {"id": "served", "max_model_len": 4096}, {"id": "routed", "context_length": 9000, "supported_parameters": ["max_tokens"]},
        {"id": "smollm2", "meta": {"n_ctx_train": 2048}}, {"id": "openai/gpt-4o"}, {"name": "without an id"},
    ]});
    fake.replies(LIST, Reply::json(200, &listed.to_string()));
    let models = OpenAi::new("gateway", &fake.base_url(), None, Outbound::new(true).unwrap()).list().await.unwrap();
    let told: Vec<_> = models.iter().map(|model| (model.model.as_str(), model.context_tokens, model.tools)).collect();
    assert_eq!(
        told,
        [
            ("openai/gpt-4o", Some(128_000), true),
            ("qwen3:4b", None, true),
            ("routed", Some(9_000), false),
            ("served", Some(4_096), true),
            ("smollm2", Some(2_048), true)
        ]
    );
    assert!(models.iter().all(|model| model.provider == "gateway" && model.price.is_none()), "what a gateway takes is not known");
}
