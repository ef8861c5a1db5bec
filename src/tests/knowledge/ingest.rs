//! Building versions: once per content, beside the one that serves, and again after a death.

use super::{file, learn, samples, settled, text};
use crate::{
    error::AppError,
    ids::GroupId,
    model::{
        document::{DocumentStatus, Wanted},
        group::Role,
    },
    server::{
        knowledge::{
            documents::{self, Added, Content},
            search,
        },
        store::versions::{Claimed, queue::Work},
    },
    tests::app::{TestApp, TestGroup},
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

async fn ours(test: &TestApp) -> TestGroup {
    test.group("ours").await
}

/// Looks into the database past the store.
pub async fn count(test: &TestApp, sql: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(test.data().join("guildhall.db"));
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut db).await.unwrap()
}

async fn rows(test: &TestApp) -> [i64; 4] {
    [
        count(test, "SELECT COUNT(*) FROM documents").await,
        count(test, "SELECT COUNT(*) FROM document_versions").await,
        count(test, "SELECT COUNT(*) FROM uploads").await,
        count(test, "SELECT COUNT(*) FROM chunks").await,
    ]
}

#[tokio::test]
async fn a_document_is_read_in_the_background_and_found() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let added = documents::add(app, member, file("Garden book.pdf", samples::pdf(&["Beans want warmth."]))).await.unwrap();
    assert!(matches!(&added, Added::New(document) if document.status == DocumentStatus::Queued), "{added:?}");
    let document = settled(app, member, added.document().id).await;
    assert_eq!((document.title.as_str(), document.status, document.chunks), ("Garden book", DocumentStatus::Ready, 1));
    let found = search(app, member, "warmth for beans", 5).await.unwrap();
    assert_eq!(found[0].document_id, document.id);
    assert!(found[0].content.contains("Beans want warmth."));
    assert_eq!(rows(&test).await, [1, 1, 0, 1], "what came in is not kept once it was read");
    assert_eq!(count(&test, "SELECT COUNT(*) FROM events WHERE kind IN ('document.added', 'document.ready')").await, 2);
}

#[tokio::test]
async fn the_same_content_is_recognised() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let first = learn(app, member, text("Beans", "Beans want warmth.")).await;
    let again = documents::add(app, member, text("Other title", "Beans want warmth.")).await.unwrap();
    assert_eq!(again, Added::Known(first.clone()));
    let other = learn(app, member, text("Peas", "Peas like it cool.")).await;
    let refused = documents::replace(app, member, other.id, text("Peas", "Beans want warmth.")).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })), "{refused:?}");
    // In another group it is another document.
    let theirs = test.group("theirs").await;
    assert!(matches!(documents::add(app, &theirs.owner.member, text("B", "Beans want warmth.")).await, Ok(Added::New(_))));
}

#[tokio::test]
async fn what_failed_is_tried_again_in_its_place() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let failed = learn(app, member, file("a.json", "{oops")).await;
    assert_eq!(failed.status, DocumentStatus::Failed);
    assert_eq!(rows(&test).await, [1, 1, 0, 0], "the content of what failed is not kept");
    let again = documents::add(app, member, file("a.json", "{oops")).await.unwrap();
    assert!(matches!(&again, Added::New(document) if document.id == failed.id));
    settled(app, member, failed.id).await;
    assert_eq!(rows(&test).await, [1, 1, 0, 0]);
}

