//! Several messages of one thread: one is answered at a time, in order.

use super::stage::{Stage, says, status};
use crate::{
    error::AppError,
    model::{
        message::Role,
        run::RunStatus,
        thread::{ThreadFilter, ThreadStatus},
    },
    server::{models::FinishReason, models::scripted::Step, runs, threads},
};
use std::sync::Arc;
use tokio::sync::Notify;

fn gated(gate: &Arc<Notify>) -> Vec<Step> {
    vec![Step::WaitFor(gate.clone()), Step::text("Answer"), Step::finish(FinishReason::Stop)]
}

#[tokio::test]
async fn a_second_message_waits_and_takes_its_place_behind_the_first_answer() {
    let stage = Stage::set().await;
    let gate = Arc::new(Notify::new());
    stage.model.script_turns(super::stage::MODEL, vec![gated(&gate), says(&["Second"])]);
    let mut watcher = stage.watch(None).await;
    let first = stage.send("First question").await;
    watcher.until(|conversation, _| conversation.run.is_some()).await;
    let second = stage.send("Second question").await;
    watcher.until(|conversation, _| conversation.is_queued(second)).await;
    gate.notify_one();
    watcher.until_idle().await;

    assert_eq!(status(&stage.run(first).await).0, RunStatus::Completed);
    assert_eq!(status(&stage.run(second).await).0, RunStatus::Completed);
    let said: Vec<(Role, String)> = watcher.conversation.messages.iter().map(|message| (message.role, message.text())).collect();
    let expected = [
        (Role::User, "First question"),
        (Role::Assistant, "Answer"),
        (Role::User, "Second question"),
        (Role::Assistant, "Second"),
    ];
    assert_eq!(said, expected.map(|(role, text)| (role, text.to_owned())));
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
}

#[tokio::test]
async fn the_first_answer_does_not_know_the_second_question() {
    let stage = Stage::set().await;
    let gate = Arc::new(Notify::new());
    stage.model.script_turns(super::stage::MODEL, vec![gated(&gate), says(&["Second"])]);
    let mut watcher = stage.watch(None).await;
    stage.send("One").await;
    watcher.until(|conversation, _| conversation.run.is_some()).await;
    stage.send("Two").await;
    gate.notify_one();
    watcher.until_idle().await;
    let requests = stage.model.requests();
    assert_eq!(requests.iter().map(|request| request.messages.len()).collect::<Vec<_>>(), [1, 3]);
}

#[tokio::test]
async fn a_waiting_message_can_be_stopped_before_its_turn() {
    let stage = Stage::set().await;
    let gate = Arc::new(Notify::new());
    stage.script(gated(&gate));
    let mut watcher = stage.watch(None).await;
    stage.send("One").await;
    watcher.until(|conversation, _| conversation.run.is_some()).await;
    let second = stage.send("Two").await;
    runs::stop(&stage.app, &stage.member, second).await.unwrap();
    gate.notify_one();
    watcher.until_idle().await;
    assert_eq!(status(&stage.run(second).await).0, RunStatus::Stopped);
    assert_eq!(stage.model.requests().len(), 1);
}

#[tokio::test]
async fn the_same_key_sends_once_and_another_text_under_it_is_refused() {
    let stage = Stage::set().await;
    stage.script(says(&["Hi"]));
    let send = |text: &'static str| runs::send(&stage.app, &stage.member, stage.thread, text, Some("key-1"));
    let (first, again) = tokio::join!(send("Hello"), send("Hello"));
    let first = first.unwrap();
    assert_eq!(first, again.unwrap());
    assert!(matches!(send("Other").await, Err(AppError::Conflict { .. })));
    stage.ended(first.run_id).await;
    assert_eq!(stage.stored().await.messages.len(), 2);
}

#[tokio::test]
async fn too_many_waiting_messages_are_refused_with_a_reason() {
    let stage = Stage::set().await;
    stage.script(gated(&Arc::new(Notify::new())));
    for n in 0..6 {
        stage.send(&format!("Message {n}")).await;
    }
    let refused = runs::send(&stage.app, &stage.member, stage.thread, "One more", None).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })));
}

#[tokio::test]
async fn an_archived_thread_takes_no_message_and_keeps_everything() {
    let stage = Stage::set().await;
    stage.script(says(&["Hi"]));
    let run = stage.send("Hello").await;
    stage.ended(run).await;
    threads::set_status(&stage.app, &stage.member, stage.thread, ThreadStatus::Archived).await.unwrap();
    let refused = runs::send(&stage.app, &stage.member, stage.thread, "Still there?", None).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })));
    let archived = ThreadFilter { status: ThreadStatus::Archived, ..ThreadFilter::default() };
    let list = stage.app.store.threads(&stage.member).list(&archived, None, 10).await.unwrap();
    assert_eq!(list.items.iter().map(|thread| thread.title.as_str()).collect::<Vec<_>>(), ["Hello"]);
    threads::set_status(&stage.app, &stage.member, stage.thread, ThreadStatus::Active).await.unwrap();
    stage.send("Hello again").await;
}

#[tokio::test]
async fn deleting_a_thread_stops_its_run_and_leaves_the_ledger() {
    let stage = Stage::set().await;
    stage.script(vec![Step::text("So"), Step::WaitFor(Arc::new(Notify::new()))]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_text("So").await;
    threads::delete(&stage.app, &stage.member, stage.thread).await.unwrap();
    assert!(matches!(stage.app.store.runs(&stage.member).get(run).await, Err(AppError::NotFound)));
    let booked = stage.app.store.system().calls_of_run(run).await.unwrap();
    assert_eq!(booked, [("stopped".to_owned(), true)]);
}
