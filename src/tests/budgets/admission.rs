//! What is let through and what is refused.

use super::bank::{Bank, PRICED, RESERVED_SUMS, uses};
use crate::{
    error::AppError,
    model::{
        budget::{BudgetDraft, Period, Scope, Unit, Why},
        run::{RunError, RunStatus},
    },
    server::{
        budgets::{
            counter::Worst,
            outside::{self, Asking, Ended},
        },
        models::{
            FinishReason, ModelError,
            scripted::{PROVIDER, Step},
        },
        runs,
        store::calls::Counted,
    },
    tests::app::ANSWER,
};
use std::sync::Arc;
use tokio::sync::Notify;

fn refused(error: Option<RunError>) -> Why {
    let error = error.expect("an error");
    assert_eq!(error.code, "budget", "{}", error.message);
    error.refusal.expect("the budget that refused").why
}

#[tokio::test]
async fn what_was_used_is_spent_and_the_rest_is_given_back() {
    let bank = Bank::open().await;
    let money = bank.budget(Unit::Microusd, Period::Month, 10_000).await;
    let tokens = bank.budget(Unit::Tokens, Period::Day, 10_000).await;
    bank.app.scripted.script(PRICED, uses(100, 20));
    assert_eq!(bank.ask().await.status, RunStatus::Completed);
    for id in [money, tokens] {
        let budget = bank.stands(id).await;
        assert_eq!((budget.spent, budget.reserved), (120, 0));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM reservations").await, 0);
}

#[tokio::test]
async fn a_call_that_goes_on_holds_the_most_that_it_may_use() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 100_000).await;
    let gate = Arc::new(Notify::new());
    let mut steps = vec![Step::text("Well"), Step::WaitFor(gate.clone())];
    steps.extend(uses(10, 5));
    bank.app.scripted.script(PRICED, steps);
    let thread = bank.thread().await;
    let mut viewer = bank.watch(thread).await;
    let run = bank.app.send(&bank.group.owner, thread, "How much?").await.run_id;
    viewer.until_text("Well").await;
    let budget = bank.stands(id).await;
    assert!(budget.reserved > 64 && budget.reserved < 500, "{}", budget.reserved);
    assert_eq!(budget.spent, 0);
    gate.notify_one();
    bank.app.ended(&bank.group.owner.member, run).await;
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.reserved), (15, 0));
}

#[tokio::test]
async fn of_two_calls_at_the_edge_of_a_cap_exactly_one_is_let_through() {
    let bank = Bank::open().await;
    // One call reserves what its request has in bytes, and 64 tokens of answer.
    let id = bank.budget(Unit::Tokens, Period::Month, 300).await;
    let gate = Arc::new(Notify::new());
    let mut steps = vec![Step::text("Wait"), Step::WaitFor(gate.clone())];
    steps.extend(uses(10, 5));
    bank.app.scripted.script(PRICED, steps);
    let threads = [bank.thread().await, bank.thread().await];
    let sends = threads.map(|thread| runs::send(&bank.app.app, &bank.group.owner.member, thread, "How much?", None));
    let [one, two] = sends;
    let (one, two) = tokio::join!(one, two);
    // Where the first one reserved before the second was sent, that is refused at the door.
    let refused_at_once = [&one, &two].iter().filter(|sent| matches!(sent, Err(AppError::OverBudget { .. }))).count();
    let runs: Vec<_> = [one, two].into_iter().flatten().collect();
    // The one that was refused ends without a call; the other waits for the gate.
    while bank.number("SELECT COUNT(*) FROM runs WHERE status = 'failed'").await + (refused_at_once as i64) < 1
        || bank.app.scripted.requests().is_empty()
    {
        tokio::task::yield_now().await;
    }
    assert!(bank.stands(id).await.reserved <= 300);
    gate.notify_one();
    gate.notify_one();
    let mut ends = Vec::new();
    for sent in runs {
        ends.push(bank.app.ended(&bank.group.owner.member, sent.run_id).await);
    }
    assert_eq!(ends.iter().filter(|run| run.status == RunStatus::Completed).count(), 1);
    assert_eq!(ends.iter().filter(|run| run.status == RunStatus::Failed).count() + refused_at_once, 1);
    assert_eq!(bank.app.scripted.requests().len(), 1);
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.reserved), (15, 0));
}