#[tokio::test]
async fn a_replacement_is_built_beside_what_serves_and_takes_its_place() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let before = learn(app, member, text("Beans", "Beans want warmth.")).await;
    let replaced = documents::replace(app, member, before.id, file("new.json", r#"{"beans":"want rain"}"#)).await.unwrap();
    assert_eq!(
        (replaced.status, replaced.replacement.map(|new| new.status)),
        (DocumentStatus::Ready, Some(DocumentStatus::Queued))
    );
    let after = settled(app, member, before.id).await;
    assert_eq!((after.title.as_str(), after.status, after.replacement), ("Beans", DocumentStatus::Ready, None));
    let found = search(app, member, "beans rain warmth", 5).await.unwrap();
    assert!(found.iter().all(|passage| passage.content.contains("rain")), "the old text is found no more");
    assert_eq!(rows(&test).await, [1, 1, 0, 1]);

    let failed = documents::replace(app, member, before.id, file("broken.json", "{")).await.unwrap();
    let failed = settled(app, member, failed.id).await;
    assert_eq!(failed.status, DocumentStatus::Ready, "what served goes on serving");
    assert_eq!(failed.replacement.map(|new| new.status), Some(DocumentStatus::Failed));
    assert_eq!(search(app, member, "rain", 5).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_content_of_a_failed_replacement_does_not_take_the_document_over() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let beans = learn(app, member, text("Beans", "Beans want warmth.")).await;
    documents::replace(app, member, beans.id, file("broken.json", "{")).await.unwrap();
    settled(app, member, beans.id).await;
    let added = documents::add(app, member, file("broken.json", "{")).await.unwrap().document();
    assert_ne!(added.id, beans.id);
    assert_eq!(app.store.documents(member).get(beans.id).await.unwrap().title, "Beans");
    settled(app, member, added.id).await;
    let again = documents::add(app, member, file("broken.json", "{")).await.unwrap().document();
    assert_eq!(again.id, added.id, "where nothing serves, the place is used again");
}

#[tokio::test]
async fn a_document_that_is_replaced_with_what_serves_is_not_replaced() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let beans = learn(app, member, text("Beans", "Beans want warmth.")).await;
    documents::replace(app, member, beans.id, file("broken.json", "{")).await.unwrap();
    settled(app, member, beans.id).await;
    let kept = documents::replace(app, member, beans.id, text("Beans", "Beans want warmth.")).await.unwrap();
    assert_eq!((kept.status, kept.replacement), (DocumentStatus::Ready, None));
    assert_eq!(rows(&test).await, [1, 1, 0, 1]);
}

#[tokio::test]
async fn deleting_leaves_nothing_but_the_audit_log() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let document = learn(app, member, text("Beans", &"Beans want warmth.\n\n".repeat(300))).await;
    assert!(document.chunks > 1);
    documents::delete(app, member, document.id).await.unwrap();
    assert_eq!(rows(&test).await, [0, 0, 0, 0]);
    assert!(search(app, member, "beans", 5).await.unwrap().is_empty());
    assert_eq!(documents::delete(app, member, document.id).await, Err(AppError::NotFound));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM events WHERE kind = 'document.deleted'").await, 1);
}

#[tokio::test]
async fn a_member_changes_only_what_they_added() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let app = &test.app;
    let other = test.member(&group.group, "other", Role::Member).await;
    let document = learn(app, &group.owner.member, text("Beans", "Beans want warmth.")).await;
    let refused = documents::delete(app, &other.member, document.id).await;
    assert!(matches!(refused, Err(AppError::Forbidden { .. })), "{refused:?}");
    let own = learn(app, &other.member, text("Peas", "Peas like it cool.")).await;
    documents::delete(app, &other.member, own.id).await.unwrap();
    let own = learn(app, &other.member, text("Peas", "Peas like it cool.")).await;
    documents::delete(app, &group.owner.member, own.id).await.unwrap();
}

/// Claims what waits, as a builder does that dies afterwards.
pub async fn claim(test: &TestApp) -> Option<Claimed> {
    let (until, first) = (test.app.clock.now() + 300_000, GroupId::from_uuid(Uuid::nil()));
    test.app.store.system().claim_version(Work::Build, first, test.app.clock.uuid(), until).await.unwrap()
}

/// A server that builds nothing: its builders have stopped.
pub async fn without_builders(test: &TestApp) {
    test.app.shutdown.cancel();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
}

