//! Which price counts, and that it never touches the past.

use super::books::{COST, DAY, NOW, call};
use crate::{
    model::{
        group::Role,
        provider::{Price, PriceSource, Usage},
        usage::{UsageFilter, prices::PriceDraft},
    },
    server::{
        store::{calls::Call, usage::Span},
        usage::prices,
    },
    tests::app::{TestApp, TestGroup},
};
use std::time::Duration;

fn draft(model: &str, from: &str, input: &str, output: &str) -> PriceDraft {
    let text = str::to_owned;
    PriceDraft {
        provider: text("openai"),
        model: text(model),
        from: text(from),
        input: text(input),
        output: text(output),
        ..PriceDraft::default()
    }
}

async fn save(app: &TestApp, lab: &TestGroup, draft: &PriceDraft) -> crate::error::Result<()> {
    prices::save(&app.app, &lab.owner.member.owner().unwrap(), draft).await
}

#[tokio::test]
async fn a_new_price_counts_from_its_day_on_and_nothing_that_was_booked_changes() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    assert_eq!(app.book(&call(&lab, &app, NOW)).await, Some(COST), "the built-in price");
    save(&app, &lab, &draft("gpt-4.1", "2026-11-30", "4", "16")).await.unwrap();
    assert_eq!(app.book(&call(&lab, &app, NOW)).await, Some(COST), "it begins in two days");
    app.app.clock.advance(Duration::from_millis(2 * DAY as u64));
    assert_eq!(app.book(&call(&lab, &app, NOW + 2 * DAY)).await, Some(2 * COST));
    save(&app, &lab, &draft("gpt-4.1", "", "1", "4")).await.unwrap();
    assert_eq!(app.book(&call(&lab, &app, NOW + 2 * DAY)).await, Some(COST / 2), "of two for one day the last counts");
    save(&app, &lab, &draft("gpt-4.1", "", "", "")).await.unwrap();
    assert_eq!(app.book(&call(&lab, &app, NOW + 2 * DAY)).await, Some(COST), "without one of its own the built-in one counts");
    let total = app.app.store.usage(&lab.owner.member).total(&Span::Days(0..100_000), &UsageFilter::default()).await.unwrap();
    assert_eq!(total.sums.cost_microusd, 5 * COST + COST / 2);
    let early = save(&app, &lab, &draft("gpt-4.1", "2026-11-27", "4", "16")).await;
    assert_eq!(early.unwrap_err().field(), Some("from"), "the past is closed");
}

#[tokio::test]
async fn a_price_that_nobody_knows_is_unknown_and_never_zero() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    for (provider, model) in [("workshop", "gpt-4.1"), ("openai", "gpt-4.1-new"), ("openai", "")] {
        let strange = Call { provider: provider.to_owned(), model: model.to_owned(), ..call(&lab, &app, NOW) };
        assert_eq!(app.book(&strange).await, None, "{provider} {model}");
    }
    app.book(&call(&lab, &app, NOW)).await;
    let report = app.get("/api/v1/groups/lab/usage?to=1795910400000", &lab.owner.key).await.ok();
    let totals = &report["totals"];
    assert_eq!(
        (&totals["calls"], &totals["cost_microusd"], &totals["unknown_price_calls"]),
        (&4.into(), &COST.into(), &3.into())
    );
    let csv = app.get("/api/v1/groups/lab/usage.csv?to=1795910400000", &lab.owner.key).await.text();
    assert_eq!(csv.lines().filter(|line| line.ends_with(",,,,,,,")).count(), 3, "no price, no source, no cost: {csv}");
}

#[tokio::test]
async fn only_owners_save_prices_and_only_amounts_that_are_some() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let admin = app.member(&lab.group, "ada", Role::Admin).await;
    assert!(admin.member.owner().is_err());
    for (input, output, field) in [("-1", "1", "input"), ("1", "", "output"), ("free", "1", "input"), ("1", "2000000", "output")]
    {
        let refused = save(&app, &lab, &draft("gpt-4.1", "", input, output)).await.unwrap_err();
        assert_eq!(refused.field(), Some(field), "{input} {output}");
    }
    save(&app, &lab, &draft("gpt-4.1", "", "0", "0")).await.unwrap();
    let list = prices::list(&app.app, &admin.member).await.unwrap();
    let model = list.models.iter().find(|model| model.model == "gpt-4.1").unwrap();
    assert_eq!(model.now.map(|now| (now.price, now.source)), Some((Price::FREE, PriceSource::Group)));
    assert_eq!(model.own[0].saved_by.as_deref(), Some("owner-of-lab"));
}

#[test]
fn a_cost_is_rounded_once_per_call_and_half_of_a_micro_dollar_upwards() {
    let price = Price { input: 500_000, cache_read: 50_000, cache_write: 625_000, output: 2_000_000, reasoning: 2_000_000 };
    let cost = |usage: Usage| price.cost(&usage);
    assert_eq!(cost(Usage { input_tokens: 1, ..Usage::default() }), 1, "half of one counts as one");
    assert_eq!(cost(Usage { cache_read_tokens: 9, ..Usage::default() }), 0, "0.45 is nothing");
    assert_eq!(cost(Usage { cache_read_tokens: 9, input_tokens: 1, ..Usage::default() }), 1, "0.95 is rounded once, not twice");
    assert_eq!(cost(Usage { output_tokens: 3, reasoning_tokens: 4, ..Usage::default() }), 14);
    let huge = Usage { input_tokens: i64::MAX, output_tokens: i64::MAX, ..Usage::default() };
    assert_eq!(Price { input: i64::MAX, output: i64::MAX, ..price }.cost(&huge), i64::MAX, "nothing overflows");
}

/// What the vendors' own streams say with caching (see `tests/recorded`), at their list prices.
#[test]
fn recorded_usage_with_caching_costs_what_the_vendors_take() {
    let built_in = |provider: &str, model: &str| crate::server::models::prices::info(provider, model).price.unwrap();
    // 86 fresh at $2.00, 1,920 cached at $0.50, 300 out at $8.00: all per million.
    let openai =
        Usage { input_tokens: 86, cache_read_tokens: 1_920, output_tokens: 44, reasoning_tokens: 256, ..Usage::default() };
    assert_eq!(built_in("openai", "gpt-4.1").cost(&openai), 172 + 960 + 2_400);
    // 21 fresh at $3.00, 1,800 read at $0.30, 188 written at $3.75, 64 out at $15.00.
    let anthropic =
        Usage { input_tokens: 21, cache_read_tokens: 1_800, cache_write_tokens: 188, output_tokens: 64, ..Usage::default() };
    assert_eq!(built_in("anthropic", "claude-sonnet-4-6").cost(&anthropic), 63 + 540 + 705 + 960);
}
