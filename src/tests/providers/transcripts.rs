//! Each recorded stream, whole, says what it was written to say.

use super::*;
use crate::{
    model::provider::Usage,
    server::models::{anthropic, openai},
};
use serde_json::json;

pub(super) const OPENAI: [(&str, &str); 10] = [
    ("plain", include_str!("../recorded/openai/plain.txt")),
    ("tools", include_str!("../recorded/openai/tools.txt")),
    ("reasoning", include_str!("../recorded/openai/reasoning.txt")),
    ("reasoning_ollama", include_str!("../recorded/openai/reasoning_ollama.txt")),
    ("llama_cpp", include_str!("../recorded/openai/llama_cpp.txt")),
    ("whole_arguments", include_str!("../recorded/openai/whole_arguments.txt")),
    ("no_usage", include_str!("../recorded/openai/no_usage.txt")),
    ("no_done", include_str!("../recorded/openai/no_done.txt")),
    ("unicode", include_str!("../recorded/openai/unicode.txt")),
    ("error", include_str!("../recorded/openai/error.txt")),
];

pub(super) const ANTHROPIC: [(&str, &str); 6] = [
    ("plain", include_str!("../recorded/anthropic/plain.txt")),
    ("tools", include_str!("../recorded/anthropic/tools.txt")),
    ("thinking", include_str!("../recorded/anthropic/thinking.txt")),
    ("cache", include_str!("../recorded/anthropic/cache.txt")),
    ("unicode", include_str!("../recorded/anthropic/unicode.txt")),
    ("error", include_str!("../recorded/anthropic/error.txt")),
];

pub(super) fn openai_decoder() -> openai::decode::Decoder {
    openai::decode::Decoder::new("salt".to_owned())
}

pub(super) fn anthropic_decoder() -> anthropic::decode::Decoder {
    anthropic::decode::Decoder::default()
}

fn openai(name: &str) -> Items {
    let (_, body) = OPENAI.iter().find(|(known, _)| *known == name).unwrap();
    decode(openai_decoder(), [body.as_bytes()])
}

fn anthropic(name: &str) -> Items {
    let (_, body) = ANTHROPIC.iter().find(|(known, _)| *known == name).unwrap();
    decode(anthropic_decoder(), [body.as_bytes()])
}

fn calls(items: &Items) -> Vec<(u32, String, String)> {
    let call = |item: &Result<ModelEvent, _>| match item {
        Ok(ModelEvent::ToolCallStarted { index, call_id, name }) => Some((*index, call_id.clone(), name.clone())),
        _ => None,
    };
    items.iter().filter_map(call).collect()
}

fn inputs(items: &Items) -> Vec<(u32, Result<serde_json::Value, String>)> {
    let input = |item: &Result<ModelEvent, _>| match item {
        Ok(ModelEvent::ToolCallFinished { index, input }) => Some((*index, input.clone())),
        _ => None,
    };
    items.iter().filter_map(input).collect()
}

fn thoughts(items: &Items) -> Vec<serde_json::Value> {
    let thought = |item: &Result<ModelEvent, _>| match item {
        Ok(ModelEvent::Thought(thought)) => Some(thought.clone()),
        _ => None,
    };
    items.iter().filter_map(thought).collect()
}

fn call(index: u32, id: &str, name: &str) -> (u32, String, String) {
    (index, id.to_owned(), name.to_owned())
}

#[test]
fn openai_counts_cached_tokens_and_reasoning_once() {
    let items = openai("plain");
    assert_eq!(text(&items), "The tide turns at noon.");
    let expected =
        Usage { input_tokens: 86, cache_read_tokens: 1920, cache_write_tokens: 0, output_tokens: 44, reasoning_tokens: 256 };
    assert_eq!(usage(&items), Some(expected));
    assert_eq!(expected.total(), 2306);
    assert_eq!(items.last(), Some(&Ok(ModelEvent::Finished(FinishReason::Stop))));
}

#[test]
fn openai_joins_two_parallel_calls_from_their_fragments() {
    let items = openai("tools");
    assert_eq!(calls(&items), [call(0, "call_aVHG", "search_knowledge"), call(1, "call_bXyZ", "create_task")]);
    let expected = [(0, Ok(json!({"query": "high tide"}))), (1, Ok(json!({"title": "Buy \"rope\"", "days": 3})))];
    assert_eq!(inputs(&items), expected);
    assert_eq!(finish(&items), Some(FinishReason::ToolCalls));
}

