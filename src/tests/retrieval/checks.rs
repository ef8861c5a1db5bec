//! Queries with the documents that they should find.

use crate::{
    model::group::Role,
    server::{knowledge::checks::judge, store::chunks::fixture},
    tests::app::TestApp,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use std::collections::HashSet;

#[tokio::test]
async fn a_check_is_saved_tried_and_removed() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let store = &app.app.store;
    let of = fixture::put(store, &group.owner.member, "Bells", &["Ring the bell twice."]).await.unwrap();
    fixture::put(store, &group.owner.member, "Horns", &["Blow the horn."]).await.unwrap();
    let call = async |name: &str, input: serde_json::Value| app.call_fn(name, input, &group.owner.cookie).await;
    let save = json!({ "slug": "one", "query": "ring a bell", "expected[]": of.document });
    call("save_check", save).await.ok();
    call("run_checks", json!({ "slug": "one" })).await.ok();
    let checks = call("retrieval_checks", json!({ "slug": "one" })).await.ok();
    let check = &checks[0];
    assert_eq!((&check["query"], &check["expected"][0]["title"]), (&json!("ring a bell"), &json!("Bells")));
    assert_eq!((&check["result"]["ndcg"], &check["result"]["recall"]), (&json!(1.0), &json!(1.0)));
    let tried = call("try_query", json!({ "slug": "one", "query": "ring a bell", "mode": "both" })).await.ok();
    assert_eq!((&tried["passages"][0]["title"], &tried["passages"][0]["text_rank"]), (&json!("Bells"), &json!(1)));
    call("remove_check", json!({ "slug": "one", "id": check["id"] })).await.ok();
    assert_eq!(call("retrieval_checks", json!({ "slug": "one" })).await.ok(), json!([]));
}

#[tokio::test]
async fn members_who_do_not_manage_the_group_are_refused() {
    let app = TestApp::start().await;
    let group = app.group("one").await;
    let member = app.member(&group.group, "member", Role::Member).await;
    for (name, input) in [
        ("try_query", json!({ "slug": "one", "query": "x", "mode": "both" })),
        ("index_state", json!({ "slug": "one" })),
        ("retrieval_checks", json!({ "slug": "one" })),
        ("run_checks", json!({ "slug": "one" })),
        ("choose_embedder", json!({ "slug": "one", "embedder": "none" })),
    ] {
        assert_eq!(app.call_fn(name, input, &member.cookie).await.status, 403, "{name}");
    }
    let page = Request::get("/g/one/knowledge/retrieval").header(header::COOKIE, &member.cookie);
    let shown = app.request(page.body(Body::empty()).unwrap()).await.text();
    assert!(!shown.contains("Use this embedder"), "the page shows nothing to them");
}

#[tokio::test]
async fn a_document_of_another_group_cannot_be_expected() {
    let app = TestApp::start().await;
    let (ours, theirs) = (app.group("ours").await, app.group("theirs").await);
    let of = fixture::put(&app.app.store, &theirs.owner.member, "Theirs", &["Text."]).await.unwrap();
    let save = json!({ "slug": "ours", "query": "text", "expected[]": of.document });
    assert_eq!(app.call_fn("save_check", save, &ours.owner.cookie).await.status, 404);
}

#[test]
fn the_measures_are_those_of_the_books() {
    let ids: Vec<_> = (1..=12_u128).map(|n| crate::ids::DocumentId::from_uuid(uuid::Uuid::from_u128(n))).collect();
    let expected: HashSet<_> = [ids[1], ids[4], ids[11]].into();
    // Places 2 and 5 of ten; a document counts where it comes first.
    let found = [ids[0], ids[1], ids[1], ids[2], ids[3], ids[4]];
    let result = judge(found.into_iter(), &expected, 0);
    let ideal = 1.0 + 1.0 / 3_f64.log2() + 0.5;
    let gained = 1.0 / 3_f64.log2() + 1.0 / 6_f64.log2();
    assert!((result.ndcg - gained / ideal).abs() < 1e-9 && (result.recall - 2.0 / 3.0).abs() < 1e-9);
}
