//! Days and months begin anew, in the group's time zone, by a fixed clock.

use super::bank::{Bank, PRICED, uses};
use crate::{
    error::AppError,
    model::{
        Millis,
        budget::{Period, Unit},
    },
    server::{clock::Clock, groups, models::scripted::Step, runs},
    tests::app::Setup,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

fn at(text: &str) -> Millis {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

async fn bank_at(moment: &str, zone: &'static str) -> Bank {
    let bank = Bank::with(Setup { clock: Clock::fixed(at(moment)), ..Setup::default() }).await;
    bank.exec(zone).await;
    bank.app.scripted.script(PRICED, uses(100, 0));
    bank
}

const ZURICH: &str = "UPDATE groups SET time_zone = 'Europe/Zurich'";
const UTC: &str = "UPDATE groups SET time_zone = 'UTC'";

fn advance(bank: &Bank, to: &str) {
    let by = at(to) - bank.app.app.clock.now();
    bank.app.app.clock.advance(Duration::from_millis(by.unsigned_abs()));
}

#[tokio::test]
async fn a_day_begins_at_the_groups_midnight_in_summer_and_in_winter() {
    // The clocks go back in the night to the 25th: that day has 25 hours.
    let bank = bank_at("2026-10-24T20:00:00Z", ZURICH).await;
    let id = bank.budget(Unit::Tokens, Period::Day, 1_000).await;
    bank.ask().await;
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.resets_at), (100, at("2026-10-24T22:00:00Z")));
    advance(&bank, "2026-10-24T22:00:00Z");
    assert_eq!(bank.stands(id).await.spent, 0, "a page sees the new day before anything is used of it");
    bank.ask().await;
    advance(&bank, "2026-10-25T22:59:59Z");
    bank.ask().await;
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.resets_at), (200, at("2026-10-25T23:00:00Z")));
    advance(&bank, "2026-10-25T23:00:00Z");
    assert_eq!(bank.stands(id).await.spent, 0);
}

#[tokio::test]
async fn a_month_ends_after_its_leap_day() {
    let bank = bank_at("2028-02-28T12:00:00Z", UTC).await;
    let id = bank.budget(Unit::Microusd, Period::Month, 1_000).await;
    bank.ask().await;
    advance(&bank, "2028-02-29T23:59:59Z");
    bank.ask().await;
    assert_eq!(bank.stands(id).await.spent, 200);
    advance(&bank, "2028-03-01T00:00:00Z");
    bank.ask().await;
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.resets_at), (100, at("2028-04-01T00:00:00Z")));
}

#[tokio::test]
async fn a_call_over_midnight_is_held_in_both_days_and_counts_in_the_one_that_it_ends_in() {
    let bank = bank_at("2026-11-28T23:59:00Z", UTC).await;
    // Twice what one call reserves does not fit.
    let id = bank.budget(Unit::Tokens, Period::Day, 300).await;
    let gate = Arc::new(Notify::new());
    let mut steps = vec![Step::text("Midnight"), Step::WaitFor(gate.clone())];
    steps.extend(uses(150, 10));
    bank.app.scripted.script_turns(PRICED, vec![steps, uses(100, 0)]);
    let thread = bank.thread().await;
    let mut viewer = bank.watch(thread).await;
    let run = bank.app.send(&bank.group.owner, thread, "How much?").await.run_id;
    viewer.until_text("Midnight").await;
    let reserved = bank.stands(id).await.reserved;
    assert!(reserved > 150, "{reserved}");
    advance(&bank, "2026-11-29T00:01:00Z");
    let another = bank.thread().await;
    let refused = runs::send(&bank.app.app, &bank.group.owner.member, another, "How much?", None).await;
    assert!(matches!(refused, Err(AppError::OverBudget { .. })), "what goes on is held in the new day, too");
    gate.notify_one();
    bank.app.ended(&bank.group.owner.member, run).await;
    let budget = bank.stands(id).await;
    assert_eq!((budget.spent, budget.reserved, budget.starts_at), (160, 0, at("2026-11-29T00:00:00Z")));
}

#[tokio::test]
async fn another_time_zone_counts_the_day_anew_from_the_ledger() {
    let bank = bank_at("2026-11-28T22:30:00Z", UTC).await;
    let id = bank.budget(Unit::Tokens, Period::Day, 1_000).await;
    bank.ask().await;
    advance(&bank, "2026-11-28T23:30:00Z");
    bank.ask().await;
    assert_eq!(bank.stands(id).await.spent, 200);
    // In Zurich the second one was on the 29th.
    groups::set_time_zone(&bank.app.app, &bank.admin(), "Europe/Zurich").await.unwrap();
    assert_eq!(bank.stands(id).await.spent, 100);
    bank.ask().await;
    assert_eq!(bank.stands(id).await.spent, 200);
}
