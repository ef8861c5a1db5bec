//! Budgets and limits in the JSON API.

use super::bank::{Bank, PRICED, uses};
use crate::{model::group::Role, server::plans::file::parse, tests::app::Setup};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/groups/bank/budgets";

fn places(reply: &Value) -> Vec<(String, i64)> {
    let items = reply["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            (format!("{} {}", item["scope"].as_str().unwrap(), item["unit"].as_str().unwrap()), item["cap"].as_i64().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn putting_a_list_replaces_it_and_keeps_what_was_spent() {
    let bank = Bank::open().await;
    let key = bank.group.owner.key.clone();
    let group = json!({ "scope": "group", "unit": "tokens", "period": "month", "cap": 5_000, "hard": true });
    let agent =
        json!({ "scope": "agent", "scope_id": bank.agent, "unit": "microusd", "period": "day", "cap": 900, "hard": false });
    let put = bank.app.put(PATH, &key, json!([group, agent])).await.ok();
    assert_eq!(places(&put), [("group tokens".to_owned(), 5_000), ("agent microusd".to_owned(), 900)]);
    bank.app.scripted.script(PRICED, uses(100, 10));
    bank.ask().await;
    let mut raised = group.clone();
    raised["cap"] = 7_000.into();
    let put = bank.app.put(PATH, &key, json!([raised])).await.ok();
    assert_eq!(places(&put), [("group tokens".to_owned(), 7_000)]);
    let item = &put["items"][0];
    assert_eq!((&item["spent"], &item["reserved"]), (&110.into(), &0.into()));
    assert!(item["resets_at"].as_i64().unwrap() > bank.app.app.clock.now());
    // What GET answers can be given back as it is.
    let got = bank.app.get(PATH, &key).await.ok();
    assert_eq!(bank.app.put(PATH, &key, got.clone()).await.ok(), got);
    assert_eq!(bank.app.put(PATH, &key, json!([])).await.ok()["items"], json!([]));
    let kinds = ["budget.added", "budget.changed", "budget.removed"];
    let mut events = Vec::new();
    for kind in kinds {
        events.push(bank.events(kind).await.len());
    }
    assert_eq!(events, [2, 1, 2]);
}

#[tokio::test]
async fn a_budget_that_cannot_be_read_is_refused_with_its_field() {
    let bank = Bank::open().await;
    let good = json!({ "scope": "group", "unit": "tokens", "period": "month", "cap": 5_000, "hard": true });
    let with = |name: &str, value: Value| {
        let mut budget = good.clone();
        budget[name] = value;
        budget
    };
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("period");
    for (budget, field) in [
        (with("cap", "much".into()), "cap"),
        (with("unit", "euros".into()), "unit"),
        (with("hard", 1.into()), "hard"),
        (with("scope_id", "me".into()), "scope_id"),
        (without, "period"),
        (json!("a budget"), "items"),
    ] {
        for body in [json!([good, budget]), json!({ "items": [good, budget] })] {
            let reply = bank.app.put(PATH, &bank.group.owner.key, body).await;
            let error = &reply.json()["error"];
            assert_eq!((reply.status.as_u16(), &error["details"]["field"]), (422, &json!(field)), "{error}");
            assert!(error["message"].as_str().unwrap().starts_with("Budget 2 "), "{error}");
        }
    }
    for body in [json!({}), json!({ "items": {} }), json!("all")] {
        let reply = bank.app.put(PATH, &bank.group.owner.key, body).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["error"]["details"]["field"]), (422, &json!("items")));
    }
    assert_eq!(bank.app.get(PATH, &bank.group.owner.key).await.ok()["items"], json!([]));
}

