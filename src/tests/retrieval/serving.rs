//! Versions that do not serve yet: nobody finds them, and they take no place from what serves.

use super::{
    indexed,
    search::{ask, titles},
    with_embedder,
};
use crate::{model::retrieval::SearchMode, server::store::chunks::fixture};

#[tokio::test]
async fn only_the_version_that_serves_is_found() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let old = fixture::put(store, member, "Hours", &["Open until seven."]).await.unwrap();
    let new = fixture::version(store, member, old.document, "Hours", &["Open until nine."]).await.unwrap();
    indexed(&app).await;
    let contents = async || {
        let found = ask(&app, member, "open until when", SearchMode::Both).await;
        found.passages.into_iter().map(|one| one.content).collect::<Vec<_>>()
    };
    assert_eq!(contents().await, ["Open until seven."]);
    fixture::serve(store, new).await.unwrap();
    fixture::forget(store, old).await.unwrap();
    assert_eq!(contents().await, ["Open until nine."]);
    fixture::delete(store, new).await.unwrap();
    assert_eq!(contents().await, Vec::<String>::new());
}

/// More passages than a ranking brings, each better than the one that serves.
#[tokio::test]
async fn a_version_under_construction_crowds_nothing_out() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    fixture::put(store, member, "Hours", &["Open until seven, but for the days on which nobody is there."]).await.unwrap();
    let replaced = fixture::put(store, member, "Other", &["Something else."]).await.unwrap();
    let texts: Vec<String> = (0..150).map(|number| format!("Open until seven, {number}.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fixture::version(store, member, replaced.document, "Other", &texts).await.unwrap();
    indexed(&app).await;
    for mode in [SearchMode::Text, SearchMode::Vectors, SearchMode::Both] {
        assert_eq!(titles(&ask(&app, member, "open until seven", mode).await)[0], "Hours", "{mode:?}");
    }
}

/// What two versions share serves, whichever of them is hidden.
#[tokio::test]
async fn a_passage_that_the_next_version_keeps_is_found_meanwhile() {
    let (app, _) = with_embedder().await;
    let group = app.group("one").await;
    let (store, member) = (&app.app.store, &group.owner.member);
    let of = fixture::put(store, member, "Hours", &["Open until seven."]).await.unwrap();
    fixture::version(store, member, of.document, "Hours", &["Open until seven.", "Closed on Mondays."]).await.unwrap();
    indexed(&app).await;
    for mode in [SearchMode::Text, SearchMode::Vectors, SearchMode::Both] {
        assert_eq!(ask(&app, member, "open until seven", mode).await.passages.len(), 1, "{mode:?}");
    }
}
