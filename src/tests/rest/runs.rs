//! Runs: reading, stopping, repeating, continuing.

use super::{lab, path};
use crate::{
    ids::RunId,
    server::models::{
        FinishReason, ModelError,
        scripted::{PROVIDER, Step},
    },
    tests::app::{TestApp, TestGroup},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Notify;

fn id(run: &Value) -> RunId {
    run["id"].as_str().or(run["run_id"].as_str()).expect("an id").parse().expect("an id")
}

async fn run(app: &TestApp, lab: &TestGroup, run: RunId) -> Value {
    app.get(&path(&format!("runs/{run}")), &lab.owner.key).await.ok()
}

#[tokio::test]
async fn a_run_tells_its_state_and_what_it_used() {
    let (app, lab, thread) = lab().await;
    let sent = app.answered(&lab.owner, thread, "Good morning").await;
    let run = run(&app, &lab, sent.run_id).await;
    let shape = json!({
        "id": sent.run_id, "thread_id": thread, "kind": "message", "status": "completed", "agent_version": 1, "steps": 1,
        "usage": { "input_tokens": 7, "cache_read_tokens": 0, "cache_write_tokens": 0, "output_tokens": 3, "reasoning_tokens": 0 },
        "created_at": run["created_at"], "started_at": run["started_at"], "finished_at": run["finished_at"],
    });
    assert_eq!(run, shape);
}

#[tokio::test]
async fn a_run_that_goes_on_is_stopped_and_continued() {
    let (app, lab, _) = lab().await;
    let gate = Arc::new(Notify::new());
    let first = vec![Step::text("Once upon"), Step::WaitFor(gate)];
    app.scripted.script_turns("tale", vec![first, vec![Step::text(" a time."), Step::finish(FinishReason::Stop)]]);
    let teller = app.agent(&lab.owner, "Teller", "tale").await.id;
    let thread = app.thread(&lab.owner, teller).await;
    let mut events = app.events(&path(&format!("threads/{thread}/events")), &lab.owner.key, None).await;
    let sent = app.send(&lab.owner, thread, "A tale, please").await;
    events.until(|event| event.event == "text").await;

    let reply = app.post(&path(&format!("runs/{}/stop", sent.run_id)), &lab.owner.key, Value::Null).await;
    assert_eq!(reply.status, 202);
    app.ended(&lab.owner.member, sent.run_id).await;
    assert_eq!(run(&app, &lab, sent.run_id).await["status"], "stopped");

    let reply = app.post(&path(&format!("runs/{}/continue", sent.run_id)), &lab.owner.key, Value::Null).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["kind"]), (202, &json!("continue")));
    app.ended(&lab.owner.member, id(&reply.json())).await;
    let page = app.get(&path(&format!("threads/{thread}/messages")), &lab.owner.key).await.ok();
    let said: Vec<_> =
        page["items"].as_array().expect("items").iter().map(|item| json!([item["status"], item["parts"][0]["text"]])).collect();
    assert_eq!(said, [json!(["completed", "A tale, please"]), json!(["stopped", "Once upon"]), json!(["completed", " a time."])]);
}

#[tokio::test]
async fn a_failed_run_says_why_and_is_tried_again() {
    let (app, lab, _) = lab().await;
    let refused = vec![Step::Fail(ModelError::ContentFiltered { detail: "the provider's own words".to_owned() })];
    app.scripted.script_turns("moody", vec![refused, vec![Step::text("Fine."), Step::finish(FinishReason::Stop)]]);
    let agent = app.agent(&lab.owner, "Moody", "moody").await;
    assert_eq!(agent.draft.provider, PROVIDER);
    let thread = app.thread(&lab.owner, agent.id).await;
    let sent = app.answered(&lab.owner, thread, "Good morning").await;
    let failed = run(&app, &lab, sent.run_id).await;
    assert_eq!((&failed["status"], &failed["error"]["code"]), (&json!("failed"), &json!("content_filtered")));
    assert!(!failed.to_string().contains("own words"), "{failed}");

    let again = app.post(&path(&format!("runs/{}/retry", sent.run_id)), &lab.owner.key, Value::Null).await.ok();
    app.ended(&lab.owner.member, id(&again)).await;
    assert_eq!(run(&app, &lab, id(&again)).await["status"], "completed");
    let late = app.post(&path(&format!("runs/{}/retry", sent.run_id)), &lab.owner.key, Value::Null).await;
    assert_eq!(late.status, 409, "it is not the thread's last run any more");
    let context = app.get(&path(&format!("threads/{thread}/context")), &lab.owner.key).await.ok();
    let said: Vec<_> = context["items"].as_array().expect("items").iter().map(|item| item["content"].clone()).collect();
    assert_eq!(said, ["Good morning", "Fine."]);
}
