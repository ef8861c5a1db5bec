//! The public JSON API: its shapes, its errors, its description.

mod description;
mod errors;
mod messages;
mod runs;
mod tasks;

use super::app::{TestApp, TestGroup};
use crate::ids::ThreadId;
use serde_json::{Value, json};

/// A server with the group `lab` and a thread of its owner.
async fn lab() -> (TestApp, TestGroup, ThreadId) {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    (app, lab, thread)
}

fn path(rest: &str) -> String {
    format!("/api/v1/groups/lab/{rest}")
}

#[tokio::test]
async fn an_agent_is_made_read_changed_in_part_and_retired() {
    let (app, lab, _) = lab().await;
    let new = json!({ "name": " Scribe ", "provider": "scripted", "model": "echo", "limits": { "steps": 3 } });
    let made = app.post(&path("agents"), &lab.owner.key, new).await;
    assert_eq!(made.status, 201);
    let agent = made.json();
    let one = path(&format!("agents/{}", agent["id"].as_str().expect("an id")));
    let shape = json!({
        "id": agent["id"], "name": "Scribe", "provider": "scripted", "model": "echo", "instructions": "", "tools": [],
        "ask_first": [], "look_first": false, "limits": { "steps": 3, "output_tokens": 2048, "seconds": 300 }, "status": "active", "version": 1,
        "created_at": agent["created_at"], "updated_at": agent["created_at"],
    });
    assert_eq!(agent, shape);
    assert_eq!(app.get(&one, &lab.owner.key).await.ok(), shape);

    let change = json!({ "instructions": "Be brief.", "limits": { "seconds": 60 } });
    let changed = app.patch(&one, &lab.owner.key, change).await.ok();
    assert_eq!(
        (&changed["name"], &changed["instructions"], &changed["version"]),
        (&json!("Scribe"), &json!("Be brief."), &json!(2))
    );
    assert_eq!(changed["limits"], json!({ "steps": 3, "output_tokens": 2048, "seconds": 60 }));
    let late = app.patch(&one, &lab.owner.key, json!({ "name": "Late", "version": 1 })).await;
    assert_eq!(late.status, 409, "somebody saved since version 1");

    assert_eq!(app.delete(&one, &lab.owner.key).await.status, 204);
    let names = async |query: &str| {
        let page = app.get(&path(&format!("agents{query}")), &lab.owner.key).await.ok();
        page["items"].as_array().expect("items").iter().map(|agent| agent["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((names("").await, names("?status=retired").await), (vec![json!("Guide")], vec![json!("Scribe")]));
}

#[tokio::test]
async fn a_thread_is_made_renamed_archived_and_deleted() {
    let (app, lab, _) = lab().await;
    let made = app.post(&path("threads"), &lab.owner.key, json!({ "agent_id": lab.agent, "title": "Bread" })).await;
    assert_eq!(made.status, 201);
    let thread = made.json();
    let shape = json!({
        "id": thread["id"], "agent_id": lab.agent, "agent_name": "Guide", "title": "Bread", "status": "active", "answering": false,
        "created_at": thread["created_at"], "updated_at": thread["created_at"],
    });
    assert_eq!(thread, shape);
    let one = path(&format!("threads/{}", thread["id"].as_str().expect("an id")));
    let changed = app.patch(&one, &lab.owner.key, json!({ "title": "Rolls", "status": "archived" })).await.ok();
    assert_eq!((&changed["title"], &changed["status"]), (&json!("Rolls"), &json!("archived")));
    assert_eq!(app.get(&one, &lab.owner.key).await.ok(), changed);
    assert_eq!(app.delete(&one, &lab.owner.key).await.status, 204);
    assert_eq!(app.get(&one, &lab.owner.key).await.status, 404);
}

#[tokio::test]
async fn the_context_is_what_a_model_would_be_given() {
    let (app, lab, thread) = lab().await;
    for text in ["One", "Two", "Three"] {
        app.answered(&lab.owner, thread, text).await;
    }
    let context = async |query: &str| {
        let page = app.get(&path(&format!("threads/{thread}/context{query}")), &lab.owner.key).await.ok();
        page["items"].as_array().expect("items").clone()
    };
    let said: Vec<Value> = context("").await.iter().map(|item| json!([item["role"], item["content"]])).collect();
    let answer = super::app::ANSWER;
    assert_eq!(
        said,
        [
            json!(["user", "One"]),
            json!(["assistant", answer]),
            json!(["user", "Two"]),
            json!(["assistant", answer]),
            json!(["user", "Three"]),
            json!(["assistant", answer]),
        ]
    );
    let two = context("?limit=2").await;
    assert_eq!(two.iter().map(|item| item["content"].clone()).collect::<Vec<_>>(), ["Three", answer]);
    assert!(two.iter().all(|item| item["created_at"].is_i64() && item.as_object().is_some_and(|item| item.len() == 3)));
}
