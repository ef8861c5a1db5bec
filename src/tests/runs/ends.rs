//! How a run can end, and what is kept then.

use super::stage::{Stage, says, status, thinks};
use crate::{
    model::{
        message::{MessageStatus, Part},
        provider::Usage,
        run::RunStatus,
    },
    server::{
        models::{FinishReason, ModelError, ModelEvent, scripted::Step},
        runs,
    },
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, time::timeout};

#[tokio::test]
async fn an_answer_is_streamed_stored_and_booked() {
    let stage = Stage::set().await;
    let usage = Usage { input_tokens: 12, output_tokens: 3, ..Usage::default() };
    let mut steps = says(&["Good ", "morning", " 🌊"]);
    steps.insert(3, Step::Emit(ModelEvent::Usage(usage)));
    stage.script(steps);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_idle().await;

    assert_eq!(watcher.answer().text(), "Good morning 🌊");
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
    let run = stage.run(run).await;
    assert_eq!((status(&run), run.steps, run.usage), ((RunStatus::Completed, None), 1, usage));
    assert_eq!(watcher.conversation.usage.last().map(|used| used.usage), Some(usage));
}

#[tokio::test]
async fn reasoning_and_text_are_parts_of_their_own() {
    let stage = Stage::set().await;
    stage.script(vec![
        thinks("Hm"),
        thinks("m."),
        Step::text("Yes."),
        thinks("Sure?"),
        Step::text("Sure."),
        Step::finish(FinishReason::Stop),
    ]);
    let mut watcher = stage.watch(None).await;
    stage.send("Well?").await;
    watcher.until_idle().await;
    let text = |text: &str| Part::Text { text: text.to_owned() };
    let reasoning = |text: &str| Part::Reasoning { text: text.to_owned() };
    assert_eq!(watcher.answer().parts, [reasoning("Hmm."), text("Yes."), reasoning("Sure?"), text("Sure.")]);
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
}

#[tokio::test]
async fn thoughts_alone_are_no_answer_and_can_be_tried_again() {
    let stage = Stage::set().await;
    stage.script(vec![thinks("Hmm."), Step::text(" \n"), Step::finish(FinishReason::Stop)]);
    let run = stage.send("Well?").await;
    let run = stage.ended(run).await;
    assert_eq!(status(&run), (RunStatus::Failed, Some("empty_answer")));
    assert!(run.error.as_ref().is_some_and(|error| error.retryable));
    stage.script(says(&["Yes."]));
    let again = runs::again::retry(&stage.app, &stage.member, run.id).await.unwrap();
    assert_eq!(status(&stage.ended(again.id).await), (RunStatus::Completed, None));
}

#[tokio::test]
async fn stop_keeps_shows_and_books_what_was_said() {
    let stage = Stage::set().await;
    stage.script(vec![Step::text("One, two"), Step::WaitFor(Arc::new(Notify::new())), Step::text(", three")]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Count").await;
    watcher.until_text("One, two").await;
    runs::stop(&stage.app, &stage.member, run).await.unwrap();
    watcher.until_idle().await;

    assert_eq!((watcher.answer().text().as_str(), watcher.answer().status), ("One, two", MessageStatus::Stopped));
    let run = stage.run(run).await;
    assert_eq!(status(&run), (RunStatus::Stopped, None));
    assert!(run.usage.output_tokens > 0, "what was said is estimated where the model did not tell");
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
}

#[tokio::test]
async fn stop_reaches_a_model_that_says_nothing() {
    let stage = Stage::set().await;
    stage.script(vec![Step::WaitFor(Arc::new(Notify::new()))]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello?").await;
    watcher.until(|conversation, _| conversation.run.is_some()).await;
    runs::stop(&stage.app, &stage.member, run).await.unwrap();
    watcher.until_idle().await;
    assert_eq!(status(&stage.run(run).await), (RunStatus::Stopped, None));
    assert!(watcher.answer().parts.is_empty());
}

#[tokio::test]
async fn a_failure_is_told_in_friendly_words_and_keeps_what_was_said() {
    let stage = Stage::set().await;
    let secret = "internal-host-17 refused".to_owned();
    stage.script(vec![Step::text("So far"), Step::Fail(ModelError::Unavailable { detail: secret.clone() })]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_idle().await;

    let answer = watcher.answer();
    assert_eq!((answer.text().as_str(), answer.status), ("So far", MessageStatus::Failed));
    let error = answer.error.clone().unwrap();
    assert_eq!((error.code.as_str(), error.retryable), ("unavailable", true));
    assert!(!format!("{:?}", watcher.heard).contains(&secret), "the provider's own words stay in the log");
    assert_eq!(status(&stage.run(run).await), (RunStatus::Failed, Some("unavailable")));
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let stage = Stage::set().await;
    stage.script(vec![Step::text("And then")]);
    let run = stage.send("Tell me").await;
    assert_eq!(status(&stage.ended(run).await), (RunStatus::Failed, Some("cut_off")));
}

#[tokio::test]
async fn an_unknown_provider_fails_the_run_for_good_and_nothing_else() {
    let stage = Stage::set().await;
    let mut agent = stage.app.store.agents(&stage.member).list(crate::model::agent::AgentStatus::Active).await.unwrap().remove(0);
    agent.draft.provider = "gone".to_owned();
    let admin = stage.member.admin().unwrap();
    crate::server::agents::save(&stage.app, &admin, agent.id, Some(agent.version), agent.draft).await.unwrap();
    let run = stage.send("Anybody?").await;
    assert_eq!(status(&stage.ended(run).await), (RunStatus::Failed, Some("invalid_request")));
}

#[tokio::test]
async fn a_model_that_asks_for_tools_for_ever_reaches_its_limit() {
    let stage = Stage::set().await;
    let asks = |index: u32| {
        vec![
            Step::Emit(ModelEvent::ToolCallStarted { index, call_id: format!("call-{index}"), name: "launch".to_owned() }),
            Step::Emit(ModelEvent::ToolCallFinished { index, input: Ok(serde_json::json!({})) }),
            Step::finish(FinishReason::ToolCalls),
        ]
    };
    stage.script(asks(0));
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Launch it").await;
    watcher.until_idle().await;
    let run = stage.run(run).await;
    assert_eq!((status(&run), run.steps), ((RunStatus::Failed, Some("limit_steps")), 8));
    assert_eq!(watcher.conversation.messages, stage.stored().await.messages);
    let results = watcher.answer().parts.iter().filter(|part| matches!(part, Part::ToolResult { is_error: true, .. })).count();
    assert_eq!(results, 8, "each call has its result");
}

#[tokio::test]
async fn a_stopping_server_keeps_its_runs_as_interrupted() {
    let stage = Stage::set().await;
    stage.script(vec![Step::text("Half"), Step::WaitFor(Arc::new(Notify::new()))]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_text("Half").await;
    stage.app.shutdown.cancel();
    stage.app.tasks.close();
    timeout(Duration::from_secs(20), stage.app.tasks.wait()).await.expect("nothing holds up the end");
    assert_eq!(status(&stage.run(run).await), (RunStatus::Interrupted, Some("interrupted")));
    let stored = stage.stored().await;
    assert_eq!(
        stored.last_answer().map(|answer| (answer.text(), answer.status)),
        Some(("Half".to_owned(), MessageStatus::Interrupted))
    );
}
