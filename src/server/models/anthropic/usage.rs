//! The token counts of the messages API, which come in two parts and are cumulative.

use crate::{model::provider::Usage, server::models::tokens};
use serde_json::Value;

/// Takes what `reported` says and keeps the rest. What was read from and written to the cache is not part of
/// `input_tokens`, and reasoning is not told apart from output (Anthropic's reference of the usage object).
pub(super) fn merge(usage: &mut Usage, reported: &Value) {
    let fields = [
        (&mut usage.input_tokens, "input_tokens"),
        (&mut usage.cache_read_tokens, "cache_read_input_tokens"),
        (&mut usage.cache_write_tokens, "cache_creation_input_tokens"),
        (&mut usage.output_tokens, "output_tokens"),
    ];
    for (field, name) in fields {
        if let Some(count) = tokens(&reported[name]) {
            *field = count;
        }
    }
}