#[tokio::test]
async fn what_does_not_fit_changes_nothing() {
    let bank = Bank::open().await;
    let key = bank.group.owner.key.clone();
    let good = json!({ "scope": "group", "unit": "tokens", "period": "month", "cap": 5_000, "hard": true });
    bank.app.put(PATH, &key, json!([good])).await.ok();
    let with = |name: &str, value: Value| {
        let mut budget = good.clone();
        budget[name] = value;
        json!([good, budget])
    };
    let bodies = [
        with("cap", 0.into()),
        with("cap", (-5).into()),
        with("unit", "euros".into()),
        with("scope_id", json!(bank.agent)),
        json!([good, good]),
        json!([{ "scope": "agent", "scope_id": bank.group.group.id, "unit": "tokens", "period": "day", "cap": 1, "hard": true }]),
        json!([{ "scope": "person", "unit": "tokens", "period": "day", "cap": 1, "hard": true }]),
    ];
    for body in bodies {
        assert_eq!(bank.app.put(PATH, &key, body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(places(&bank.app.get(PATH, &key).await.ok()), [("group tokens".to_owned(), 5_000)]);
}

#[tokio::test]
async fn only_admins_and_owners_see_and_decide() {
    let bank = Bank::open().await;
    for role in [Role::Member, Role::Operator] {
        let someone = bank.app.member(&bank.group.group, &format!("a-{}", role.as_str()), role).await;
        assert_eq!(bank.app.get(PATH, &someone.key).await.status, 403);
        assert_eq!(bank.app.put(PATH, &someone.key, json!([])).await.status, 403);
        let page = bank.app.call_fn("budgets", json!({ "slug": "bank" }), &someone.cookie).await;
        assert_eq!(page.status, 403);
        let alerts = bank.app.call_fn("budget_alerts", json!({ "slug": "bank" }), &someone.cookie).await;
        assert_eq!(alerts.ok(), json!([]));
    }
}

#[tokio::test]
async fn a_refused_message_is_402_with_all_details() {
    let bank = Bank::open().await;
    let key = bank.group.owner.key.clone();
    let budget = json!({ "scope": "group", "unit": "microusd", "period": "month", "cap": 50, "hard": true });
    bank.app.put(PATH, &key, json!([budget])).await.ok();
    let thread = bank.thread().await;
    let reply =
        bank.app.post(&format!("/api/v1/groups/bank/threads/{thread}/messages"), &key, json!({ "text": "How much?" })).await;
    assert_eq!(reply.status, 402);
    let error = &reply.json()["error"];
    assert_eq!(error["code"], "budget");
    let details = &error["details"];
    assert_eq!((&details["cap"], &details["spent"], &details["reserved"]), (&50.into(), &0.into(), &0.into()));
    assert_eq!((&details["reason"], &details["raised_by"]), (&"exceeded".into(), &json!(["owner-of-bank"])));
    assert!(details["needed"].as_i64().unwrap() > 64 && details["resets_at"].is_i64());
}

#[tokio::test]
async fn a_keys_own_budget_counts_what_the_key_asked_for() {
    let bank = Bank::open().await;
    let key = bank.group.owner.key.clone();
    let id = bank.id("SELECT id FROM api_keys").await;
    let budget = json!({ "scope": "key", "scope_id": id, "unit": "tokens", "period": "day", "cap": 100_000, "hard": true });
    bank.app.put(PATH, &key, json!([budget])).await.ok();
    bank.app.scripted.script(PRICED, uses(100, 10));
    bank.ask().await;
    let thread = bank.thread().await;
    let sent =
        bank.app.post(&format!("/api/v1/groups/bank/threads/{thread}/messages"), &key, json!({ "text": "How much?" })).await.ok();
    let run = sent["run_id"].as_str().unwrap().parse().unwrap();
    bank.app.ended(&bank.group.owner.member, run).await;
    let got = bank.app.get(PATH, &key).await.ok();
    assert_eq!(got["items"][0]["spent"], 110, "what was asked in the browser does not count");
}

#[tokio::test]
async fn a_limit_answers_429_with_the_seconds_to_wait() {
    let plans = parse(r#"{"usual": "one", "plans": {"one": {"messages_per_minute": {"key": 1}}}}"#).unwrap();
    let bank = Bank::with(Setup { plans, ..Setup::default() }).await;
    bank.app.scripted.script(PRICED, uses(1, 1));
    let key = bank.group.owner.key.clone();
    let (one, two) = (bank.thread().await, bank.thread().await);
    let path = |thread| format!("/api/v1/groups/bank/threads/{thread}/messages");
    bank.app.post(&path(one), &key, json!({ "text": "How much?" })).await.ok();
    let reply = bank.app.post(&path(two), &key, json!({ "text": "How much?" })).await;
    assert_eq!(reply.status, 429);
    let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((55..=60).contains(&seconds), "{seconds}");
    // In the browser the same person is another taker.
    assert_eq!(bank.app.send(&bank.group.owner, two, "How much?").await.run_id.uuid().get_version_num(), 7);
}
