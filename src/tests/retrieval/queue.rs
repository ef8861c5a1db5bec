//! The queue of what is to be embedded: nothing is lost, nothing is done twice.

use super::{Counting, DIMENSION, indexed, search::ask, with_embedder};
use crate::{
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        retrieval::SearchMode,
    },
    server::{
        budgets,
        knowledge::{generations, indexer::Indexer},
        models::ModelError,
        store::chunks::fixture,
    },
    tests::{app::TestApp, tenancy::count},
};
use std::sync::Arc;

#[tokio::test]
async fn the_same_text_is_embedded_once_in_a_group() {
    let (app, counting) = with_embedder().await;
    let (one, two) = (app.group("one").await, app.group("two").await);
    let texts = ["Alpha.", "Beta.", "Alpha."];
    for _ in 0..2 {
        fixture::put(&app.app.store, &one.owner.member, "T", &texts).await.unwrap();
    }
    fixture::put(&app.app.store, &two.owner.member, "T", &["Alpha."]).await.unwrap();
    indexed(&app).await;
    let mut asked = counting.asked();
    asked.sort();
    assert_eq!(asked, ["T\nAlpha.", "T\nAlpha.", "T\nBeta."], "once in each group");
    indexed(&app).await;
    assert!(counting.asked().is_empty());
}

/// The process dies after a batch and before the next: another takes up what was left, and does nothing again.
#[tokio::test]
async fn what_a_dead_process_left_is_taken_up() {
    let (app, counting) = with_embedder().await;
    let group = app.group("one").await;
    let texts: Vec<String> = (0..9).map(|number| format!("Passage number {number}.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fixture::put(&app.app.store, &group.owner.member, "T", &texts).await.unwrap();
    let mut first = Indexer::new(app.app.clone());
    assert!(first.round().await.unwrap() && first.round().await.unwrap());
    assert_eq!(counting.asked().len(), 4, "two batches");
    // A call that is given up in the middle has written nothing.
    drop(first);
    let second = app.open_again().await;
    second.app.embedders.insert("local", Arc::new(counting.clone()));
    indexed(&second).await;
    assert_eq!(counting.asked().len(), 5);
    let member = crate::server::member::of_group(&second.app, group.owner.person.clone(), &group.group.slug).await.unwrap();
    let progress = second.app.store.embeddings(&member).progress(None).await.unwrap();
    assert_eq!(progress.passages, 9);
    assert_eq!(ask(&second, &member, "passage number", SearchMode::Vectors).await.passages.len(), 9);
}

/// Embedding is interrupted while it waits for its answer, at every call.
#[tokio::test]
async fn a_batch_that_is_given_up_in_the_middle_is_done_again() {
    let app = TestApp::start().await;
    let slow = Slow(Counting::default());
    app.app.embedders.insert("local", Arc::new(slow));
    let group = app.group("one").await;
    fixture::put(&app.app.store, &group.owner.member, "T", &["One.", "Two."]).await.unwrap();
    let mut indexer = Indexer::new(app.app.clone());
    let round = tokio::time::timeout(std::time::Duration::from_millis(50), indexer.round()).await;
    assert!(round.is_err(), "it waits for the embedder");
    app.app.embedders.insert("local", Arc::new(Counting::default()));
    indexed(&app).await;
    assert_eq!(ask(&app, &group.owner.member, "one", SearchMode::Vectors).await.passages.len(), 2);
}

struct Slow(Counting);

impl crate::server::embedders::Embedder for Slow {
    fn embed(
        &self,
        _: String,
        _: Vec<String>,
    ) -> futures::future::BoxFuture<'static, Result<crate::server::embedders::Vectors, ModelError>> {
        Box::pin(std::future::pending())
    }

    fn batch(&self) -> usize {
        self.0.batch()
    }

    fn usual_model(&self) -> Option<&'static str> {
        self.0.usual_model()
    }

    fn price(&self, _: &str) -> Option<i64> {
        None
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

#[tokio::test]
async fn what_was_removed_meanwhile_gets_no_vector() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let of = fixture::put(&app.app.store, &group.owner.member, "T", &["Here today."]).await.unwrap();
    let mut indexer = Indexer::new(app.app.clone());
    // The generation begins and its first batch is made; then everything goes, with what waits.
    assert!(indexer.round().await.unwrap());
    fixture::put(&app.app.store, &group.owner.member, "T", &["Gone tomorrow."]).await.unwrap();
    fixture::delete(&app.app.store, of).await.unwrap();
    while indexer.round().await.unwrap() {}
    assert_eq!(ask(&app, &group.owner.member, "here today", SearchMode::Vectors).await.passages.len(), 1);
}

#[tokio::test]
async fn a_text_that_the_embedder_refuses_holds_nobody_up() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["Fine.", "This is unspeakable.", "Also fine."]).await.unwrap();
    indexed(&app).await;
    let found = ask(&app, member, "fine", SearchMode::Vectors).await;
    assert_eq!(found.passages.len(), 2);
    assert_eq!(ask(&app, member, "unspeakable", SearchMode::Text).await.passages.len(), 1, "words find it all the same");
}

#[tokio::test]
async fn a_provider_that_is_away_is_left_alone_and_asked_again() {
    let app = TestApp::start_at(1_700_000_000_000).await;
    let counting = Counting::default();
    app.app.embedders.insert("local", Arc::new(counting.clone()));
    let group = app.group("one").await;
    fixture::put(&app.app.store, &group.owner.member, "T", &["Some text."]).await.unwrap();
    counting.fail(Some(ModelError::Unavailable { detail: "away".to_owned() }));
    let mut indexer = Indexer::new(app.app.clone());
    assert!(indexer.round().await.unwrap());
    assert!(!indexer.round().await.unwrap(), "it is left alone");
    counting.fail(None);
    app.app.clock.advance(std::time::Duration::from_secs(3));
    assert!(indexer.round().await.unwrap());
    assert_eq!(counting.asked(), ["T\nSome text."]);
}