#[tokio::test]
async fn a_refusal_names_the_budget_how_it_stands_and_who_can_raise_it() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, uses(250, 0));
    bank.budget(Unit::Microusd, Period::Month, 400).await;
    bank.ask().await;
    // What is left does not even hold the message and the longest answer: that is known before it is sent.
    bank.limit(1_000).await;
    let thread = bank.thread().await;
    let sent = runs::send(&bank.app.app, &bank.group.owner.member, thread, "How much?", None).await;
    let Err(AppError::OverBudget { refusal }) = sent else { panic!("{sent:?}") };
    assert_eq!((refusal.cap, refusal.spent, refusal.reserved), (400, 250, 0));
    assert_eq!(refusal.raised_by, ["owner-of-bank"]);
    let words = refusal.to_string();
    for part in ["the group’s budget for the month", "$0.0004", "$0.00025 is spent", "UTC", "owner-of-bank"] {
        assert!(words.contains(part), "{part} in {words}");
    }
    // Nothing of it was saved.
    assert_eq!(bank.number("SELECT COUNT(*) FROM messages WHERE role = 'user'").await, 1);
}

#[tokio::test]
async fn a_first_message_that_is_refused_leaves_no_empty_thread() {
    let bank = Bank::open().await;
    bank.budget(Unit::Tokens, Period::Month, 50).await;
    let started = crate::server::threads::start(&bank.app.app, &bank.group.owner.member, bank.agent, Some("How much?")).await;
    assert!(matches!(started, Err(AppError::OverBudget { .. })));
    assert_eq!(bank.number("SELECT COUNT(*) FROM threads").await, 0);
}

#[tokio::test]
async fn a_step_that_no_longer_fits_ends_its_run_and_says_so() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 100_000).await;
    let thread = bank.thread().await;
    // The cap is lowered between the door and the first call.
    bank.app.scripted.script(PRICED, uses(10, 5));
    bank.app.app.shutdown.cancel();
    let run = bank.app.send(&bank.group.owner, thread, "How much?").await.run_id;
    crate::server::budgets::set_cap(&bank.app.app, &bank.admin(), id, 20).await.unwrap();
    let again = bank.app.open_again().await;
    let run = again.ended(&bank.group.owner.member, run).await;
    assert_eq!((run.status, run.steps), (RunStatus::Failed, 0));
    assert!(matches!(refused(run.error), Why::Needs(needed) if needed > 64));
    assert!(again.scripted.requests().is_empty());
}

#[tokio::test]
async fn a_hard_budget_of_money_refuses_a_model_without_a_price_and_names_it() {
    let bank = Bank::open().await;
    let hard = bank.budget(Unit::Microusd, Period::Month, 1_000_000).await;
    bank.app.app.models.insert("elsewhere", Arc::new(crate::tests::budgets::bank::unpriced()));
    bank.use_provider("elsewhere").await;
    let why = refused(bank.ask().await.error);
    assert_eq!(why, Why::NoPrice { provider: "elsewhere".to_owned(), model: PRICED.to_owned() });
    // One that only warns lets it through, and counts nothing that it cannot.
    crate::server::budgets::remove(&bank.app.app, &bank.admin(), hard).await.unwrap();
    let draft =
        BudgetDraft { scope: Scope::Group, scope_id: None, unit: Unit::Microusd, period: Period::Month, cap: 10, hard: false };
    let soft = bank.draft(draft).await;
    assert_eq!(bank.ask().await.status, RunStatus::Completed);
    assert_eq!(bank.stands(soft).await.spent, 0);
    assert_eq!(bank.number("SELECT COUNT(*) FROM calls WHERE cost_microusd IS NULL").await, 1);
}

#[tokio::test]
async fn a_free_model_goes_on_when_the_money_is_used_up() {
    let bank = Bank::open().await;
    bank.budget(Unit::Microusd, Period::Month, 200).await;
    bank.app.scripted.script(PRICED, uses(200, 0));
    bank.ask().await;
    // The scripted provider itself takes nothing.
    let thread = bank.app.thread(&bank.group.owner, bank.group.agent).await;
    let sent = bank.app.answered(&bank.group.owner, thread, "Hello").await;
    let run = bank.app.ended(&bank.group.owner.member, sent.run_id).await;
    assert_eq!(run.status, RunStatus::Completed);
    assert!(!ANSWER.is_empty());
}

#[tokio::test]
async fn a_budget_counts_only_whom_it_is_for() {
    let bank = Bank::open().await;
    let of = |scope, scope_id| BudgetDraft {
        scope,
        scope_id: Some(scope_id),
        unit: Unit::Tokens,
        period: Period::Day,
        cap: 1_000_000,
        hard: true,
    };
    let agent = bank.draft(of(Scope::Agent, bank.agent.uuid())).await;
    let other = bank.draft(of(Scope::Agent, bank.group.agent.uuid())).await;
    let person = bank.draft(of(Scope::Person, bank.group.owner.person.id.uuid())).await;
    let colleague = bank.app.member(&bank.group.group, "colleague", crate::model::group::Role::Member).await;
    let theirs = bank.draft(of(Scope::Person, colleague.person.id.uuid())).await;
    bank.app.scripted.script(PRICED, uses(30, 12));
    bank.ask().await;
    let mut spent = Vec::new();
    for id in [agent, other, person, theirs] {
        spent.push(bank.stands(id).await.spent);
    }
    assert_eq!(spent, [42, 0, 42, 0]);
}

