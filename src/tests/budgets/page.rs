//! The page of budgets, as the server renders it: it is whole before any script runs.

use super::bank::{Bank, PRICED, RESERVED_SUMS, uses};
use crate::{
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        group::Role,
    },
    server::{
        budgets::{
            self,
            counter::Worst,
            outside::{self, Asking},
        },
        models::scripted::PROVIDER,
    },
    tests::app::{Reply, Someone},
};
use axum::{body::Body, http::Request};
use serde_json::json;

async fn page(bank: &Bank, path: &str, by: &Someone) -> Reply {
    let request = Request::get(path).header("cookie", &by.cookie).header("accept", "text/html");
    bank.app.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn an_admin_reads_how_each_budget_stands() {
    let bank = Bank::open().await;
    let scope_id = Some(bank.agent.uuid());
    bank.draft(BudgetDraft { scope: Scope::Agent, scope_id, unit: Unit::Tokens, period: Period::Day, cap: 200, hard: false })
        .await;
    bank.app.scripted.script(PRICED, uses(150, 10));
    bank.ask().await;
    let reply = page(&bank, "/g/bank/usage/budgets", &bank.group.owner).await;
    let html = reply.text();
    assert_eq!(reply.status, 200);
    for part in ["Teller’s budget for the day", "160 tokens", "200 tokens", "Only warns", "Add budget", "Remove budget", "80"] {
        assert!(html.contains(part), "{part}");
    }
    let dashboard = page(&bank, "/g/bank", &bank.group.owner).await.text();
    assert!(dashboard.contains("A budget is being used up") && dashboard.contains("Teller’s budget for the day"));
}

#[tokio::test]
async fn a_plain_member_finds_no_such_page_and_is_told_of_no_money() {
    let bank = Bank::open().await;
    bank.budget(Unit::Tokens, Period::Month, 100).await;
    bank.app.scripted.script(PRICED, uses(60, 0));
    let member = bank.app.member(&bank.group.group, "plain", Role::Member).await;
    let reply = page(&bank, "/g/bank/usage/budgets", &member).await;
    assert_eq!(reply.status, 404);
    assert!(!reply.text().contains("tokens"));
    assert!(!page(&bank, "/g/bank", &member).await.text().contains("A budget is being used up"));
}

#[tokio::test]
async fn the_composer_says_beforehand_which_budget_the_next_message_would_exceed() {
    let bank = Bank::open().await;
    let id = bank.budget(Unit::Tokens, Period::Month, 100_000).await;
    let thread = bank.thread().await;
    let path = format!("/g/bank/threads/{thread}");
    assert!(!page(&bank, &path, &bank.group.owner).await.text().contains("This would exceed"));
    crate::server::budgets::set_cap(&bank.app.app, &bank.admin(), id, 50).await.unwrap();
    let html = page(&bank, &path, &bank.group.owner).await.text();
    assert!(html.contains("This would exceed the group’s budget for the month: of 50 tokens"), "{html}");
}

#[tokio::test]
async fn a_plain_form_adds_a_budget_and_a_mistake_names_its_field() {
    let bank = Bank::open().await;
    let form =
        |cap: &str| json!({ "slug": "bank", "whom": "group", "unit": "tokens", "period": "day", "cap": cap, "effect": "hard" });
    bank.app.call_fn("add_budget", form("200,000"), &bank.group.owner.cookie).await.ok();
    assert_eq!(bank.number("SELECT cap FROM budgets").await, 200_000);
    let mistake = bank.app.call_fn("add_budget", form("plenty"), &bank.group.owner.cookie).await;
    assert_eq!((mistake.status.as_u16(), &mistake.json()["field"]), (422, &"cap".into()));
    let twice = bank.app.call_fn("add_budget", form("5"), &bank.group.owner.cookie).await;
    assert_eq!(twice.status, 422);
}

#[tokio::test]
async fn a_budget_that_refuses_from_now_on_keeps_what_is_reserved() {
    let bank = Bank::open().await;
    let (scope, unit, period) = (Scope::Group, Unit::Tokens, Period::Month);
    let soft = BudgetDraft { scope, scope_id: None, unit, period, cap: 1_000, hard: false };
    let id = bank.draft(soft.clone()).await;
    let worst = Worst { input_tokens: 300, output_tokens: 0 };
    let asking = Asking { purpose: "title", provider: PROVIDER, model: PRICED, agent: None, worst };
    let _open = outside::begin(&bank.app.app, &bank.group.owner.member, asking).await.unwrap();
    let hard = BudgetDraft { hard: true, ..soft };
    let replaced = budgets::replace(&bank.app.app, &bank.admin(), vec![hard.clone()]).await.unwrap();
    assert_eq!(replaced.iter().map(|one| (one.id, one.draft.clone(), one.reserved)).collect::<Vec<_>>(), [(id, hard, 300)]);
    assert_eq!(bank.number(RESERVED_SUMS).await, 0);
}