#[tokio::test]
async fn each_provider_that_is_away_is_left_alone_by_itself() {
    let app = TestApp::start_at(1_700_000_000_000).await;
    let (local, other) = (Counting::default(), Counting::default());
    app.app.embedders.insert("local", Arc::new(local.clone()));
    app.app.embedders.insert("other", Arc::new(other.clone()));
    let (one, two) = (app.group("one").await, app.group("two").await);
    generations::choose(&app.app, &two.owner.member.admin().unwrap(), Some("other/words")).await.unwrap();
    for group in [&one, &two] {
        fixture::put(&app.app.store, &group.owner.member, "T", &["Some text."]).await.unwrap();
    }
    other.asked();
    for away in [&local, &other] {
        away.fail(Some(ModelError::Unavailable { detail: "away".to_owned() }));
    }
    let mut indexer = Indexer::new(app.app.clone());
    assert!(indexer.round().await.unwrap() && indexer.round().await.unwrap());
    assert!(!indexer.round().await.unwrap(), "both are left alone");
    other.fail(None);
    app.app.clock.advance(std::time::Duration::from_secs(3));
    assert!(indexer.round().await.unwrap() && indexer.round().await.unwrap());
    assert_eq!(other.asked(), ["T\nSome text."]);
    app.app.clock.advance(std::time::Duration::from_secs(3));
    assert!(!indexer.round().await.unwrap(), "that one came back says nothing of the other, which failed twice");
}

/// What kills whatever reads it is found among its neighbours, and given up alone.
#[tokio::test]
async fn a_text_that_kills_the_embedder_holds_nobody_up() {
    let app = TestApp::start_at(1_700_000_000_000).await;
    app.app.embedders.insert("local", Arc::new(Counting::default()));
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One.", "This is deadly.", "Two.", "Three."]).await.unwrap();
    let mut indexer = Indexer::new(app.app.clone());
    for _ in 0..12 {
        while indexer.round().await.unwrap() {}
        app.app.clock.advance(std::time::Duration::from_secs(600));
    }
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.embedded, state.waiting, state.given_up), (3, 0, 1));
}

#[tokio::test]
async fn every_call_is_a_row_of_the_ledger() {
    let (app, counting) = with_embedder().await;
    let group = app.group("one").await;
    fixture::put(&app.app.store, &group.owner.member, "T", &["One.", "Two.", "Three."]).await.unwrap();
    indexed(&app).await;
    assert_eq!(count(&app, "calls").await, 2, "two batches");
    ask(&app, &group.owner.member, "one", SearchMode::Both).await;
    assert_eq!(count(&app, "calls").await, 3);
    counting.fail(Some(ModelError::Unavailable { detail: "away".to_owned() }));
    let found = ask(&app, &group.owner.member, "two", SearchMode::Both).await;
    assert!(found.note.is_some() && !found.passages.is_empty());
    assert_eq!(count(&app, "calls").await, 4, "a failed one, too");
}

#[tokio::test]
async fn vectors_of_another_length_are_not_kept() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    fixture::put(&app.app.store, &group.owner.member, "T", &["One."]).await.unwrap();
    indexed(&app).await;
    let stored = crate::server::knowledge::generations::serving(&app.app, &group.owner.member).await.unwrap().ok().unwrap();
    assert_eq!(stored.serving.dimension, DIMENSION);
}

/// What a budget does not allow is not sent to the embedder: passages wait, and searches go on by words.
#[tokio::test]
async fn a_budget_that_is_used_up_stops_embedding_and_not_searching() {
    let app = TestApp::start_at(1_795_000_000_000).await;
    let counting = Counting::default();
    app.app.embedders.insert("local", Arc::new(counting.clone()));
    let group = app.group("one").await;
    let member = &group.owner.member;
    let (scope, unit, period) = (Scope::Group, Unit::Tokens, Period::Month);
    let draft = BudgetDraft { scope, scope_id: None, unit, period, cap: 3, hard: true };
    let budget = budgets::add(&app.app, &member.admin().unwrap(), draft).await.unwrap().id;
    fixture::put(&app.app.store, member, "T", &["One.", "Two."]).await.unwrap();
    let mut indexer = Indexer::new(app.app.clone());
    while indexer.round().await.unwrap() {}
    let found = ask(&app, member, "one", SearchMode::Both).await;
    assert_eq!(found.passages.len(), 1);
    assert!(found.note.is_some());
    budgets::set_cap(&app.app, &member.admin().unwrap(), budget, 1_000).await.unwrap();
    assert!(!indexer.round().await.unwrap(), "the group is left alone for a while");
    assert!(counting.asked().is_empty());
    app.app.clock.advance(std::time::Duration::from_secs(301));
    while indexer.round().await.unwrap() {}
    assert_eq!(counting.asked().len(), 2);
    assert!(ask(&app, member, "one", SearchMode::Both).await.note.is_none());
    let stands = budgets::list(&app.app, &member.admin().unwrap()).await.unwrap().remove(0);
    assert_eq!((stands.spent, stands.reserved), (3, 0), "two passages and a query");
    budgets::set_cap(&app.app, &member.admin().unwrap(), budget, 4).await.unwrap();
    let found = ask(&app, member, "two", SearchMode::Both).await;
    assert!(found.note.unwrap().contains("Only words"), "and it says so");
}
