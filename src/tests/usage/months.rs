//! Statements of months, and totals of providers.

use super::books::{COST, DAY, HOUR, NOW, call, day};
use crate::{
    model::calendar::Month,
    server::{
        groups,
        store::calls::Call,
        usage::{reconcile, statement},
    },
    tests::app::{TestApp, TestGroup},
};
use std::time::Duration;

fn month(raw: &str) -> Month {
    Month::parse(raw).unwrap()
}

async fn lab_with_autumn() -> (TestApp, TestGroup) {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    for raw in ["2026-09-10", "2026-10-10", "2026-10-31", "2026-11-10"] {
        app.book(&call(&lab, &app, day(raw) + 5)).await;
    }
    (app, lab)
}

#[tokio::test]
async fn a_month_that_is_over_is_closed_once_and_stays() {
    let (app, lab) = lab_with_autumn().await;
    let admin = lab.owner.member.admin().unwrap();
    assert_eq!(statement::close_all(&app.app).await.unwrap(), 2, "September and October");
    assert_eq!(statement::close_all(&app.app).await.unwrap(), 0);
    let october = statement::read(&app.app, &admin, month("2026-10")).await.unwrap();
    assert_eq!((october.totals.calls, october.totals.cost_microusd), (2, 2 * COST));
    assert_eq!(october.models[0].name, "gpt-4.1");
    // What is booked late does not reach it any more, and no other clock counts its days.
    app.book(&call(&lab, &app, day("2026-10-20"))).await;
    let moved = groups::set_time_zone(&app.app, &admin, "Pacific/Auckland").await.unwrap_err();
    assert_eq!(moved.status(), 409, "{moved}");
    assert!(groups::time_zone(&app.app, &lab.owner.member).await.unwrap().fixed.is_some());
    assert_eq!(statement::read(&app.app, &admin, month("2026-10")).await.unwrap(), october);
    let months = statement::months(&app.app, &admin).await.unwrap();
    assert_eq!(months.iter().map(|sum| sum.closed).collect::<Vec<_>>(), [false, true, true]);
}

#[tokio::test]
async fn a_month_that_goes_on_is_told_as_it_stands_and_one_to_come_is_nothing() {
    let (app, lab) = lab_with_autumn().await;
    let admin = lab.owner.member.admin().unwrap();
    let november = statement::read(&app.app, &admin, month("2026-11")).await.unwrap();
    assert_eq!((november.closed_at, november.totals.calls), (None, 1));
    assert!(statement::read(&app.app, &admin, month("2026-12")).await.is_err());
    // Closed an hour after its end, by the group's own clock.
    let end = day("2026-12-01") - NOW;
    app.app.clock.advance(Duration::from_millis((end + HOUR - 1) as u64));
    assert_eq!(statement::read(&app.app, &admin, month("2026-11")).await.unwrap().closed_at, None);
    app.app.clock.advance(Duration::from_millis(1));
    assert!(statement::read(&app.app, &admin, month("2026-11")).await.unwrap().closed_at.is_some());
}

#[tokio::test]
async fn a_statement_adds_up_in_every_direction() {
    let (app, lab) = lab_with_autumn().await;
    for (provider, purpose) in [("workshop", "chat"), ("openai", "embedding"), ("openai", "title")] {
        let other = Call { provider: provider.to_owned(), purpose, ..call(&lab, &app, day("2026-10-15")) };
        app.book(&Call { person: None, agent: None, ..other }).await;
    }
    let bill = statement::read(&app.app, &lab.owner.member.admin().unwrap(), month("2026-10")).await.unwrap();
    assert_eq!((bill.totals.calls, bill.totals.unknown_price_calls), (5, 1));
    for lines in [&bill.models, &bill.agents, &bill.people, &bill.purposes] {
        assert_eq!(lines.iter().map(|line| line.sums.cost_microusd).sum::<i64>(), bill.totals.cost_microusd);
        assert_eq!(lines.iter().map(|line| line.sums.calls).sum::<i64>(), bill.totals.calls);
    }
}

#[tokio::test]
async fn the_ledger_is_compared_with_what_the_provider_says_day_by_day() {
    let (app, lab) = lab_with_autumn().await;
    let admin = lab.owner.member.admin().unwrap();
    // The last moment of the 10th in UTC; in the group's own zone it is the 11th.
    groups::set_time_zone(&app.app, &admin, "Asia/Kolkata").await.unwrap();
    app.book(&call(&lab, &app, day("2026-11-11") - 1)).await;
    let text = "date,usd\n2026-11-10,0.0056\n2026-11-12,1.25\n";
    assert_eq!(reconcile::save(&app.app, &admin, "openai", text).await.unwrap(), month("2026-11"));
    let found = reconcile::reconcile(&app.app, &admin, None, Some(month("2026-11"))).await.unwrap();
    let days: Vec<_> = found.days.iter().map(|day| (day.day.day, day.ours_microusd, day.difference())).collect();
    assert_eq!(days, [(10, 2 * COST, Some(0)), (12, 0, Some(1_250_000))]);
    reconcile::save(&app.app, &admin, "openai", "2026-11-12,0").await.unwrap();
    let found = reconcile::reconcile(&app.app, &admin, Some("openai".to_owned()), Some(month("2026-11"))).await.unwrap();
    assert_eq!(found.days[1].theirs_microusd, Some(0), "a day that is told again is replaced");
    assert_eq!(found.days[0].day.number(), day("2026-11-10") / DAY);
}
