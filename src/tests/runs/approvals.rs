//! Approvals: the run waits without a process, one decision counts, and what was allowed happens once.

use super::{
    stage::{Stage, Watcher, calls, says},
    tools::{Told, outcome},
};
use crate::{
    error::AppError,
    ids::ToolCallId,
    model::{
        message::Part,
        run::RunStatus,
        tool::{AskFirst, InputRule},
        tool_call::{ToolState, Verdict},
    },
    server::{
        runs::{self, approvals},
        tools::Effects,
    },
};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

fn always(tool: &str) -> AskFirst {
    AskFirst { tool: tool.to_owned(), when: None }
}

/// A stage with a tool that counts how often it ran, and asks first.
async fn counting(steps: usize) -> (Stage, Arc<AtomicUsize>) {
    let stage = Stage::set().await;
    let count = add_counter(&stage);
    stage.equip(&["count"], vec![always("count")]).await;
    let asks: Vec<_> = (0..steps).map(|n| ("count", json!({ "n": n }))).collect();
    stage.script_turns(vec![calls(&asks), says(&["Counted."])]);
    (stage, count)
}

fn add_counter(stage: &Stage) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let tool = Told::new("count", move |_, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(outcome("counted")) }
    });
    stage.app.tools.insert(Told { effects: Effects::Unkeyed, ..tool });
    count
}

async fn until_waiting(watcher: &mut Watcher) {
    watcher.until(|conversation, _| conversation.run.as_ref().is_some_and(|run| run.status == RunStatus::Waiting)).await;
}

/// The calls that wait, oldest first.
async fn waiting(stage: &Stage) -> Vec<ToolCallId> {
    let page = stage.app.store.tool_calls(&stage.member).waiting(None, 10).await.unwrap();
    page.items.into_iter().map(|approval| approval.id).collect()
}

async fn decide(stage: &Stage, id: ToolCallId, verdict: Verdict) -> Result<(), AppError> {
    approvals::decide(&stage.app, &stage.member, id, verdict, "").await.map(|_| ())
}

#[tokio::test]
async fn nothing_runs_before_it_is_allowed_and_once_after() {
    let (stage, count) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    assert_eq!((count.load(Ordering::SeqCst), stage.calls().await[0].1), (0, ToolState::Waiting));
    let id = waiting(&stage).await[0];
    decide(&stage, id, Verdict::Approved).await.unwrap();
    watcher.until_idle().await;
    assert_eq!((count.load(Ordering::SeqCst), stage.run(run).await.status), (1, RunStatus::Completed));
    let parts = stage.stored().await.messages.pop().unwrap().parts;
    let Part::ToolCall(call) = &parts[0] else { panic!("a call: {parts:?}") };
    let decision = call.approval.as_ref().and_then(|approval| approval.decision.as_ref()).unwrap();
    assert_eq!((decision.verdict, decision.by.as_deref()), (Verdict::Approved, Some("Ada")));
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
    assert_eq!(watcher.conversation.messages.len(), 2, "the answer goes on in its message");
}

#[tokio::test]
async fn a_denial_is_told_to_the_model_with_its_reason() {
    let (stage, count) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let id = waiting(&stage).await[0];
    approvals::decide(&stage.app, &stage.member, id, Verdict::Denied, "Not on a Sunday").await.unwrap();
    watcher.until_idle().await;
    assert_eq!((count.load(Ordering::SeqCst), stage.calls().await[0].1), (0, ToolState::Denied));
    assert!(stage.results().await[0].0.contains("Not on a Sunday"));
    assert_eq!(watcher.answer().text(), "Counted.");
}