#[tokio::test]
async fn whatever_a_dead_process_was_at_is_finished_by_the_next() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let old = learn(app, member, text("Beans", "Beans want warmth.")).await;
    without_builders(&test).await;
    let long = "Peas like it cool.\n\n".repeat(400);
    // One waits; one was claimed; one has its text; one has part of its passages, beside what serves.
    documents::add(app, member, text("Waiting", "Still to be read.")).await.unwrap();
    let claimed = claim(&test).await.unwrap();
    documents::add(app, member, text("Queued", "Not even begun.")).await.unwrap();
    documents::replace(app, member, old.id, text("Beans", &long)).await.unwrap();
    let queued = claim(&test).await.unwrap();
    let replacement = claim(&test).await.unwrap();
    assert_eq!((queued.title.as_str(), replacement.title.as_str()), ("Queued", "Beans"));
    let building = app.store.building(replacement.job);
    let chunks = crate::server::knowledge::chunk::chunks(&long, false, &crate::server::knowledge::chunk::word_pieces);
    let mut tx = app.store.begin().await.unwrap();
    assert!(building.keep_text(&mut tx, &long).await.unwrap());
    assert!(building.add_chunks(&mut tx, &chunks[..5], app.clock.now() + 300_000).await.unwrap());
    tx.commit().await.unwrap();
    let found = search(app, member, "beans warmth peas", 5).await.unwrap();
    assert!(found.iter().any(|passage| passage.content.contains("warmth")), "the old one serves, whole");

    let next = test.open_again().await;
    for document in app.store.documents(member).list(&Default::default(), None, 10).await.unwrap().items {
        let document = settled(&next.app, member, document.id).await;
        assert_eq!((document.status, document.replacement), (DocumentStatus::Ready, None), "{}", document.title);
    }
    assert_eq!(settled(&next.app, member, old.id).await.chunks, chunks.len() as i64);
    assert_eq!(
        count(&next, "SELECT COUNT(*) FROM chunks c JOIN documents d ON d.version_id = c.version_id").await,
        rows(&next).await[3]
    );
    // The dead one comes back: it changes nothing.
    let mut tx = next.app.store.begin().await.unwrap();
    assert!(!next.app.store.building(claimed.job).serve(&mut tx, 0, 0).await.unwrap());
    assert!(!next.app.store.building(replacement.job).fail(&mut tx, "late", 0).await.unwrap());
    drop(tx);
    assert_eq!(search(&next.app, member, "warmth", 5).await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_ends_the_server_three_times_is_given_up() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    without_builders(&test).await;
    let poison = documents::add(&test.app, &group.owner.member, text("Poison", "Words.")).await.unwrap().document();
    for _ in 0..3 {
        assert!(claim(&test).await.is_some());
        test.app.store.system().requeue_versions(i64::MAX).await.unwrap();
    }
    let next = test.open_again().await;
    let document = settled(&next.app, &group.owner.member, poison.id).await;
    assert_eq!(document.status, DocumentStatus::Failed);
    assert!(document.error.unwrap().contains("3 times"));
}

#[tokio::test]
async fn an_excerpt_is_whole_characters_around_the_passage() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let words = "Füße und Größe. ".repeat(8_000);
    let document = learn(app, member, text("Long", &words)).await;
    let (start, end) = (90_001, 90_040);
    let wanted = Wanted { start: Some(start), end: Some(end), from: None };
    let excerpt = documents::excerpt(app, member, document.id, wanted).await.unwrap();
    assert_eq!(excerpt.length, words.len() as i64);
    let shown = format!("{}{}{}", excerpt.before, excerpt.passage, excerpt.after);
    assert_eq!(shown, words[excerpt.start as usize..excerpt.end as usize]);
    assert!((38..=41).contains(&excerpt.passage.len()), "{:?}", excerpt.passage);
    let beyond = Wanted { start: Some(i64::MAX - 10), end: Some(i64::MAX), from: Some(i64::MAX - 60_000) };
    assert_eq!(documents::excerpt(app, member, document.id, beyond).await.unwrap().passage, "");
}

#[tokio::test]
async fn a_page_names_its_document_unless_somebody_did() {
    let test = TestApp::start().await;
    let group = ours(&test).await;
    let (app, member) = (&test.app, &group.owner.member);
    let page = "<title>About beans</title><p>Warm.";
    assert_eq!(learn(app, member, file("x.html", page)).await.title, "About beans");
    let named = Content { title: Some("Mine".to_owned()), ..file("x.html", format!("{page} Very.")) };
    assert_eq!(learn(app, member, named).await.title, "Mine");
}
