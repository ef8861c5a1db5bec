//! What is known of well-known models, and of nothing else.

use crate::{model::provider::Price, server::models::prices};

#[test]
fn the_longest_name_counts_and_a_date_does_not_change_it() {
    let input = |model: &str| prices::known(model).map(|known| known.price.input);
    assert_eq!((input("gpt-5"), input("gpt-5-mini")), (Some(1_250_000), Some(250_000)));
    assert_eq!(
        (input("gpt-5-2025-08-07"), input("gpt-5-mini-2025-08-07"), input("gpt-5-latest")),
        (Some(1_250_000), Some(250_000), Some(1_250_000))
    );
    assert_eq!((input("claude-opus-4-5-20251101"), input("claude-opus-5-5@20260922")), (Some(5_000_000), Some(4_000_000)));
}

#[test]
fn a_model_that_only_begins_like_a_known_one_is_unknown() {
    for model in ["gpt-5-ultra", "gpt-55", "gpt-5.9", "claude-opus-4-55", "claude-opus-5-7", "o3000", "gpt-5-", "", "llama3"] {
        assert_eq!(prices::known(model), None, "{model}");
    }
}

#[test]
fn the_price_counts_only_with_the_vendor() {
    let direct = prices::info("anthropic", "claude-sonnet-5-5");
    assert_eq!(
        direct.price,
        Some(Price { input: 2_000_000, cache_read: 200_000, cache_write: 2_500_000, output: 10_000_000, reasoning: 10_000_000 })
    );
    let gateway = prices::info("openrouter", "anthropic/claude-sonnet-5-5");
    assert_eq!((gateway.price, gateway.context_tokens), (None, Some(1_000_000)));
}

#[test]
fn the_first_of_the_short_list_is_preferred_else_the_first_on_offer() {
    let offers = |models: &[&str]| models.iter().map(|model| prices::info("p", model)).collect::<Vec<_>>();
    let preferred = |models: &[&str]| prices::preferred(&offers(models)).map(|info| info.model.clone());
    assert_eq!(
        preferred(&["claude-haiku-4-5", "claude-sonnet-5-5-20260930", "claude-opus-5"]).as_deref(),
        Some("claude-sonnet-5-5-20260930")
    );
    assert_eq!(preferred(&["mine", "yours"]).as_deref(), Some("mine"));
    assert_eq!(preferred(&[]), None);
}
