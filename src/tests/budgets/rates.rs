//! Messages and tokens a minute, and the other terms of plans.

use super::bank::{Bank, PRICED, uses};
use crate::{
    error::{AppError, Result},
    model::{
        provider::Price,
        run::{RunStatus, Sent},
    },
    server::{
        clock::Clock,
        plans::{self, Plans, file::parse},
        runs,
    },
    tests::app::{Setup, TestApp},
};
use std::time::Duration;

const PLANS: &str = r#"{"usual": "house", "plans": {
    "house": {"messages_per_minute": {"person": 3, "group": 5}, "tokens_per_minute": {"person": 1000}},
    "narrow": {"models": ["scripted/prompt"]},
    "dear": {"mark_up_percent": 50, "allowance_microusd": 1000}
}}"#;

fn plans() -> Plans {
    parse(PLANS).unwrap()
}

async fn bank() -> Bank {
    let bank = Bank::with(Setup { clock: Clock::fixed(1_700_000_000_000), plans: plans(), ..Setup::default() }).await;
    bank.app.scripted.script(PRICED, uses(10, 0));
    bank
}

async fn send(bank: &Bank, app: &TestApp) -> Result<Sent> {
    let thread = bank.thread().await;
    let sent = runs::send(&app.app, &bank.group.owner.member, thread, "How much?", None).await;
    if let Ok(sent) = &sent {
        app.ended(&bank.group.owner.member, sent.run_id).await;
    }
    sent
}

