//! The table itself: a line per model, newest first.

use super::Known;
use crate::model::provider::Price;

/// Name, then tokens of context and the price of a million tokens in thousandths of a dollar: input, cache read, cache write
/// (of Anthropic's, the five-minute one), output. Where a vendor does not charge for writing to its cache, writing costs
/// what input costs.
#[rustfmt::skip]
pub(super) const MODELS: &[(&str, Known)] = &[
    // Anthropic.
    ("claude-fable-5-1", known(1_000_000, 10_000, 250, 12_500, 50_000)),
    ("claude-fable-5", known(1_000_000, 10_000, 1_000, 12_500, 50_000)),
    ("claude-opus-5-5", known(1_000_000, 4_000, 200, 5_000, 20_000)),
    ("claude-opus-5", known(1_000_000, 5_000, 500, 6_250, 25_000)),
    ("claude-opus-4-8", known(1_000_000, 5_000, 500, 6_250, 25_000)),
    ("claude-opus-4-7", known(1_000_000, 5_000, 500, 6_250, 25_000)),
    ("claude-opus-4-6", known(1_000_000, 5_000, 500, 6_250, 25_000)),
    ("claude-opus-4-5", known(200_000, 5_000, 500, 6_250, 25_000)),
    ("claude-sonnet-5-5", known(1_000_000, 2_000, 200, 2_500, 10_000)),
    ("claude-sonnet-5", known(1_000_000, 2_000, 200, 2_500, 10_000)),
    ("claude-sonnet-4-6", known(1_000_000, 3_000, 300, 3_750, 15_000)),
    ("claude-sonnet-4-5", known(200_000, 3_000, 300, 3_750, 15_000)),
    ("claude-haiku-5-5", known(1_000_000, 100, 10, 125, 500)),
    ("claude-haiku-4-5", known(200_000, 1_000, 100, 1_250, 5_000)),
    // OpenAI.
    ("gpt-6-astra", known(1_050_000, 10_000, 1_000, 12_500, 50_000)),
    ("gpt-6.1-sol", known(1_050_000, 2_000, 100, 2_500, 10_000)),
    ("gpt-6.1-terra", known(1_050_000, 1_000, 50, 1_250, 5_000)),
    ("gpt-6-sol", known(1_050_000, 2_000, 200, 2_500, 10_000)),
    ("gpt-6-luna", known(1_050_000, 100, 10, 125, 500)),
    ("gpt-5.6", known(1_050_000, 4_000, 400, 5_000, 20_000)),
    ("gpt-5.6-sol", known(1_050_000, 4_000, 400, 5_000, 20_000)),
    ("gpt-5.6-terra", known(1_050_000, 2_000, 200, 2_500, 12_000)),
    ("gpt-5.6-luna", known(1_050_000, 200, 20, 250, 1_200)),
    ("gpt-5.5", known(1_050_000, 5_000, 500, 5_000, 30_000)),
    ("gpt-5.4", known(1_050_000, 2_500, 250, 2_500, 15_000)),
    ("gpt-5.4-mini", known(400_000, 750, 75, 750, 4_500)),
    ("gpt-5.4-nano", known(400_000, 200, 20, 200, 1_250)),
    ("gpt-5.2", known(400_000, 1_750, 175, 1_750, 14_000)),
    ("gpt-5.1", known(400_000, 1_250, 125, 1_250, 10_000)),
    ("gpt-5", known(400_000, 1_250, 125, 1_250, 10_000)),
    ("gpt-5-mini", known(400_000, 250, 25, 250, 2_000)),
    ("gpt-5-nano", known(400_000, 50, 5, 50, 400)),
    ("gpt-4.1", known(1_047_576, 2_000, 500, 2_000, 8_000)),
    ("gpt-4.1-mini", known(1_047_576, 400, 100, 400, 1_600)),
    ("gpt-4.1-nano", known(1_047_576, 100, 25, 100, 400)),
    ("gpt-4o", known(128_000, 2_500, 1_250, 2_500, 10_000)),
    ("gpt-4o-mini", known(128_000, 150, 75, 150, 600)),
    ("o3", known(200_000, 2_000, 500, 2_000, 8_000)),
    ("o3-mini", known(200_000, 1_100, 550, 1_100, 4_400)),
    ("o4-mini", known(200_000, 1_100, 275, 1_100, 4_400)),
    // Embeddings have no output.
    ("text-embedding-3-small", known(8_191, 20, 20, 20, 0)),
    ("text-embedding-3-large", known(8_191, 130, 130, 130, 0)),
    ("o1", known(200_000, 15_000, 7_500, 15_000, 60_000)),
];

/// Balanced models before the largest and the smallest, newer before older.
#[rustfmt::skip]
pub(super) const PREFERRED: &[&str] = &[
    "claude-sonnet-5-5", "claude-sonnet-5", "claude-sonnet-4-6", "claude-opus-5-5", "claude-opus-5", "claude-haiku-5-5", "claude-haiku-4-5",
    "gpt-6.1-sol", "gpt-6-sol", "gpt-6.1-terra", "gpt-5.6-terra", "gpt-5.6", "gpt-5.4", "gpt-5.4-mini", "gpt-5-mini", "gpt-5", "gpt-4.1", "gpt-4o",
];

const fn known(context_tokens: u32, input: i64, cache_read: i64, cache_write: i64, output: i64) -> Known {
    // A thousandth of a dollar is a thousand micro-dollars.
    let price = Price {
        input: input * 1_000,
        cache_read: cache_read * 1_000,
        cache_write: cache_write * 1_000,
        output: output * 1_000,
        // Both vendors charge reasoning as output.
        reasoning: output * 1_000,
    };
    Known { context_tokens, price }
}
