//! The process dies while tools run: what was certainly done is kept, what may be done again is, and what is uncertain is
//! said to be.

use super::{
    stage::{Stage, calls, says},
    tools::{Told, outcome},
};
use crate::{
    model::{
        run::RunStatus,
        task::{NewTask, TaskFilter},
        tool_call::ToolState,
    },
    server::{
        models::ChatContent,
        tasks::{self, Draft},
        tools::{Effects, Outcome},
    },
};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// A tool that counts its calls and tells of each; it answers only where `answers`.
fn counting(count: &Arc<AtomicUsize>, begun: &Arc<Notify>, effects: Effects, answers: bool) -> Told {
    let (count, begun) = (count.clone(), begun.clone());
    let tool = Told::new("count", move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        begun.notify_one();
        async move { if answers { Ok(outcome("counted")) } else { futures::future::pending().await } }
    });
    Told { effects, ..tool }
}

/// What became of a call that was cut off while it ran: how often it ran, its state, and what the model was told.
async fn cut_off(effects: Effects) -> (usize, ToolState, String) {
    let stage = Stage::set().await;
    let (count, begun) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    stage.app.tools.insert(counting(&count, &begun, effects, false));
    stage.equip(&["count"], vec![]).await;
    stage.script(calls(&[("count", json!({}))]));
    let run = stage.send("Count").await;
    begun.notified().await;
    let again = counting(&count, &begun, effects, true);
    let stage = stage.after_death_equipped(says(&["Counted."]), |app| app.tools.insert(again)).await;
    assert_eq!(stage.ended(run).await.status, RunStatus::Completed);
    let told =
        stage.model.requests()[0].messages.iter().flat_map(|message| message.content.clone()).find_map(|content| match content {
            ChatContent::ToolResult { output, .. } => Some(output),
            _ => None,
        });
    (count.load(Ordering::SeqCst), stage.calls().await[0].1, told.unwrap())
}

#[tokio::test]
async fn a_call_without_effects_runs_again() {
    assert_eq!(cut_off(Effects::None).await, (2, ToolState::Done, "counted".to_owned()));
}

#[tokio::test]
async fn a_call_whose_target_knows_its_key_runs_again() {
    assert_eq!(cut_off(Effects::Keyed).await, (2, ToolState::Done, "counted".to_owned()));
}

#[tokio::test]
async fn any_other_is_not_repeated_and_the_model_is_told() {
    let (count, state, told) = cut_off(Effects::Unkeyed).await;
    assert_eq!((count, state), (1, ToolState::Uncertain));
    assert!(told.contains("not known"), "{told}");
}

#[tokio::test]
async fn death_between_a_tasks_making_and_its_result_makes_no_second_task() {
    let stage = Stage::set().await;
    let made = Arc::new(Notify::new());
    let tell = made.clone();
    // The real tool's effect; the answer never comes.
    let cut = Told::new("createTask2", move |_, scope| {
        let tell = tell.clone();
        async move {
            make(&scope).await;
            tell.notify_one();
            futures::future::pending().await
        }
    });
    stage.app.tools.insert(Told { effects: Effects::Keyed, ..cut });
    stage.equip(&["createTask2"], vec![]).await;
    stage.script(calls(&[("createTask2", json!({}))]));
    let run = stage.send("Remember").await;
    made.notified().await;
    let whole = Told::new("createTask2", |_, scope| async move { Ok(make(&scope).await) });
    let whole = Told { effects: Effects::Keyed, ..whole };
    let stage = stage.after_death_equipped(says(&["Remembered."]), |app| app.tools.insert(whole)).await;
    assert_eq!(stage.ended(run).await.status, RunStatus::Completed);
    let found = stage.app.store.tasks(&stage.member).list(&TaskFilter::default(), None, 10).await.unwrap().items;
    assert_eq!(found.len(), 1);
}

async fn make(scope: &crate::server::tools::Scope) -> Outcome {
    let new = NewTask { title: "Once".to_owned(), ..NewTask::default() };
    let draft = Draft { new, agent: None, thread: Some(scope.thread), origin: Some(scope.call) };
    outcome(&tasks::create(&scope.app, &scope.member, draft).await.unwrap().id.to_string())
}

#[tokio::test]
async fn results_that_were_written_are_used_and_nothing_runs_twice() {
    let stage = Stage::set().await;
    let (count, begun) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    stage.app.tools.insert(counting(&count, &begun, Effects::Unkeyed, true));
    let hangs = Told::new("hang", |_, _| futures::future::pending());
    stage.app.tools.insert(hangs);
    stage.equip(&["count", "hang"], vec![]).await;
    stage.script(calls(&[("count", json!({})), ("hang", json!({}))]));
    let run = stage.send("Both").await;
    while stage.results().await.is_empty() {
        tokio::task::yield_now().await;
    }
    let counter = counting(&count, &begun, Effects::Unkeyed, true);
    let answers = Told::new("hang", |_, _| async { Ok(outcome("back")) });
    let stage = stage
        .after_death_equipped(says(&["Both done."]), |app| {
            app.tools.insert(counter);
            app.tools.insert(answers);
        })
        .await;
    assert_eq!(stage.ended(run).await.status, RunStatus::Completed);
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(stage.results().await.len(), 2);
    assert_eq!(stage.run(run).await.steps, 2);
}
