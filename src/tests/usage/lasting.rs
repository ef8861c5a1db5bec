//! The ledger lasts: whatever goes or changes its name, no figure does.

use super::books::{COST, NOW, call, day};
use crate::{
    ids::RunId,
    model::usage::UsageFilter,
    server::{
        store::{calls::Call, usage::Span},
        threads,
    },
    tests::app::{TestApp, TestGroup},
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn all_of(app: &TestApp, lab: &TestGroup) -> (i64, i64, i64) {
    let sums = app.app.store.usage(&lab.owner.member).total(&Span::Days(0..100_000), &UsageFilter::default()).await.unwrap().sums;
    (sums.calls, sums.cost_microusd, sums.threads)
}

async fn database(app: &TestApp) -> SqliteConnection {
    let file = SqliteConnectOptions::new().filename(app.data().join("guildhall.db")).foreign_keys(true);
    SqliteConnection::connect_with(&file).await.unwrap()
}

#[tokio::test]
async fn deleting_threads_people_agents_and_the_group_changes_no_figure() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    app.book(&Call { thread: Some(thread), ..call(&lab, &app, NOW) }).await;
    app.book(&call(&lab, &app, NOW)).await;
    let before = all_of(&app, &lab).await;
    assert_eq!(before, (2, 2 * COST, 1));
    threads::delete(&app.app, &lab.owner.member, thread).await.unwrap();
    assert_eq!(all_of(&app, &lab).await, before);
    let mut database = database(&app).await;
    for sql in
        ["DELETE FROM things", "DELETE FROM connections", "DELETE FROM api_keys", "DELETE FROM people", "DELETE FROM groups"]
    {
        sqlx::query(sql).execute(&mut database).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(all_of(&app, &lab).await, before, "{sql}");
    }
    let calls: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM calls").fetch_one(&mut database).await.unwrap();
    assert_eq!(calls, 2);
}

#[tokio::test]
async fn nothing_that_was_booked_or_closed_can_be_changed() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    app.book(&call(&lab, &app, day("2026-09-10"))).await;
    crate::server::usage::statement::close_all(&app.app).await.unwrap();
    let mut database = database(&app).await;
    for sql in
        ["UPDATE calls SET cost_microusd = 0", "DELETE FROM calls", "UPDATE statements SET data = '{}'", "DELETE FROM statements"]
    {
        let refused = sqlx::query(sql).execute(&mut database).await.unwrap_err().to_string();
        assert!(refused.contains("never"), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn a_call_that_is_booked_twice_counts_once_in_every_sum() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let run = Some(RunId::from_uuid(app.app.clock.uuid()));
    for _ in 0..3 {
        let id = crate::ids::CallId::from_uuid(app.app.clock.uuid());
        app.book(&Call { id, run, ..call(&lab, &app, NOW) }).await;
    }
    app.book(&Call { run, attempt: 2, ..call(&lab, &app, NOW) }).await;
    assert_eq!(all_of(&app, &lab).await, (2, 2 * COST, 0));
}

#[tokio::test]
async fn a_run_books_its_key_its_price_and_its_sums_in_one_transaction() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    let path = format!("/api/v1/groups/lab/threads/{thread}/messages");
    let sent = app.post(&path, &lab.owner.key, serde_json::json!({ "text": "Good morning" })).await;
    assert_eq!(sent.status, 202);
    let run: RunId = sent.json()["run_id"].as_str().unwrap().parse().unwrap();
    app.ended(&lab.owner.member, run).await;
    let report = app.get("/api/v1/groups/lab/usage", &lab.owner.key).await.ok();
    assert_eq!((&report["totals"]["calls"], &report["totals"]["input_tokens"]), (&1.into(), &7.into()));
    assert_eq!((&report["totals"]["cost_microusd"], &report["totals"]["unknown_price_calls"]), (&0.into(), &0.into()));
    let csv = app.get("/api/v1/groups/lab/usage.csv", &lab.owner.key).await.text();
    let line = csv.lines().nth(1).expect("a call");
    assert!(line.contains("scripted,prompt,chat,completed,,reported"), "{line}");
    let fields: Vec<&str> = line.split(',').collect();
    let at = |name: &str| csv.lines().next().unwrap().split(',').position(|column| column == name).unwrap();
    assert!(!fields[at("key_id")].is_empty(), "who asked by a key is told by it");
    assert_eq!((fields[at("price_source")], fields[at("cost_microusd")]), ("provider", "0"));
}