#[tokio::test]
async fn a_second_decision_is_a_conflict_and_a_strangers_finds_nothing() {
    let (stage, count) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let id = waiting(&stage).await[0];
    let both = tokio::join!(decide(&stage, id, Verdict::Approved), decide(&stage, id, Verdict::Denied));
    let conflicts = [both.0, both.1].into_iter().filter(|result| matches!(result, Err(AppError::Conflict { .. }))).count();
    assert_eq!(conflicts, 1);
    watcher.until_idle().await;
    assert!(count.load(Ordering::SeqCst) <= 1);
    assert!(matches!(decide(&stage, id, Verdict::Denied).await, Err(AppError::Conflict { .. })));
    let unknown = ToolCallId::from_uuid(stage.app.clock.uuid());
    assert_eq!(decide(&stage, unknown, Verdict::Approved).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn several_are_decided_in_any_order_and_the_run_goes_on_after_the_last() {
    let (stage, count) = counting(3).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let ids = waiting(&stage).await;
    decide(&stage, ids[2], Verdict::Approved).await.unwrap();
    decide(&stage, ids[0], Verdict::Denied).await.unwrap();
    assert_eq!((stage.run(run).await.status, count.load(Ordering::SeqCst)), (RunStatus::Waiting, 0));
    decide(&stage, ids[1], Verdict::Approved).await.unwrap();
    watcher.until_idle().await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let states: Vec<ToolState> = stage.calls().await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [ToolState::Denied, ToolState::Done, ToolState::Done]);
}

#[tokio::test]
async fn parallel_decisions_of_all_calls_resume_the_run_once() {
    let (stage, count) = counting(3).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let ids = waiting(&stage).await;
    let all = ids.iter().map(|id| decide(&stage, *id, Verdict::Approved));
    assert!(futures::future::join_all(all).await.into_iter().all(|result| result.is_ok()));
    watcher.until_idle().await;
    assert_eq!((count.load(Ordering::SeqCst), stage.run(run).await.steps), (3, 2));
}

#[tokio::test]
async fn an_approval_survives_the_death_of_the_server() {
    let (stage, _) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    drop(watcher);
    let stage = stage.after_death_with(says(&["Counted after all."])).await;
    let count = add_counter(&stage);
    assert_eq!((stage.run(run).await.status, waiting(&stage).await.len()), (RunStatus::Waiting, 1));
    let id = waiting(&stage).await[0];
    decide(&stage, id, Verdict::Approved).await.unwrap();
    assert_eq!(stage.ended(run).await.status, RunStatus::Completed);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(stage.stored().await.last_answer().unwrap().text(), "Counted after all.");
}

#[tokio::test]
async fn time_runs_out() {
    let (stage, count) = counting(1).await;
    let mut tx = stage.app.store.begin().await.unwrap();
    stage.app.store.groups(&stage.member).set_approval_time(&mut tx, 0).await.unwrap();
    tx.commit().await.unwrap();
    let mut watcher = stage.watch(None).await;
    stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let id = waiting(&stage).await[0];
    assert!(matches!(decide(&stage, id, Verdict::Approved).await, Err(AppError::Conflict { .. })), "too late");
    approvals::expire(&stage.app).await.unwrap();
    watcher.until_idle().await;
    assert_eq!((count.load(Ordering::SeqCst), stage.calls().await[0].1), (0, ToolState::Denied));
    assert!(stage.results().await[0].0.contains("in time"));
}

#[tokio::test]
async fn a_waiting_run_is_stopped_at_once_and_can_no_longer_be_decided() {
    let (stage, count) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let id = waiting(&stage).await[0];
    runs::stop(&stage.app, &stage.member, run).await.unwrap();
    watcher.until_idle().await;
    assert_eq!((stage.run(run).await.status, stage.calls().await[0].1), (RunStatus::Stopped, ToolState::Stopped));
    assert!(matches!(decide(&stage, id, Verdict::Approved).await, Err(AppError::Conflict { .. })));
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_rule_asks_only_where_it_holds_or_cannot_be_checked() {
    let when = Some(InputRule { field: "n".to_owned(), value: "7".to_owned() });
    let ask = AskFirst { tool: "count".to_owned(), when };
    assert!(ask.applies("count", &json!({ "n": 7 })) && ask.applies("count", &json!({})));
    assert!(!ask.applies("count", &json!({ "n": 8 })) && !ask.applies("other", &json!({ "n": 7 })));
    let stage = Stage::set().await;
    let count = add_counter(&stage);
    stage.equip(&["count"], vec![ask]).await;
    stage.script_turns(vec![calls(&[("count", json!({ "n": 8 })), ("count", json!({ "n": 7 }))]), says(&["Counted."])]);
    let mut watcher = stage.watch(None).await;
    stage.send("Count").await;
    until_waiting(&mut watcher).await;
    assert_eq!(count.load(Ordering::SeqCst), 1, "what needs no approval does not wait");
}

#[tokio::test]
async fn a_person_that_was_asked_for_before_the_wait_is_still_asked_for_after_it() {
    let stage = Stage::set().await;
    let count = add_counter(&stage);
    stage.equip(&["callHuman", "count"], vec![always("count")]).await;
    let asks = calls(&[("callHuman", json!({ "reason": "A refund." })), ("count", json!({}))]);
    stage.script_turns(vec![asks, says(&["Never said"])]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count, and fetch somebody").await;
    until_waiting(&mut watcher).await;
    decide(&stage, waiting(&stage).await[0], Verdict::Approved).await.unwrap();
    watcher.until_idle().await;
    assert_eq!((count.load(Ordering::SeqCst), stage.run(run).await.steps), (1, 1), "the agent says no more");
}

#[tokio::test]
async fn a_run_that_has_nothing_to_wait_for_is_found_and_goes_on() {
    let (stage, count) = counting(1).await;
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    until_waiting(&mut watcher).await;
    let id = waiting(&stage).await[0];
    decide(&stage, id, Verdict::Approved).await.unwrap();
    watcher.until_idle().await;
    assert_eq!(stage.app.store.system().resume_decided().await.unwrap(), 0, "nothing to do for a run that has ended");
    assert_eq!((count.load(Ordering::SeqCst), stage.run(run).await.status), (1, RunStatus::Completed));
}
