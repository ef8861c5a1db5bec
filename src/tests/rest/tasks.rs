//! Tasks, approvals and escalations over the JSON API.

use super::{lab, path};
use serde_json::json;

#[tokio::test]
async fn a_task_is_made_filtered_assigned_and_done() {
    let (app, lab, _) = lab().await;
    let key = &lab.owner.key;
    let made = app.post(&path("tasks"), key, json!({ "title": " Oil the press ", "priority": "high" })).await;
    assert_eq!(made.status, 201);
    let task = made.json();
    assert_eq!((&task["title"], &task["status"], &task["assignee"]), (&json!("Oil the press"), &json!("open"), &json!(null)));
    app.post(&path("tasks"), key, json!({ "title": "Sweep", "priority": "low" })).await;
    let titles = async |query: &str| {
        let page = app.get(&path(&format!("tasks{query}")), key).await.ok();
        page["items"].as_array().expect("items").iter().map(|task| task["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles("").await, ["Sweep", "Oil the press"]);
    assert_eq!(titles("?priority=high").await, ["Oil the press"]);
    let one = path(&format!("tasks/{}", task["id"].as_str().expect("an id")));
    let me = lab.owner.person.id;
    let changed = app.patch(&one, key, json!({ "status": "in_progress", "assignee": me })).await.ok();
    assert_eq!((&changed["assignee"]["id"], &changed["title"]), (&json!(me), &json!("Oil the press")));
    assert_eq!(titles(&format!("?assignee={me}")).await, ["Oil the press"]);
    let done = app.patch(&one, key, json!({ "status": "done", "assignee": null })).await.ok();
    assert_eq!((&done["status"], &done["assignee"]), (&json!("done"), &json!(null)));
    assert_eq!((titles("").await, titles("?status=done").await), (vec![json!("Sweep")], vec![json!("Oil the press")]));
    assert_eq!(app.patch(&one, key, json!({ "status": "lost" })).await.status, 422);
    let nobody = "0190b8f0-0000-7000-8000-000000000000";
    assert_eq!(app.patch(&one, key, json!({ "assignee": nobody })).await.status, 422, "no member of the group");
}

#[tokio::test]
async fn an_approval_is_listed_decided_once_and_gone() {
    let (app, lab, _) = lab().await;
    let id = app.waiting_call(&lab.owner).await;
    let key = &lab.owner.key;
    let listed = app.get(&path("approvals"), key).await.ok();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["name"]), (&json!(id), &json!("getContext")));
    let one = path(&format!("approvals/{id}"));
    let decided = app.post(&one, key, json!({ "decision": "denied", "reason": "Not now" })).await.ok();
    assert_eq!((&decided["decision"], &decided["reason"]), (&json!("denied"), &json!("Not now")));
    assert_eq!(app.post(&one, key, json!({ "decision": "approved" })).await.status, 409);
    assert_eq!(app.get(&path("approvals"), key).await.ok()["items"], json!([]));
}

#[tokio::test]
async fn escalations_are_listed_by_status() {
    let (app, lab, _) = lab().await;
    let all = app.get(&path("escalations"), &lab.owner.key).await.ok();
    assert_eq!(all, json!({ "items": [], "next": null }));
    assert_eq!(app.get(&path("escalations?status=lost"), &lab.owner.key).await.status, 422);
}
