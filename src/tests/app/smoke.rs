//! The test server itself: that it starts, answers, and remembers over a restart.

use super::{ANSWER, TestApp};
use crate::model::{group::Role, message, run::RunStatus};
use serde_json::json;

#[tokio::test]
async fn a_message_is_answered_and_remembered_over_a_restart() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    let sent = app.send(&lab.owner, thread, "Good morning").await;
    assert_eq!(app.ended(&lab.owner.member, sent.run_id).await.status, RunStatus::Completed);

    let app = app.restart().await;
    let known = app.call_fn("me", json!({}), &lab.owner.cookie).await.ok();
    assert_eq!(known["person"]["name"], "owner-of-lab");
    let stored = app.app.store.messages(&lab.owner.member).before(thread, i64::MAX, 10).await.expect("messages");
    let said: Vec<_> = stored.messages.iter().map(|message| (message.role, message.text())).collect();
    assert_eq!(said, [(message::Role::User, "Good morning".to_owned()), (message::Role::Assistant, ANSWER.to_owned())]);
}

#[tokio::test]
async fn the_stream_of_a_browser_tells_of_an_answer() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let ada = app.member(&lab.group, "ada", Role::Member).await;
    let thread = app.thread(&ada, lab.agent).await;
    let mut events = app.live(&format!("?thread={thread}@"), &ada.cookie).await;
    app.send(&ada, thread, "Good morning").await;
    let ended = |event: &super::events::Sse| event.data["event"]["data"]["status"] == "completed";
    let seen = events.until(ended).await;
    assert!(seen.iter().any(|event| event.data["event"]["kind"] == "snapshot"), "{seen:?}");
}