#[test]
fn reasoning_is_told_apart_from_text_under_both_names() {
    let deepseek = openai("reasoning");
    assert_eq!((reasoning(&deepseek).as_str(), text(&deepseek).as_str()), ("They ask about 9.11 and 9.8.", "9.8 is larger."));
    assert_eq!(
        usage(&deepseek).unwrap(),
        Usage { input_tokens: 6, cache_read_tokens: 10, output_tokens: 5, reasoning_tokens: 7, ..Usage::default() }
    );
    let ollama = openai("reasoning_ollama");
    assert_eq!(reasoning(&ollama), "I need the weather.");
    assert_eq!(inputs(&ollama), [(0, Ok(json!({"topic": "weather"})))]);
    assert_eq!(finish(&ollama), Some(FinishReason::ToolCalls), "calls count for more than the word stop");
}

#[test]
fn llama_cpp_stops_at_the_limit() {
    let items = openai("llama_cpp");
    assert_eq!((text(&items).as_str(), finish(&items)), ("Low water is at six.\n", Some(FinishReason::Length)));
    assert_eq!(usage(&items).unwrap().total(), 37);
}

#[test]
fn calls_without_index_or_id_are_kept_apart_and_get_ids() {
    let items = openai("whole_arguments");
    assert_eq!(calls(&items), [call(0, "call_salt_0", "search_knowledge"), call(1, "call_salt_1", "get_context")]);
    assert_eq!(inputs(&items), [(0, Ok(json!({"query": "moorings"}))), (1, Ok(json!({})))]);
}

#[test]
fn an_answer_without_usage_or_without_done_is_whole() {
    let unbilled = openai("no_usage");
    assert_eq!((text(&unbilled).as_str(), usage(&unbilled), finish(&unbilled)), ("No bill.", None, Some(FinishReason::Stop)));
    let undone = openai("no_done");
    assert_eq!(
        (text(&undone).as_str(), usage(&undone).unwrap().total(), finish(&undone)),
        ("It ends here.", 9, Some(FinishReason::Stop))
    );
}

#[test]
fn an_error_in_mid_stream_ends_the_answer_after_what_was_said() {
    let openai = openai("error");
    assert_eq!((text(&openai).as_str(), finish(&openai)), ("So far so good", None));
    assert!(matches!(openai.last(), Some(Err(ModelError::Unavailable { detail })) if detail.contains("disconnected")));
    let anthropic = anthropic("error");
    assert_eq!((text(&anthropic).as_str(), finish(&anthropic)), ("So far so good", None));
    assert!(matches!(anthropic.last(), Some(Err(ModelError::Unavailable { detail })) if detail.contains("Overloaded")));
}

#[test]
fn anthropic_tells_usage_at_the_start_and_again_at_the_end() {
    let items = anthropic("plain");
    assert_eq!((text(&items).as_str(), finish(&items)), ("High water at noon!", Some(FinishReason::Stop)));
    let first = Usage { input_tokens: 25, output_tokens: 1, ..Usage::default() };
    assert_eq!(items.first(), Some(&Ok(ModelEvent::Usage(first))), "a stopped run must know what its input cost");
    assert_eq!(usage(&items), Some(Usage { output_tokens: 15, ..first }));
}

#[test]
fn anthropic_counts_its_cache_beside_the_input() {
    let items = anthropic("cache");
    let expected =
        Usage { input_tokens: 21, cache_read_tokens: 1800, cache_write_tokens: 188, output_tokens: 64, reasoning_tokens: 0 };
    assert_eq!((usage(&items), finish(&items)), (Some(expected), Some(FinishReason::Length)));
}

#[test]
fn anthropic_joins_calls_and_numbers_them_apart_from_blocks() {
    let items = anthropic("tools");
    assert_eq!(text(&items), "I will look it up.");
    assert_eq!(calls(&items), [call(0, "toolu_01A", "search_knowledge"), call(1, "toolu_01B", "get_context")]);
    assert_eq!(inputs(&items), [(0, Ok(json!({"query": "tide times"}))), (1, Ok(json!({})))]);
    assert_eq!(finish(&items), Some(FinishReason::ToolCalls));
}

#[test]
fn anthropic_shows_thoughts_but_neither_signatures_nor_what_was_redacted_and_keeps_them_whole() {
    let items = anthropic("thinking");
    let signed = json!({ "type": "thinking", "thinking": "Let me add: 27 + 453", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h" });
    let redacted = json!({ "type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix" });
    assert_eq!(thoughts(&items), [signed, redacted]);
    assert_eq!((reasoning(&items).as_str(), text(&items).as_str()), ("Let me add: 27 + 453", "27 + 453 = 480"));
}

#[test]
fn characters_of_any_length_arrive_as_they_were() {
    let expected = "Åse går på stranda. 潮が満ちる。🌊👩\u{200d}🌾 naïve \u{2028} e\u{301}";
    assert_eq!(text(&openai("unicode")), format!("{expected}🌙é"));
    assert_eq!(text(&anthropic("unicode")), expected);
}