fn wait(sent: &Result<Sent>) -> Option<u64> {
    match sent {
        Err(AppError::RateLimited { retry_after_s, .. }) => Some(*retry_after_s),
        Ok(_) => None,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_person_sends_as_many_messages_a_minute_as_the_plan_says() {
    let bank = bank().await;
    for _ in 0..3 {
        assert_eq!(wait(&send(&bank, &bank.app).await), None);
    }
    assert_eq!(wait(&send(&bank, &bank.app).await), Some(20));
    assert_eq!(bank.number("SELECT COUNT(*) FROM messages WHERE role = 'user'").await, 3, "what was refused was not saved");
    bank.app.app.clock.advance(Duration::from_millis(19_999));
    assert_eq!(wait(&send(&bank, &bank.app).await), Some(1));
    bank.app.app.clock.advance(Duration::from_millis(1));
    assert_eq!(wait(&send(&bank, &bank.app).await), None);
    assert_eq!(wait(&send(&bank, &bank.app).await), Some(20));
}

#[tokio::test]
async fn a_restart_forgets_nothing_of_it() {
    let bank = bank().await;
    for _ in 0..3 {
        send(&bank, &bank.app).await.unwrap();
    }
    let again = bank.app.open_again().await;
    again.scripted.script(PRICED, uses(10, 0));
    assert_eq!(wait(&send(&bank, &again).await), Some(20));
    again.app.clock.advance(Duration::from_secs(20));
    assert_eq!(wait(&send(&bank, &again).await), None);
}

#[tokio::test]
async fn the_group_as_a_whole_has_its_own_limit() {
    let bank = bank().await;
    let colleague = bank.app.member(&bank.group.group, "colleague", crate::model::group::Role::Member).await;
    for _ in 0..3 {
        send(&bank, &bank.app).await.unwrap();
    }
    for _ in 0..2 {
        let thread = bank.app.thread(&colleague, bank.agent).await;
        runs::send(&bank.app.app, &colleague.member, thread, "How much?", None).await.unwrap();
    }
    let thread = bank.app.thread(&colleague, bank.agent).await;
    let sent = runs::send(&bank.app.app, &colleague.member, thread, "How much?", None).await;
    assert_eq!(wait(&sent), Some(12));
    assert!(sent.unwrap_err().to_string().starts_with("The group may send 5 messages a minute"));
}

#[tokio::test]
async fn tokens_that_were_used_keep_the_next_message_waiting() {
    let bank = bank().await;
    // More than the minute's 1,000: the turn is finished, and the next message waits until it has sunk.
    bank.app.scripted.script(PRICED, uses(1_500, 0));
    assert_eq!(wait(&send(&bank, &bank.app).await), None);
    assert_eq!(wait(&send(&bank, &bank.app).await), Some(31));
    bank.app.app.clock.advance(Duration::from_millis(30_060));
    assert_eq!(wait(&send(&bank, &bank.app).await), None);
}

#[tokio::test]
async fn asking_again_counts_as_a_message() {
    let bank = bank().await;
    let first = send(&bank, &bank.app).await.unwrap();
    let again = runs::retry(&bank.app.app, &bank.group.owner.member, first.run_id).await.unwrap();
    bank.app.ended(&bank.group.owner.member, again.id).await;
    let third = runs::retry(&bank.app.app, &bank.group.owner.member, again.id).await.unwrap();
    bank.app.ended(&bank.group.owner.member, third.id).await;
    assert!(matches!(runs::retry(&bank.app.app, &bank.group.owner.member, third.id).await, Err(AppError::RateLimited { .. })));
}

#[tokio::test]
async fn a_plan_names_the_models_that_it_includes() {
    let bank = bank().await;
    plans::give(&bank.app.app, bank.group.group.id, "narrow").await.unwrap();
    let refused = send(&bank, &bank.app).await.unwrap_err();
    assert!(
        matches!(&refused, AppError::Conflict { message } if message.contains("“narrow”") && message.contains(PRICED)),
        "{refused}"
    );
    let thread = bank.app.thread(&bank.group.owner, bank.group.agent).await;
    let sent = bank.app.answered(&bank.group.owner, thread, "Hello").await;
    assert_eq!(bank.app.ended(&bank.group.owner.member, sent.run_id).await.status, RunStatus::Completed);
    assert_eq!(bank.events("group.plan_set").await, [serde_json::json!({ "plan": "narrow" })]);
}

#[tokio::test]
async fn a_plans_allowance_is_a_budget_that_nobody_in_the_group_changes() {
    let bank = bank().await;
    plans::give(&bank.app.app, bank.group.group.id, "dear").await.unwrap();
    let all = crate::server::budgets::list(&bank.app.app, &bank.admin()).await.unwrap();
    assert_eq!(all.iter().map(|budget| (budget.by_plan, budget.draft.cap)).collect::<Vec<_>>(), [(true, 1_000)]);
    let removed = crate::server::budgets::remove(&bank.app.app, &bank.admin(), all[0].id).await;
    assert_eq!(removed, Err(AppError::NotFound));
    crate::server::budgets::replace(&bank.app.app, &bank.admin(), Vec::new()).await.unwrap();
    assert_eq!(bank.number("SELECT COUNT(*) FROM budgets").await, 1);
    bank.app.scripted.script(PRICED, uses(900, 0));
    send(&bank, &bank.app).await.unwrap();
    let refused = send(&bank, &bank.app).await.unwrap_err();
    assert!(matches!(&refused, AppError::OverBudget { refusal } if refusal.raised_by.is_empty()), "{refused}");
    // Another plan, another allowance: here none.
    plans::give(&bank.app.app, bank.group.group.id, "house").await.unwrap();
    assert_eq!(bank.number("SELECT COUNT(*) FROM budgets").await, 0);
}

#[tokio::test]
async fn a_mark_up_is_part_of_the_price_that_the_ledger_keeps() {
    let bank = bank().await;
    plans::give(&bank.app.app, bank.group.group.id, "dear").await.unwrap();
    // Of the built-in table; what the group wrote down itself is what it pays.
    let group = bank.group.group.id;
    let at = async |provider, model| {
        let mut look = bank.app.app.store.look();
        crate::server::usage::prices::at(&bank.app.app, &mut look, group, (provider, model), 0).await.unwrap().unwrap().price
    };
    let listed = crate::server::usage::prices::listed(&bank.app.app, "openai", "gpt-5").unwrap().price;
    let marked = at("openai", "gpt-5").await;
    assert_eq!(marked.input * 2, listed.input * 3);
    assert_eq!(at("scripted", PRICED).await.input, 1_000_000);
    // A price of the group's own does not switch off what the operator counts by.
    bank.price_of("openai", "gpt-5", Some(Price::FREE)).await;
    assert_eq!(at("openai", "gpt-5").await, marked);
    plans::give(&bank.app.app, group, "house").await.unwrap();
    assert_eq!(at("openai", "gpt-5").await, Price::FREE);
    bank.price_of("openai", "gpt-5", None).await;
    assert_eq!(at("openai", "gpt-5").await, listed);
}

#[tokio::test]
async fn a_server_that_does_not_know_a_groups_plan_does_not_start() {
    let bank = Bank::open().await;
    bank.exec("UPDATE groups SET plan = 'house'").await;
    let refused = crate::server::plans::renew(&bank.app.app).await.expect_err("nobody knows the plan").to_string();
    assert!(refused.contains("house") && refused.contains("GUILDHALL_PLANS_FILE"), "{refused}");
}