#[tokio::test]
async fn each_attempt_of_a_call_reserves_and_counts_by_itself() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    let fails = vec![Step::Fail(ModelError::Unavailable { detail: "for a test".to_owned() })];
    bank.app.scripted.script_turns(PRICED, vec![fails.clone(), fails, uses(10, 5)]);
    assert_eq!(bank.ask().await.status, RunStatus::Completed);
    assert_eq!(bank.app.scripted.requests().len(), 3);
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.reserved), (15, 0));
    assert_eq!(bank.number(RESERVED_SUMS).await, 0);
}

#[tokio::test]
async fn a_budget_begins_with_what_was_used_before_it_was_made() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, uses(70, 7));
    bank.ask().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    assert_eq!(bank.stands(id).await.spent, 77);
    bank.ask().await;
    assert_eq!(bank.stands(id).await.spent, 154);
}

#[tokio::test]
async fn what_was_reserved_by_a_dead_process_is_given_back_and_its_call_is_counted() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    bank.app.scripted.script(PRICED, vec![Step::text("Half of"), Step::WaitFor(Arc::new(Notify::new()))]);
    let thread = bank.thread().await;
    let mut viewer = bank.watch(thread).await;
    let run = bank.app.send(&bank.group.owner, thread, "How much?").await.run_id;
    viewer.until_text("Half of").await;
    assert!(bank.stands(id).await.reserved > 0);
    let again = bank.app.open_again().await;
    assert_eq!(again.ended(&bank.group.owner.member, run).await.status, RunStatus::Interrupted);
    let budget = bank.stands(id).await;
    assert_eq!(budget.reserved, 0);
    assert!(budget.spent > 0);
    assert_eq!(budget.spent, bank.number("SELECT SUM(input_tokens + output_tokens) FROM calls").await);
}

#[tokio::test]
async fn what_nobody_settles_any_more_is_swept() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 1_000).await;
    let asking = Asking {
        purpose: "embedding",
        provider: PROVIDER,
        model: PRICED,
        agent: None,
        worst: Worst { input_tokens: 300, output_tokens: 0 },
    };
    let member = &bank.group.owner.member;
    // One that is never heard of again, and one that ends.
    let _lost = outside::begin(&bank.app.app, member, asking).await.unwrap();
    let open = outside::begin(&bank.app.app, member, asking).await.unwrap();
    assert_eq!(bank.stands(id).await.reserved, 600);
    let usage = crate::model::provider::Usage { input_tokens: 200, ..Default::default() };
    open.end(Ended { status: "completed", error_kind: None, usage, counted: Counted::Reported }).await.unwrap();
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.reserved), (200, 300));
    let past_its_lease = bank.app.app.clock.now() + 11 * 60_000;
    assert_eq!(bank.app.app.store.system().release_left_behind(past_its_lease).await.unwrap(), 1);
    assert_eq!(bank.stands(id).await.reserved, 0);
    outside::settle_left_behind(&bank.app.app, past_its_lease).await.unwrap();
    assert_eq!(bank.stands(id).await.spent, 500, "its provider was asked");
    let refused =
        outside::begin(&bank.app.app, member, Asking { worst: Worst { input_tokens: 501, output_tokens: 0 }, ..asking }).await;
    assert!(matches!(refused.map(|_| ()), Err(AppError::OverBudget { .. })));
}

#[tokio::test]
async fn a_call_whose_words_cannot_be_written_is_booked_all_the_same() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 100_000).await;
    bank.app.scripted.script(PRICED, vec![Step::text("Lost words"), Step::finish(FinishReason::Stop)]);
    bank.exec("CREATE TRIGGER broken BEFORE INSERT ON parts WHEN NEW.opened_seq IS NOT NULL BEGIN SELECT RAISE(ABORT, ''); END")
        .await;
    assert_eq!(bank.ask().await.status, RunStatus::Failed);
    let budget = bank.stands(id).await;
    assert!(budget.spent > 0 && budget.reserved == 0, "{budget:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM calls WHERE status = 'interrupted'").await, 1);
}

#[tokio::test]
async fn a_group_without_budgets_reserves_nothing() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, vec![Step::text("Free"), Step::finish(FinishReason::Stop)]);
    assert_eq!(bank.ask().await.status, RunStatus::Completed);
    assert_eq!(bank.number("SELECT COUNT(*) FROM reservations").await, 0);
}
