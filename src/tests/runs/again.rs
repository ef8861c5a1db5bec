//! Continue and Retry.

use super::stage::{Stage, says, status};
use crate::{
    error::AppError,
    model::run::{RunKind, RunStatus},
    server::{
        models::{ChatContent, ChatRole, ModelError, scripted::Step},
        runs,
    },
};
use std::sync::Arc;
use tokio::sync::Notify;

fn texts(stage: &Stage, request: usize) -> Vec<(ChatRole, String)> {
    let messages = stage.model.requests().remove(request).messages;
    let text = |content: &[ChatContent]| {
        content.iter().map(|one| if let ChatContent::Text(text) = one { text.as_str() } else { "…" }).collect()
    };
    messages.iter().map(|message| (message.role, text(&message.content))).collect()
}

#[tokio::test]
async fn continue_goes_on_after_what_was_said_and_later_turns_see_one_answer() {
    let stage = Stage::set().await;
    let stopped = vec![Step::text("One, two, "), Step::WaitFor(Arc::new(Notify::new()))];
    stage.model.script_turns(super::stage::MODEL, vec![stopped, says(&["three."]), says(&["Fine."])]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    watcher.until_text("two").await;
    runs::stop(&stage.app, &stage.member, run).await.unwrap();
    watcher.until_idle().await;

    let next = runs::go_on(&stage.app, &stage.member, run).await.unwrap();
    assert_eq!(next.kind, RunKind::Continue);
    assert_eq!(status(&stage.ended(next.id).await).0, RunStatus::Completed);
    let asked = texts(&stage, 1);
    assert_eq!(asked[1], (ChatRole::Assistant, "One, two, ".to_owned()));
    assert_eq!(asked[2].0, ChatRole::User, "a model answers a user's turn");

    let last = stage.send("And now?").await;
    stage.ended(last).await;
    let asked = texts(&stage, 2);
    let expected = [(ChatRole::User, "Count"), (ChatRole::Assistant, "One, two, three."), (ChatRole::User, "And now?")];
    assert_eq!(asked, expected.map(|(role, text)| (role, text.to_owned())));
}

#[tokio::test]
async fn retry_answers_the_same_message_and_no_model_sees_the_first_try() {
    let stage = Stage::set().await;
    let fails = vec![Step::text("Wrong"), Step::Fail(ModelError::CutOff { detail: String::new() })];
    stage.model.script_turns(super::stage::MODEL, vec![fails, says(&["Right"]), says(&["Good"])]);
    let run = stage.send("Question").await;
    stage.ended(run).await;
    let again = runs::retry(&stage.app, &stage.member, run).await.unwrap();
    assert_eq!(status(&stage.ended(again.id).await).0, RunStatus::Completed);
    assert_eq!(texts(&stage, 1), [(ChatRole::User, "Question".to_owned())]);
    let last = stage.send("Thanks").await;
    stage.ended(last).await;
    let expected = [(ChatRole::User, "Question"), (ChatRole::Assistant, "Right"), (ChatRole::User, "Thanks")];
    assert_eq!(texts(&stage, 2), expected.map(|(role, text)| (role, text.to_owned())));
}

#[tokio::test]
async fn only_the_last_run_can_be_tried_again_and_only_once_at_a_time() {
    let stage = Stage::set().await;
    stage.script(says(&["Hi"]));
    let first = stage.send("One").await;
    stage.ended(first).await;
    let second = stage.send("Two").await;
    stage.ended(second).await;
    assert!(matches!(runs::retry(&stage.app, &stage.member, first).await, Err(AppError::Conflict { .. })));
    let (one, two) = tokio::join!(runs::retry(&stage.app, &stage.member, second), runs::retry(&stage.app, &stage.member, second));
    assert!(one.is_ok() != two.is_ok(), "two at once: one of them is too late");
}
