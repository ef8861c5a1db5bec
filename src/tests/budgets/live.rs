//! A budget that is made while calls go on counts what they may still use from its first moment.

use super::bank::{Bank, PRICED, RESERVED_SUMS, uses};
use crate::{
    error::AppError,
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        calendar::Date,
        run::RunStatus,
        usage::prices::PriceDraft,
    },
    server::{
        budgets::{
            self,
            counter::Worst,
            outside::{self, Asking, Ended},
        },
        models::{
            ModelError,
            scripted::{PROVIDER, Step},
        },
        runs::{self, recovery},
        store::calls::Counted,
        usage::prices,
    },
};
use std::sync::Arc;
use tokio::sync::Notify;

/// A run whose first call has begun, and what lets it end.
async fn talking(bank: &Bank, end: Vec<Step>) -> (crate::ids::RunId, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let mut steps = vec![Step::text("Well"), Step::WaitFor(gate.clone())];
    steps.extend(end);
    bank.app.scripted.script(PRICED, steps);
    let thread = bank.thread().await;
    let mut viewer = bank.watch(thread).await;
    let run = bank.app.send(&bank.group.owner, thread, "How much?").await.run_id;
    viewer.until_text("Well").await;
    (run, gate)
}

#[tokio::test]
async fn a_budget_that_is_made_in_mid_call_has_reserved_what_the_call_may_use() {
    let bank = Bank::open().await;
    let (run, gate) = talking(&bank, uses(10, 5)).await;
    let tokens = bank.budget(Unit::Tokens, Period::Month, 200).await;
    let of_agent = BudgetDraft {
        scope: Scope::Agent,
        scope_id: Some(bank.agent.uuid()),
        unit: Unit::Microusd,
        period: Period::Day,
        cap: 1_000_000,
        hard: true,
    };
    let money = bank.draft(of_agent.clone()).await;
    let key = bank.id("SELECT id FROM api_keys").await;
    let of_key = bank.draft(BudgetDraft { scope: Scope::Key, scope_id: Some(key), ..of_agent }).await;
    let reserved = bank.stands(tokens).await.reserved;
    assert!(reserved > 64 && reserved < 200, "{reserved}");
    assert_eq!(bank.stands(money).await.reserved, reserved, "each token costs a micro-dollar");
    assert_eq!(bank.stands(of_key).await.reserved, 0, "it was not asked for by a key");
    let thread = bank.thread().await;
    let sent = runs::send(&bank.app.app, &bank.group.owner.member, thread, "And now?", None).await;
    assert!(matches!(sent, Err(AppError::OverBudget { .. })), "{sent:?}");
    gate.notify_one();
    assert_eq!(bank.app.ended(&bank.group.owner.member, run).await.status, RunStatus::Completed);
    for id in [tokens, money] {
        let budget = bank.stands(id).await;
        assert_eq!((budget.spent, budget.reserved), (15, 0));
    }
    assert_eq!(bank.number(RESERVED_SUMS).await, 0);
    bank.app.scripted.script(PRICED, uses(10, 5));
    assert_eq!(bank.ask().await.status, RunStatus::Completed, "what is left suffices again");
}

#[tokio::test]
async fn a_first_call_that_began_with_its_run_counts_with_all_that_the_model_reads_until_it_speaks() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, uses(10, 5));
    // Once it is known how much the model reads, the call begins with the claim of its run.
    bank.app.app.models.offers().await;
    let gate = Arc::new(Notify::new());
    bank.app.scripted.script(PRICED, [vec![Step::WaitFor(gate.clone())], uses(10, 5)].concat());
    let silent = bank.begin().await;
    while bank.app.scripted.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let early = bank.budget(Unit::Tokens, Period::Month, 200).await;
    assert_eq!(bank.stands(early).await.reserved, 8_192 + 64);
    gate.notify_one();
    bank.app.ended(&bank.group.owner.member, silent).await;
    let budget = bank.stands(early).await;
    assert_eq!((budget.spent, budget.reserved), (15, 0));
    budgets::remove(&bank.app.app, &bank.admin(), early).await.unwrap();
    let (run, gate) = talking(&bank, uses(10, 5)).await;
    let tokens = bank.budget(Unit::Tokens, Period::Month, 200).await;
    let reserved = bank.stands(tokens).await.reserved;
    assert!(reserved > 64 && reserved < 200, "{reserved}");
    gate.notify_one();
    bank.app.ended(&bank.group.owner.member, run).await;
    let budget = bank.stands(tokens).await;
    assert_eq!((budget.spent, budget.reserved, bank.number(RESERVED_SUMS).await), (30, 0, 0));
}

