//! Searching under plans that restrict which models may be called.

use super::{Counting, indexed};
use crate::{
    model::{agent::LOOKS, message::Part, run::RunStatus},
    server::{
        agents,
        knowledge::generations,
        plans::{self, file::parse},
        store::chunks::fixture,
    },
    tests::app::{Setup, TestApp, TestGroup},
};
use std::sync::Arc;

/// A group whose agent looks first, and whose passages have vectors of this embedder.
async fn looking(embedder: &str) -> (TestApp, TestGroup, Counting) {
    let plans = parse(r#"{"usual": "house", "plans": {"house": {}, "narrow": {"models": ["scripted/prompt"]}}}"#).unwrap();
    let app = TestApp::with(Setup { plans, ..Setup::default() }).await;
    let (group, counting) = (app.group("one").await, Counting::default());
    let member = &group.owner.member;
    app.app.embedders.insert(embedder, Arc::new(counting.clone()));
    fixture::put(&app.app.store, member, "Beans", &["Water the beans at dawn."]).await.unwrap();
    generations::choose(&app.app, &member.admin().unwrap(), Some(&format!("{embedder}/words"))).await.unwrap();
    indexed(&app).await;
    plans::give(&app.app, group.group.id, "narrow").await.unwrap();
    counting.asked();
    (app, group, counting)
}

/// Asks the group's agent, which looks first; answers what it found.
async fn found(app: &TestApp, group: &TestGroup) -> Vec<String> {
    let by = &group.owner;
    let mut draft = app.agent(by, "Gardener", "prompt").await.draft;
    (draft.name, draft.tools, draft.look_first) = (draft.name.clone() + " two", vec![LOOKS.to_owned()], true);
    let agent = agents::create(&app.app, &by.member.admin().unwrap(), draft).await.unwrap();
    let thread = app.thread(by, agent.id).await;
    let sent = app.answered(by, thread, "When do I water the beans?").await;
    assert_eq!(app.ended(&by.member, sent.run_id).await.status, RunStatus::Completed);
    let seen = app.app.store.streams(&by.member).snapshot(thread, 100).await.unwrap();
    let parts = seen.snapshot.messages.into_iter().flat_map(|message| message.parts);
    parts.filter_map(|part| if let Part::Source { passage, .. } = part { Some(passage) } else { None }).collect()
}

#[tokio::test]
async fn looking_first_goes_by_words_where_the_plan_leaves_the_embedder_out() {
    let (app, group, counting) = looking("other").await;
    assert_eq!(found(&app, &group).await, ["Water the beans at dawn."]);
    assert_eq!(counting.asked(), Vec::<String>::new(), "a model that the plan leaves out is not called");
}

#[tokio::test]
async fn looking_first_goes_by_meaning_too_where_the_embedder_is_the_servers_own() {
    let (app, group, counting) = looking("local").await;
    assert_eq!(found(&app, &group).await, ["Water the beans at dawn."]);
    assert_eq!(counting.asked(), ["When do I water the beans?"], "search by meaning is for every group");
}
