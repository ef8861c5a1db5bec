//! Who is served when: groups take turns, and none may have more waiting than can be read.

use super::{ingest::without_builders, rest::form, text};
use crate::{
    error::AppError,
    ids::GroupId,
    server::{
        knowledge::documents::{self, Brought},
        store::versions::{Claimed, queue::Work},
    },
    tests::app::{TestApp, TestGroup},
};
use axum::{body::Body, http::Request};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

async fn add(test: &TestApp, group: &TestGroup, names: &[&str]) {
    for name in names {
        documents::add(&test.app, &group.owner.member, text(name, &format!("Of {name}."))).await.unwrap();
    }
}

async fn add_address(test: &TestApp, group: &TestGroup, url: &str) {
    documents::add(&test.app, &group.owner.member, Brought::Address { title: None, url: url.to_owned() }).await.unwrap();
}

async fn claim(test: &TestApp, last: GroupId) -> Option<Claimed> {
    claim_to(test, Work::Build, last).await
}

async fn claim_to(test: &TestApp, work: Work, last: GroupId) -> Option<Claimed> {
    let until = test.app.clock.now() + 300_000;
    test.app.store.system().claim_version(work, last, test.app.clock.uuid(), until).await.unwrap()
}

async fn execute(test: &TestApp, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(test.data().join("guildhall.db"));
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(sql).execute(&mut db).await.unwrap();
}

#[tokio::test]
async fn one_who_brings_much_keeps_nobody_else_waiting() {
    let test = TestApp::start().await;
    let (much, little) = (test.group("much").await, test.group("little").await);
    without_builders(&test).await;
    add(&test, &much, &["a", "b", "c", "d"]).await;
    add(&test, &little, &["x"]).await;
    let mut titles = Vec::new();
    let mut last = GroupId::from_uuid(Uuid::nil());
    while let Some(claimed) = claim(&test, last).await {
        last = claimed.job.group();
        titles.push(claimed.title);
    }
    assert!(titles.iter().position(|title| title == "x").unwrap() < 2, "{titles:?}");
    let others: Vec<&str> = titles.iter().map(String::as_str).filter(|title| *title != "x").collect();
    assert_eq!(others, ["a", "b", "c", "d"], "within a group, what came first is first");
}

#[tokio::test]
async fn groups_take_turns_when_nothing_is_in_work() {
    let test = TestApp::start().await;
    let groups = [test.group("one").await, test.group("two").await, test.group("three").await];
    without_builders(&test).await;
    for group in &groups {
        add(&test, group, &["a", "b"]).await;
    }
    let (mut last, mut served) = (GroupId::from_uuid(Uuid::nil()), Vec::new());
    for _ in 0..6 {
        let claimed = claim(&test, last).await.unwrap();
        last = claimed.job.group();
        served.push(last);
        documents::delete(&test.app, &member_of(&groups, last).owner.member, claimed.job.document()).await.unwrap();
    }
    let (first, second) = served.split_at(3);
    assert_eq!(first, second, "each has its second turn after all had their first");
    assert!(groups.iter().all(|group| first.contains(&group.group.id)));
}

fn member_of(groups: &[TestGroup], id: GroupId) -> &TestGroup {
    groups.iter().find(|group| group.group.id == id).unwrap()
}

#[tokio::test]
async fn what_is_too_much_at_once_is_refused_with_the_limit() {
    let test = TestApp::start().await;
    let (group, other) = (test.group("ours").await, test.group("theirs").await);
    without_builders(&test).await;
    add(&test, &group, &["first"]).await;
    execute(
        &test,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) \
         INSERT INTO document_versions (id, group_id, document_id, hash, media_type, size, status, attempt, created_at) \
         SELECT randomblob(16), v.group_id, v.document_id, randomblob(32), 'text/plain', 1, 'queued', 0, 0 FROM n, document_versions v",
    )
    .await;
    let refused = documents::add(&test.app, &group.owner.member, text("More", "Words.")).await;
    let Err(AppError::RateLimited { message, .. }) = refused else { panic!("{refused:?}") };
    assert!(message.contains("10000 documents"), "{message}");
    add(&test, &other, &["theirs"]).await;
    execute(&test, "UPDATE document_versions SET status = 'failed' WHERE size = 1").await;
    add(&test, &group, &["more"]).await;
    execute(&test, "UPDATE document_versions SET size = 4294967296 WHERE status = 'queued'").await;
    let refused = documents::add(&test.app, &group.owner.member, text("Large", "Other words.")).await;
    let Err(AppError::RateLimited { message, .. }) = refused else { panic!("{refused:?}") };
    assert!(message.contains("4 GB"), "{message}");
}

