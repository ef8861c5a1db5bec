//! What we know of well-known models when their providers do not say: context sizes and list prices.
//!
//! Sources, read on 2026-11-25: the price table of LiteLLM 1.110.2 (`model_prices_and_context_window`), compared with the
//! vendors' own pages (platform.claude.com/docs, "Models & pricing"; developers.openai.com/api/docs/pricing). Where the two
//! differ the vendor's page counts. These are the standard tariffs: surcharges for very long inputs, regions and priority
//! are not in them, so an operator who pays differently gives prices in the settings.

mod table;

/// Whence and of when the built-in prices are, for people.
pub const SOURCE: &str = "Built-in prices are the vendors' standard tariffs, read on 25 November 2026 (platform.claude.com, \
    developers.openai.com, and the table of LiteLLM 1.110.2).";

use crate::model::provider::{ModelInfo, Price};

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Input and output together.
    pub context_tokens: u32,
    /// The vendor's own price; a gateway's may differ.
    pub price: Price,
}

/// The longest name in the table that `model` begins with, if what follows only dates it (`gpt-5-2025-08-07`,
/// `claude-opus-4-5@20251101`, `…-latest`). Anything else may be another model with another price, and stays unknown.
pub fn known(model: &str) -> Option<Known> {
    let fits = |name: &str| model.strip_prefix(name).is_some_and(is_date);
    table::MODELS.iter().filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len()).map(|(_, known)| *known)
}

/// A model as far as its name tells. The price counts only with the vendor itself: what a gateway takes is its own affair.
/// A gateway's `vendor/model` has the vendor's context size.
pub fn info(provider: &str, model: &str) -> ModelInfo {
    let known = known(model.rsplit('/').next().unwrap_or(model));
    let sold_by_vendor = matches!(provider, "openai" | "anthropic");
    ModelInfo {
        provider: provider.to_owned(),
        model: model.to_owned(),
        context_tokens: known.map(|known| known.context_tokens),
        price: known.filter(|_| sold_by_vendor).map(|known| known.price),
        tools: true,
    }
}

/// What a new agent gets: the first of a short list of balanced current models that is on offer, else the first on offer.
pub fn preferred(offers: &[ModelInfo]) -> Option<&ModelInfo> {
    let listed = |name: &&str| offers.iter().find(|offer| offer.model.strip_prefix(*name).is_some_and(is_date));
    table::PREFERRED.iter().find_map(listed).or_else(|| offers.first())
}

fn is_date(rest: &str) -> bool {
    let Some(mark) = rest.chars().next() else { return true };
    let tag = &rest[mark.len_utf8()..];
    let dated = tag.len() >= 8 && tag.chars().all(|c| c.is_ascii_digit() || c == '-');
    matches!(mark, '-' | '@') && (tag == "latest" || dated)
}
