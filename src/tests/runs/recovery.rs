//! After the death of a process: nothing pending, nothing lost, nothing twice. The real kill is in `tests/kill.rs`; here
//! the worst moments are set up one by one.

use super::stage::{MODEL, Stage, says, status};
use crate::{
    model::{message::MessageStatus, run::RunStatus, thread_event::ThreadEvent},
    server::{models::scripted::Step, runs},
};
use std::sync::Arc;
use tokio::sync::Notify;

/// A run in mid-stream with `text` on the screen and in the database.
async fn in_mid_stream(stage: &Stage, text: &str) -> crate::ids::RunId {
    stage.script(vec![Step::text(text), Step::WaitFor(Arc::new(Notify::new()))]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_text(text).await;
    loop {
        let stored = stage.stored().await;
        if stored.last_answer().is_some_and(|answer| answer.text() == text) {
            return run;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_run_left_in_mid_stream_is_interrupted_with_its_text_and_booked_once() {
    let stage = Stage::set().await;
    let run = in_mid_stream(&stage, "Half an answer").await;
    let stage = stage.after_death().await;
    assert_eq!(status(&stage.run(run).await), (RunStatus::Interrupted, Some("interrupted")));
    let stored = stage.stored().await;
    let answer = stored.last_answer().unwrap();
    assert_eq!((answer.text().as_str(), answer.status), ("Half an answer", MessageStatus::Interrupted));
    assert_eq!(stage.app.store.system().calls_of_run(run).await.unwrap(), [("interrupted".to_owned(), true)]);

    assert_eq!(runs::recovery::settle_left_behind(&stage.app, i64::MAX).await.unwrap(), 0, "recovery is idempotent");
    stage.model.script(MODEL, says(&[", and the rest."]));
    let next = runs::go_on(&stage.app, &stage.member, run).await.unwrap();
    assert_eq!(status(&stage.ended(next.id).await).0, RunStatus::Completed);
}

#[tokio::test]
async fn a_late_owner_writes_nothing() {
    let stage = Stage::set().await;
    let gate = Arc::new(Notify::new());
    stage.script(vec![
        Step::text("Before"),
        Step::WaitFor(gate.clone()),
        Step::text(" after"),
        Step::finish(crate::server::models::FinishReason::Stop),
    ]);
    let mut watcher = stage.watch(None).await;
    let run = stage.send("Hello").await;
    watcher.until_text("Before").await;
    runs::recovery::settle_left_behind(&stage.app, i64::MAX).await.unwrap();
    gate.notify_one();
    stage.app.tasks.close();
    stage.app.tasks.wait().await;
    assert_eq!(status(&stage.run(run).await).0, RunStatus::Interrupted);
    assert!(!stage.stored().await.last_answer().unwrap().text().contains("after"));
    assert_eq!(stage.app.store.system().calls_of_run(run).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_viewer_from_before_the_death_is_given_exactly_what_is_stored() {
    let stage = Stage::set().await;
    in_mid_stream(&stage, "Seen and stored").await;
    let mut before = stage.watch(None).await;
    before.until_text("Seen and stored").await;
    let mut cursor = before.cursor();
    // The dead process had announced more than it had written.
    cursor.offset += 7;
    let stage = stage.after_death().await;
    let mut after = stage.watch(Some(cursor)).await;
    after.until(|_, event| matches!(event, ThreadEvent::Snapshot(_))).await;
    assert_eq!(after.conversation.messages, stage.stored().await.messages);
}

#[tokio::test]
async fn a_run_that_was_only_queued_starts() {
    let stage = Stage::set().await;
    stage.app.shutdown.cancel();
    let run = stage.send("Anybody there?").await;
    assert_eq!(stage.run(run).await.status, RunStatus::Queued);
    let stage = {
        let stage = stage.after_death_with(says(&["Yes."])).await;
        assert_eq!(status(&stage.ended(run).await).0, RunStatus::Completed);
        stage
    };
    assert_eq!(stage.stored().await.last_answer().unwrap().text(), "Yes.");
}
