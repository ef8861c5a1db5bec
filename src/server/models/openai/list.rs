//! The models that a server lists, with what it says about them and what we know.

use super::Flavour;
use crate::{model::provider::ModelInfo, server::models::prices};
use serde_json::Value;

/// Reads `{"data": [{"id": …, …}]}`; some servers send the bare list.
pub(super) fn offers(answer: &Value, provider: &str, flavour: Flavour) -> Vec<ModelInfo> {
    let listed = answer["data"].as_array().or_else(|| answer.as_array());
    let mut offers: Vec<_> = listed.into_iter().flatten().filter_map(|model| offer(model, provider, flavour)).collect();
    offers.sort_by(|a, b| a.model.cmp(&b.model));
    offers
}

fn offer(listed: &Value, provider: &str, flavour: Flavour) -> Option<ModelInfo> {
    let model = listed["id"].as_str().filter(|model| chats(model, flavour))?;
    let known = prices::info(provider, model);
    Some(ModelInfo { context_tokens: context(listed).or(known.context_tokens), tools: calls_tools(listed), ..known })
}

/// vLLM, OpenRouter and llama.cpp say how much fits, each in its own way; OpenAI and Ollama do not.
fn context(listed: &Value) -> Option<u32> {
    let told = [
        &listed["max_model_len"],
        &listed["context_length"],
        // LiteLLM
        &listed["max_input_tokens"],
        &listed["meta"]["n_ctx"],
        &listed["meta"]["n_ctx_train"],
    ];
    told.into_iter().find_map(|tokens| u32::try_from(tokens.as_u64()?).ok())
}

/// Only OpenRouter says it; elsewhere a server is taken at its word that it speaks the protocol.
fn calls_tools(listed: &Value) -> bool {
    let parameters = listed["supported_parameters"].as_array();
    parameters.is_none_or(|parameters| parameters.iter().any(|parameter| parameter == "tools"))
}

/// Lists do not say what a model is for, but names do. On api.openai.com a model has to look like one that chats; anywhere
/// else it only must not look like one that does something else.
fn chats(model: &str, flavour: Flavour) -> bool {
    const OTHER: [&str; 11] =
        ["embed", "whisper", "tts", "dall-e", "moderation", "rerank", "transcribe", "realtime", "-image", "audio", "sora"];
    // These are served by another endpoint, or only complete a text.
    const NOT_HERE: [&str; 6] = ["-codex", "-pro", "-instruct", "deep-research", "computer-use", "search"];
    const FAMILIES: [&str; 6] = ["gpt-", "chatgpt-", "chat-latest", "o1", "o3", "o4"];
    let other = OTHER.iter().any(|word| model.contains(word));
    match flavour {
        Flavour::Compatible => !other,
        Flavour::Official => {
            !other && FAMILIES.iter().any(|family| model.starts_with(family)) && !NOT_HERE.iter().any(|word| model.contains(word))
        }
    }
}
