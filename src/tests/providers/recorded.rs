//! Streams recorded from real servers (`recorded/live`): each says what it said when it was recorded, however it is cut.

use super::{
    cuts::{byte_by_byte, cut_everywhere},
    transcripts::{anthropic_decoder, openai_decoder},
    *,
};
use crate::server::models::http::{fault::Fault, retry_after};

const OPENAI: [(&str, &str); 12] = [
    ("aimock-tools_no_arguments", include_str!("../recorded/live/openai-aimock-tools_no_arguments.sse")),
    ("litellm-anthropic_tools_parallel", include_str!("../recorded/live/openai-litellm-anthropic_tools_parallel.sse")),
    ("litellm-llama_cpp_tools_parallel", include_str!("../recorded/live/openai-litellm-llama_cpp_tools_parallel.sse")),
    ("litellm-plain", include_str!("../recorded/live/openai-litellm-plain.sse")),
    ("litellm-upstream_cut", include_str!("../recorded/live/openai-litellm-upstream_cut.sse")),
    ("llama_cpp-cut_before_a_character", include_str!("../recorded/live/openai-llama_cpp-cut_before_a_character.sse")),
    ("llama_cpp-no_usage_asked", include_str!("../recorded/live/openai-llama_cpp-no_usage_asked.sse")),
    ("llama_cpp-plain", include_str!("../recorded/live/openai-llama_cpp-plain.sse")),
    ("llama_cpp-reasoning", include_str!("../recorded/live/openai-llama_cpp-reasoning.sse")),
    ("llama_cpp-tools_cut_by_length", include_str!("../recorded/live/openai-llama_cpp-tools_cut_by_length.sse")),
    ("llama_cpp-tools_parallel", include_str!("../recorded/live/openai-llama_cpp-tools_parallel.sse")),
    ("llama_cpp-unicode_grammar", include_str!("../recorded/live/openai-llama_cpp-unicode_grammar.sse")),
];

const ANTHROPIC: [(&str, &str); 11] = [
    ("aimock-thinking", include_str!("../recorded/live/anthropic-aimock-thinking.sse")),
    ("aimock-tools_parallel", include_str!("../recorded/live/anthropic-aimock-tools_parallel.sse")),
    ("litellm-llama_cpp_tools_parallel", include_str!("../recorded/live/anthropic-litellm-llama_cpp_tools_parallel.sse")),
    ("litellm-upstream_cut", include_str!("../recorded/live/anthropic-litellm-upstream_cut.sse")),
    ("llama_cpp-cut_before_a_character", include_str!("../recorded/live/anthropic-llama_cpp-cut_before_a_character.sse")),
    ("llama_cpp-plain", include_str!("../recorded/live/anthropic-llama_cpp-plain.sse")),
    ("llama_cpp-stop_sequence", include_str!("../recorded/live/anthropic-llama_cpp-stop_sequence.sse")),
    ("llama_cpp-thinking", include_str!("../recorded/live/anthropic-llama_cpp-thinking.sse")),
    ("llama_cpp-tools_cut_by_length", include_str!("../recorded/live/anthropic-llama_cpp-tools_cut_by_length.sse")),
    ("llama_cpp-tools_parallel", include_str!("../recorded/live/anthropic-llama_cpp-tools_parallel.sse")),
    ("musistudio_llms-tools_parallel", include_str!("../recorded/live/anthropic-musistudio_llms-tools_parallel.sse")),
];

/// Refusals of real servers, and what each means.
const REFUSALS: [(&str, &str); 9] = [
    ("unauthorised", include_str!("../recorded/live/openai-litellm-error_wrong_key.http")),
    ("unauthorised", include_str!("../recorded/live/openai-litellm-error_no_key.http")),
    ("rate_limited", include_str!("../recorded/live/openai-litellm-error_rate_limit.http")),
    ("rate_limited", include_str!("../recorded/live/openai-litellm-aimock_error_rate_limit.http")),
    ("context_too_long", include_str!("../recorded/live/openai-litellm-error_context_window.http")),
    ("invalid_request", include_str!("../recorded/live/openai-litellm-error_unknown_model.http")),
    ("context_too_long", include_str!("../recorded/live/openai-llama_cpp-error_context_too_long.http")),
    ("unauthorised", include_str!("../recorded/live/openai-llama_cpp-error_no_key.http")),
    ("invalid_request", include_str!("../recorded/live/openai-llama_cpp-error_bad_request.http")),
];

/// What a stream says: the beginning of its reasoning and of its text, its calls, the usage in all, and its end.
fn summary(items: &Items) -> String {
    let calls = items.iter().filter_map(|item| match item {
        Ok(ModelEvent::ToolCallStarted { name, .. }) => Some(format!("{name} ")),
        Ok(ModelEvent::ToolCallFinished { input, .. }) => {
            Some(input.as_ref().map_or("unreadable ".to_owned(), |input| format!("{input} ")))
        }
        _ => None,
    });
    let calls: String = calls.collect();
    let start = |text: String| text.chars().take(24).collect::<String>();
    let end = match items.last() {
        Some(Ok(ModelEvent::Finished(reason))) => format!("{reason:?}"),
        Some(Err(error)) => error.kind().to_owned(),
        _ => "no end".to_owned(),
    };
    let total = usage(items).map_or(-1, |usage| usage.total());
    format!("{:?} {:?} [{}] {total} {end}", start(reasoning(items)), start(text(items)), calls.trim_end())
}

fn summaries<D: Decode>(streams: &[(&str, &str)], decoder: fn() -> D) -> String {
    streams.iter().map(|(name, body)| format!("{name}: {}\n", summary(&decode(decoder(), [body.as_bytes()])))).collect()
}

#[test]
fn streams_of_real_servers_in_openais_protocol_say_what_they_said() {
    assert_eq!(summaries(&OPENAI, openai_decoder), include_str!("../recorded/live/openai.txt"));
}

#[test]
fn streams_of_real_servers_in_anthropics_protocol_say_what_they_said() {
    assert_eq!(summaries(&ANTHROPIC, anthropic_decoder), include_str!("../recorded/live/anthropic.txt"));
}

#[test]
fn a_cut_at_any_byte_of_a_recorded_stream_changes_nothing() {
    for (name, body) in OPENAI {
        cut_everywhere(name, body, openai_decoder);
        byte_by_byte(name, body, openai_decoder);
    }
    for (name, body) in ANTHROPIC {
        cut_everywhere(name, body, anthropic_decoder);
        byte_by_byte(name, body, anthropic_decoder);
    }
}

#[test]
fn refusals_of_real_servers_are_understood() {
    for (kind, answer) in REFUSALS {
        let (head, body) =
            answer.replace("\r\n", "\n").split_once("\n\n").map(|(head, body)| (head.to_owned(), body.to_owned())).unwrap();
        let mut fault = Fault::from_body(body.as_bytes());
        fault.status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        assert_eq!(fault.into_error().kind(), kind, "{answer}");
    }
}

#[test]
fn litellm_passes_on_how_long_its_provider_asks_to_wait() {
    let mut headers = http::HeaderMap::new();
    headers.insert("llm_provider-retry-after", http::HeaderValue::from_static("1"));
    assert_eq!(retry_after::parse(&headers), Some(std::time::Duration::from_secs(1)));
}
