//! The token counts of chat/completions as our disjoint classes.

use crate::{model::provider::Usage, server::models::tokens};
use serde_json::Value;

/// `prompt_tokens` includes what was read from and written to a cache, and `completion_tokens` includes reasoning (OpenAI's
/// reference of the usage object). `None` where the server reports nothing.
pub(super) fn read(usage: &Value) -> Option<Usage> {
    let count = |value: &Value| tokens(value).unwrap_or(0);
    let prompt = count(&usage["prompt_tokens"]);
    let completion = count(&usage["completion_tokens"]);
    let details = &usage["prompt_tokens_details"];
    // DeepSeek has its own name for the same.
    let read = count(&details["cached_tokens"]).max(count(&usage["prompt_cache_hit_tokens"])).min(prompt);
    let written = count(&details["cache_write_tokens"]).min(prompt - read);
    let reasoning = count(&usage["completion_tokens_details"]["reasoning_tokens"]);
    let read = Usage {
        input_tokens: prompt - read - written,
        cache_read_tokens: read,
        cache_write_tokens: written,
        output_tokens: shown(completion, reasoning, count(&usage["total_tokens"]) - prompt),
        reasoning_tokens: reasoning,
    };
    (read.total() > 0).then_some(read)
}

/// xAI and a few others count reasoning beside the completion: their total tells.
fn shown(completion: i64, reasoning: i64, total_output: i64) -> i64 {
    let beside = reasoning > completion || (reasoning > 0 && total_output == completion + reasoning);
    if beside { completion } else { completion - reasoning }
}
