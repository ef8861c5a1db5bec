//! Agents: who may change them, versions, retiring.

use super::app::{MODEL, TestApp};
use crate::model::group::Role;
use serde_json::json;

fn draft() -> serde_json::Value {
    json!({ "name": "Scribe", "provider": "scripted", "model": MODEL })
}

#[tokio::test]
async fn plain_members_and_operators_read_agents_and_cannot_change_them() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let (base, one) = ("/api/v1/groups/lab/agents".to_owned(), format!("/api/v1/groups/lab/agents/{}", lab.agent));
    for (name, role) in [("ada", Role::Member), ("bob", Role::Operator)] {
        let member = app.member(&lab.group, name, role).await;
        assert_eq!(app.get(&one, &member.key).await.status, 200);
        assert_eq!(app.post(&base, &member.key, draft()).await.status, 403);
        assert_eq!(app.patch(&one, &member.key, json!({ "name": "Mine" })).await.status, 403);
        assert_eq!(app.delete(&one, &member.key).await.status, 403);
        for (function, input) in [
            ("create_agent", json!({ "slug": "lab", "draft": draft() })),
            ("save_agent", json!({ "slug": "lab", "id": lab.agent, "version": 1, "draft": draft() })),
            ("set_agent_status", json!({ "slug": "lab", "id": lab.agent, "status": "retired" })),
        ] {
            assert_eq!(app.call_fn(function, input, &member.cookie).await.status, 403, "{function}");
        }
    }
    assert_eq!(app.get(&one, &lab.owner.key).await.ok()["version"], 1, "nothing was changed");
}

#[tokio::test]
async fn every_save_is_a_version_and_a_save_in_between_is_a_conflict() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let save = |version: i64, name: &str| {
        let draft = json!({ "name": name, "provider": "scripted", "model": MODEL });
        json!({ "slug": "lab", "id": lab.agent, "version": version, "draft": draft })
    };
    let saved = app.call_fn("save_agent", save(1, "Second"), &lab.owner.cookie).await.ok();
    assert_eq!((&saved["version"], &saved["name"]), (&json!(2), &json!("Second")));
    let late = app.call_fn("save_agent", save(1, "Late"), &lab.owner.cookie).await;
    assert_eq!((late.status.as_u16(), &late.json()["code"]), (409, &json!("conflict")));
    let versions = app.call_fn("agent_versions", json!({ "slug": "lab", "id": lab.agent }), &lab.owner.cookie).await.ok();
    let versions: Vec<_> = versions.as_array().expect("versions").iter().map(|line| line["version"].clone()).collect();
    assert_eq!(versions, [2, 1]);
}

#[tokio::test]
async fn a_retired_agent_answers_no_more_and_comes_back() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    let one = format!("/api/v1/groups/lab/agents/{}", lab.agent);
    let messages = format!("/api/v1/groups/lab/threads/{thread}/messages");
    assert_eq!(app.delete(&one, &lab.owner.key).await.status, 204);
    assert_eq!(app.get(&one, &lab.owner.key).await.ok()["status"], "retired");
    assert_eq!(app.post(&messages, &lab.owner.key, json!({ "text": "Hello?" })).await.status, 409);
    assert_eq!(app.post("/api/v1/groups/lab/threads", &lab.owner.key, json!({ "agent_id": lab.agent })).await.status, 409);
    assert_eq!(app.get(&messages, &lab.owner.key).await.status, 200, "its threads stay readable");
    assert_eq!(app.patch(&one, &lab.owner.key, json!({ "status": "active" })).await.ok()["version"], 1);
    assert_eq!(app.post(&messages, &lab.owner.key, json!({ "text": "Hello?" })).await.status, 202);
}

#[tokio::test]
async fn agents_without_a_place_in_the_first_page_follow_in_the_next() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    for name in ["éclair", "Berta", "anton", "Berta"] {
        app.agent(&lab.owner, name, MODEL).await;
    }
    let (mut path, mut seen) = ("/api/v1/groups/lab/agents?limit=2".to_owned(), Vec::new());
    loop {
        let page = app.get(&path, &lab.owner.key).await.ok();
        seen.extend(page["items"].as_array().expect("items").iter().map(|agent| agent["name"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        let query = reqwest::Url::parse_with_params("http://x", [("limit", "2"), ("after", next)]).expect("a URL");
        path = format!("/api/v1/groups/lab/agents?{}", query.query().expect("a query"));
    }
    assert_eq!(seen, ["anton", "Berta", "Berta", "Guide", "éclair"]);
}