#[tokio::test]
async fn a_group_with_too_many_bytes_fetches_no_more_until_some_are_read() {
    let test = TestApp::start().await;
    let (full, other) = (test.group("full").await, test.group("other").await);
    without_builders(&test).await;
    add(&test, &full, &["large"]).await;
    execute(&test, "UPDATE document_versions SET size = 4294967296 WHERE status = 'queued'").await;
    add_address(&test, &full, "https://example.org/a").await;
    add_address(&test, &other, "https://example.org/a").await;
    // Behind each of the two groups it would be the full one's turn once.
    let nobody = GroupId::from_uuid(Uuid::nil());
    let claimed = claim_to(&test, Work::Fetch, nobody).await.unwrap();
    assert_eq!(claimed.job.group(), other.group.id);
    assert!(claim_to(&test, Work::Fetch, nobody).await.is_none(), "the bytes of the content count for the address too");
    execute(&test, "UPDATE document_versions SET size = 4294967295 WHERE status = 'queued'").await;
    assert_eq!(claim_to(&test, Work::Fetch, nobody).await.unwrap().job.group(), full.group.id);
}

/// What is fetched for a group takes nothing from what is read for it, and the other way round.
#[tokio::test]
async fn each_kind_of_work_has_its_own_turns() {
    let test = TestApp::start().await;
    let (fetched, read) = (test.group("fetched").await, test.group("read").await);
    without_builders(&test).await;
    let nobody = GroupId::from_uuid(Uuid::nil());
    for url in ["https://example.org/a", "https://example.org/b"] {
        add_address(&test, &fetched, url).await;
        claim_to(&test, Work::Fetch, nobody).await.unwrap();
    }
    add(&test, &read, &["a"]).await;
    claim(&test, nobody).await.unwrap();
    // Two are fetched for the one group, one is read for the other; each now waits for both kinds of work.
    for group in [&fetched, &read] {
        add(&test, group, &["more"]).await;
        add_address(&test, group, "https://example.org/c").await;
    }
    // Whoever was served last, the group for which less of the kind is in work is next.
    for last in [fetched.group.id, read.group.id] {
        assert_eq!(claim(&test, last).await.unwrap().job.group(), fetched.group.id, "nothing is read for it yet");
        assert_eq!(claim_to(&test, Work::Fetch, last).await.unwrap().job.group(), read.group.id, "nothing is fetched for it yet");
        let again = "UPDATE document_versions SET lease_token = NULL, status = CASE status WHEN 'fetching' THEN status ELSE 'queued' END \
            WHERE id IN (SELECT v.id FROM document_versions v JOIN documents d ON d.id = v.document_id WHERE d.title IN ('more', 'c'))";
        execute(&test, again).await;
    }
}

#[tokio::test]
async fn whoever_is_refused_for_too_much_is_told_when_to_come_back() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    without_builders(&test).await;
    add(&test, &group, &["first"]).await;
    execute(&test, "UPDATE document_versions SET size = 4294967296").await;
    let upload = |path: &str| Request::post(path).header("content-type", "multipart/form-data; boundary=x");
    let page = upload("/g/ours/knowledge/files").header("cookie", &group.owner.cookie).header("sec-fetch-site", "same-origin");
    let page = page.header("accept", "application/json");
    let rest = upload("/api/v1/groups/ours/knowledge").header("authorization", format!("Bearer {}", group.owner.key));
    for request in [page, rest] {
        let refused = test.request(request.body(Body::from(form("a.txt", b"More words.", None))).unwrap()).await;
        assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, Some("60")), "{}", refused.text());
    }
}

#[tokio::test]
async fn what_takes_the_place_of_what_waits_needs_no_more_room() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let member = &group.owner.member;
    without_builders(&test).await;
    let waiting = documents::add(&test.app, member, text("First", "Words.")).await.unwrap().document();
    execute(&test, "UPDATE document_versions SET size = 4294967296").await;
    documents::replace(&test.app, member, waiting.id, text("First", "Other words.")).await.unwrap();
    execute(&test, "UPDATE document_versions SET size = 4294967296").await;
    let refused = documents::add(&test.app, member, text("Second", "More words.")).await;
    assert!(matches!(refused, Err(AppError::RateLimited { .. })), "{refused:?}");
    let kept = claim(&test, GroupId::from_uuid(Uuid::nil())).await.unwrap();
    assert_eq!(kept.job.document(), waiting.id, "a refusal drops nothing");
}
