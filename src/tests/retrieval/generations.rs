//! Changing the embedder: the old vectors serve until the new ones are whole.

use super::{Counting, indexed, search::ask, with_embedder};
use crate::{
    model::retrieval::SearchMode,
    server::{
        knowledge::{generations, indexer::Indexer},
        models::ModelError,
        store::chunks::fixture,
    },
    tests::app::TestApp,
};
use std::{sync::Arc, time::Duration};

#[tokio::test]
async fn the_old_vectors_serve_until_the_new_ones_are_whole() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One.", "Two.", "Three.", "Four."]).await.unwrap();
    indexed(&app).await;
    let other = Counting::default();
    app.app.embedders.insert("other", Arc::new(other.clone()));
    let admin = member.admin().unwrap();
    generations::choose(&app.app, &admin, Some("other/wide")).await.unwrap();
    let mut indexer = Indexer::new(app.app.clone());
    assert!(indexer.round().await.unwrap());
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.building.as_deref()), (Some("local/words"), Some("other/wide")));
    assert_eq!(ask(&app, member, "three", SearchMode::Vectors).await.passages.len(), 4, "all are found meanwhile");
    while indexer.round().await.unwrap() {}
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.building), (Some("other/wide"), None));
    other.asked();
    assert_eq!(ask(&app, member, "three", SearchMode::Vectors).await.passages.len(), 4);
    assert_eq!(other.asked(), ["three"], "queries go to the new one");
}

#[tokio::test]
async fn a_change_of_mind_before_the_new_ones_are_whole_costs_nothing() {
    let (app, counting) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One.", "Two.", "Three."]).await.unwrap();
    indexed(&app).await;
    let other = Counting::default();
    app.app.embedders.insert("other", Arc::new(other.clone()));
    let admin = member.admin().unwrap();
    generations::choose(&app.app, &admin, Some("other/words")).await.unwrap();
    other.fail(Some(ModelError::Unavailable { detail: "away".to_owned() }));
    indexed(&app).await;
    counting.asked();
    generations::choose(&app.app, &admin, None).await.unwrap();
    indexed(&app).await;
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.building, state.embedded), (Some("local/words"), None, 3));
    assert!(counting.asked().is_empty());
}

#[tokio::test]
async fn a_model_that_does_not_work_is_found_out_by_whoever_chooses_it() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One."]).await.unwrap();
    indexed(&app).await;
    let other = Counting::default();
    other.fail(Some(ModelError::InvalidRequest { detail: "no such model".to_owned() }));
    app.app.embedders.insert("other", Arc::new(other));
    let refused = generations::choose(&app.app, &member.admin().unwrap(), Some("other/wrod")).await.unwrap_err();
    assert_eq!((refused.status(), refused.field()), (422, Some("embedder")));
    assert!(refused.to_string().contains("no such model"), "{refused}");
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.building), (Some("local/words"), None));
}

#[tokio::test]
async fn what_refuses_passages_never_takes_the_place_of_what_serves() {
    let app = TestApp::start_at(1_700_000_000_000).await;
    let group = app.group("one").await;
    app.app.embedders.insert("local", Arc::new(Counting::default()));
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One.", "Two.", "Three."]).await.unwrap();
    indexed(&app).await;
    let other = Counting::default();
    app.app.embedders.insert("other", Arc::new(other.clone()));
    let admin = member.admin().unwrap();
    generations::choose(&app.app, &admin, Some("other/words")).await.unwrap();
    other.fail(Some(ModelError::InvalidRequest { detail: "not today".to_owned() }));
    for _ in 0..8 {
        indexed(&app).await;
        app.app.clock.advance(Duration::from_secs(600));
    }
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.given_up), (Some("local/words"), 3));
    assert_eq!(ask(&app, member, "three", SearchMode::Vectors).await.passages.len(), 3, "the old vectors serve");
    other.fail(None);
    generations::choose(&app.app, &admin, Some("other/words")).await.unwrap();
    indexed(&app).await;
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.embedded), (Some("other/words"), 3), "chosen again it is tried again");
}

#[tokio::test]
async fn a_generation_is_whole_once_what_it_waited_for_was_deleted() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One.", "Two."]).await.unwrap();
    let gone = fixture::put(&app.app.store, member, "T", &["Three.", "Four."]).await.unwrap();
    indexed(&app).await;
    app.app.embedders.insert("other", Arc::new(Counting::default()));
    generations::choose(&app.app, &member.admin().unwrap(), Some("other/words")).await.unwrap();
    assert!(Indexer::new(app.app.clone()).round().await.unwrap());
    fixture::delete(&app.app.store, gone).await.unwrap();
    indexed(&app).await;
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving.as_deref(), state.building, state.embedded), (Some("other/words"), None, 2));
}

#[tokio::test]
async fn none_is_a_choice_too() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let member = &group.owner.member;
    fixture::put(&app.app.store, member, "T", &["One."]).await.unwrap();
    indexed(&app).await;
    generations::choose(&app.app, &member.admin().unwrap(), Some("")).await.unwrap();
    indexed(&app).await;
    let state = generations::state(&app.app, member).await.unwrap();
    assert_eq!((state.serving, state.embedded), (None, 0));
    assert!(ask(&app, member, "one", SearchMode::Both).await.note.is_some());
    let unknown = generations::choose(&app.app, &member.admin().unwrap(), Some("nowhere/model")).await;
    assert!(unknown.is_err_and(|error| error.field() == Some("embedder")));
}