#[tokio::test]
async fn a_price_that_is_saved_in_mid_call_is_reserved_by_at_once() {
    let bank = Bank::open().await;
    let (run, gate) = talking(&bank, uses(10, 5)).await;
    let tokens = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    let money = bank.budget(Unit::Microusd, Period::Month, 1_000).await;
    let reserved = bank.stands(tokens).await.reserved;
    let [provider, model] = [PROVIDER, PRICED].map(str::to_owned);
    let dollars = |price: &str| PriceDraft {
        provider: provider.clone(),
        model: model.clone(),
        input: price.to_owned(),
        output: price.to_owned(),
        ..PriceDraft::default()
    };
    let owner = bank.group.owner.member.owner().unwrap();
    let tomorrow = Date::of(bank.app.app.clock.now() / 86_400_000 + 1).to_string();
    for (draft, times) in [
        (dollars("3"), 3),
        (PriceDraft { from: tomorrow, ..dollars("9") }, 3),
        (PriceDraft { model: "another".to_owned(), ..dollars("5") }, 3),
        (dollars("2"), 2),
    ] {
        prices::save(&bank.app.app, &owner, &draft).await.unwrap();
        assert_eq!((bank.stands(money).await.reserved, bank.stands(tokens).await.reserved), (times * reserved, reserved));
        assert_eq!(bank.number(RESERVED_SUMS).await, 0);
    }
    gate.notify_one();
    bank.app.ended(&bank.group.owner.member, run).await;
    for (id, spent) in [(tokens, 15), (money, 30)] {
        let budget = bank.stands(id).await;
        assert_eq!((budget.spent, budget.reserved), (spent, 0));
    }
}

#[tokio::test]
async fn between_two_calls_nothing_is_reserved() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, uses(10, 5));
    bank.ask().await;
    let tokens = bank.budget(Unit::Tokens, Period::Month, 200).await;
    let budget = bank.stands(tokens).await;
    assert_eq!((budget.spent, budget.reserved), (15, 0));
}

#[tokio::test]
async fn an_attempt_after_a_budget_was_made_has_to_fit_into_it() {
    let bank = Bank::open().await;
    let gate = Arc::new(Notify::new());
    let fails = vec![Step::WaitFor(gate.clone()), Step::Fail(ModelError::Unavailable { detail: String::new() })];
    bank.app.scripted.script_turns(PRICED, vec![fails, uses(10, 5)]);
    let run = bank.begin().await;
    while bank.app.scripted.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let tokens = bank.budget(Unit::Tokens, Period::Month, 20).await;
    gate.notify_one();
    let run = bank.app.ended(&bank.group.owner.member, run).await;
    assert_eq!((run.status, run.error.map(|error| error.code)), (RunStatus::Failed, Some("budget".to_owned())));
    assert_eq!(bank.app.scripted.requests().len(), 1, "the second attempt is not made");
    let budget = bank.stands(tokens).await;
    assert!(budget.spent <= 20 && budget.reserved == 0, "{} {}", budget.spent, budget.reserved);
}

#[tokio::test]
async fn a_call_outside_of_runs_is_reserved_too_and_forgotten_once_it_ended() {
    let bank = Bank::open().await;
    let worst = Worst { input_tokens: 70, output_tokens: 30 };
    let asking = Asking { purpose: "title", provider: PROVIDER, model: PRICED, agent: None, worst };
    let open = outside::begin(&bank.app.app, &bank.group.owner.member, asking).await.unwrap();
    let tokens = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    assert_eq!(bank.stands(tokens).await.reserved, 100);
    let usage = crate::model::provider::Usage { input_tokens: 12, ..Default::default() };
    open.end(Ended { status: "completed", error_kind: None, usage, counted: Counted::Reported }).await.unwrap();
    let budget = bank.stands(tokens).await;
    assert_eq!((budget.spent, budget.reserved), (12, 0));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outside_calls").await, 0);
}

#[tokio::test]
async fn a_call_outside_of_runs_whose_process_died_is_booked_at_the_next_start() {
    let bank = Bank::open().await;
    let tokens = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    let worst = Worst { input_tokens: 70, output_tokens: 30 };
    let asking = Asking { purpose: "title", provider: PROVIDER, model: PRICED, agent: Some(bank.agent), worst };
    let lost = outside::begin(&bank.app.app, &bank.group.owner.member, asking).await.unwrap();
    recovery::start(&bank.app.app).await.unwrap();
    let budget = bank.stands(tokens).await;
    assert_eq!((budget.spent, budget.reserved, bank.number(RESERVED_SUMS).await), (70, 0, 0));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outside_calls").await, 0);
    let booked = "SELECT COUNT(*) FROM calls WHERE status = 'interrupted' AND counted = 'estimated' AND purpose = 'title' \
        AND input_tokens = 70 AND cost_microusd = 70 AND agent_id IS NOT NULL AND person_id IS NOT NULL";
    assert_eq!(bank.number(booked).await, 1);
    // It was alive after all, and slower than its lease: it is not booked twice.
    let usage = crate::model::provider::Usage { input_tokens: 12, ..Default::default() };
    lost.end(Ended { status: "completed", error_kind: None, usage, counted: Counted::Reported }).await.unwrap();
    assert_eq!((bank.stands(tokens).await.spent, bank.number("SELECT COUNT(*) FROM calls").await), (70, 1));
}
