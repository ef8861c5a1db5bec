//! Documents from an address: fetched in the background, through the guard, and again after a death.

use super::{
    ingest::{count, without_builders},
    learn, settled, text,
};
use crate::{
    error::AppError,
    ids::GroupId,
    model::document::{Document, DocumentKind, DocumentStatus},
    server::{
        knowledge::documents::{self, Added, Brought},
        store::versions::queue::Work,
    },
    tests::app::{Setup, TestApp, TestGroup},
};
use axum::{
    Router,
    http::header,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::Semaphore;
use uuid::Uuid;

const PAGE: &str = "<title>About beans</title><h1>Beans</h1><p>Warm.";

/// A server with a group, and a site. What stands at `/slow` is answered once it is allowed.
async fn site() -> (TestApp, TestGroup, SocketAddr, Arc<Semaphore>) {
    let allowed = Arc::new(Semaphore::new(0));
    let waits = allowed.clone();
    let site = Router::new()
        .route("/old", get(|| async { Redirect::temporary("/page") }))
        .route("/round", get(|| async { Redirect::temporary("/round") }))
        .route("/picture", get(|| async { b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec() }))
        .route("/beans", get(|| async { "Beans want warmth." }))
        .route("/page", get(|| async { page() }))
        .route(
            "/slow",
            get(move || async move {
                waits.acquire().await.unwrap().forget();
                page()
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let test = TestApp::with(Setup { private_addresses: true, ..Setup::default() }).await;
    test.app.tasks.spawn(async move { axum::serve(listener, site).await });
    let group = test.group("ours").await;
    (test, group, address, allowed)
}

fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
}

fn at(address: SocketAddr, place: &str) -> Brought {
    Brought::Address { title: None, url: format!("http://{address}/{place}") }
}

async fn add(test: &TestApp, group: &TestGroup, brought: Brought) -> Document {
    documents::add(&test.app, &group.owner.member, brought).await.unwrap().document()
}

#[tokio::test]
async fn a_slow_site_holds_no_request_and_no_other_document() {
    let (test, group, address, allowed) = site().await;
    let member = &group.owner.member;
    let slow = add(&test, &group, at(address, "slow ")).await;
    assert_eq!((slow.status, slow.title.as_str()), (DocumentStatus::Fetching, "slow"));
    assert_eq!((slow.kind, slow.size), (None, None), "nobody knows yet what it is");
    let told = test.get(&format!("/api/v1/groups/ours/knowledge/{}", slow.id), &group.owner.key).await.ok();
    assert_eq!((&told["kind"], &told["media_type"], &told["size"]), (&json!(null), &json!(null), &json!(null)));
    let silent = "SELECT COUNT(*) FROM events WHERE kind = 'document.added' AND json_type(data, '$.kind') = 'null' \
        AND json_type(data, '$.size') = 'null'";
    assert_eq!(count(&test, silent).await, 1);
    let again = add(&test, &group, at(address, "slow")).await;
    assert_eq!(again.id, slow.id, "two who name one address wait for one document");
    assert_eq!(learn(&test.app, member, text("Peas", "Peas like it cool.")).await.status, DocumentStatus::Ready);
    assert_eq!(test.app.store.documents(member).get(slow.id).await.unwrap().status, DocumentStatus::Fetching);
    allowed.add_permits(1);
    let fetched = settled(&test.app, member, slow.id).await;
    assert_eq!((fetched.status, fetched.title.as_str()), (DocumentStatus::Ready, "About beans"));
    assert_eq!((fetched.kind, fetched.size), (Some(DocumentKind::Html), Some(PAGE.len() as i64)));
}

#[tokio::test]
async fn what_cannot_be_fetched_fails_with_the_reason_and_is_tried_again_in_its_place() {
    let (test, group, address, _) = site().await;
    let member = &group.owner.member;
    for (place, why) in [("round", "without end"), ("missing", "404"), ("picture", "no text")] {
        let document = add(&test, &group, at(address, place)).await;
        let failed = settled(&test.app, member, document.id).await;
        assert_eq!(failed.status, DocumentStatus::Failed);
        assert!(failed.error.as_deref().unwrap().contains(why), "{failed:?}");
        let again = add(&test, &group, at(address, place)).await;
        assert_eq!((again.id, again.status), (document.id, DocumentStatus::Fetching));
        settled(&test.app, member, document.id).await;
    }
}

#[tokio::test]
async fn what_an_address_brings_stands_in_the_group_once() {
    let (test, group, address, _) = site().await;
    let member = &group.owner.member;
    let beans = learn(&test.app, member, text("Garden book", "Beans want warmth.")).await;
    let twin = add(&test, &group, at(address, "beans")).await;
    let twin = settled(&test.app, member, twin.id).await;
    assert!(twin.error.as_deref().unwrap().contains("already, as “Garden book”"), "{twin:?}");
    let replaced = documents::replace(&test.app, member, beans.id, at(address, "beans")).await.unwrap();
    assert_eq!(replaced.replacement.map(|new| new.status), Some(DocumentStatus::Fetching));
    let kept = settled(&test.app, member, beans.id).await;
    assert_eq!((kept.status, kept.replacement), (DocumentStatus::Ready, None), "it is what serves already");
    documents::replace(&test.app, member, beans.id, at(address, "old")).await.unwrap();
    let replaced = settled(&test.app, member, beans.id).await;
    assert_eq!((replaced.source_url, replaced.replacement), (Some(format!("http://{address}/old")), None));
}

#[tokio::test]
async fn an_address_that_is_known_is_answered_with_its_document() {
    let (test, group, address, _) = site().await;
    let member = &group.owner.member;
    let page = add(&test, &group, at(address, "page")).await;
    let page = settled(&test.app, member, page.id).await;
    let spaced = Brought::Address { title: Some("Other".to_owned()), url: format!("  http://{address}/page ") };
    for brought in [at(address, "page"), spaced] {
        let again = documents::add(&test.app, member, brought).await.unwrap();
        assert_eq!(again, Added::Known(page.clone()));
    }
    let list = test.app.store.documents(member).list(&Default::default(), None, 10).await.unwrap();
    assert_eq!(list.items, std::slice::from_ref(&page), "and nothing is left behind");
    let reply =
        test.post("/api/v1/groups/ours/knowledge", &group.owner.key, json!({ "url": format!("http://{address}/page") })).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["id"]), (200, &json!(page.id)));
    // In another group it is another document; and who replaces one has it fetched anew.
    let theirs = test.group("theirs").await;
    assert!(matches!(documents::add(&test.app, &theirs.owner.member, at(address, "page")).await, Ok(Added::New(_))));
    let replaced = documents::replace(&test.app, member, page.id, at(address, "page")).await.unwrap();
    assert_eq!(replaced.replacement.map(|new| new.status), Some(DocumentStatus::Fetching));
    settled(&test.app, member, page.id).await;
}

#[tokio::test]
async fn an_address_whose_fetching_died_is_asked_again() {
    let (test, group, address, _) = site().await;
    without_builders(&test).await;
    let document = add(&test, &group, at(address, "page")).await;
    let (first, until) = (GroupId::from_uuid(Uuid::nil()), test.app.clock.now() + 300_000);
    let claimed = test.app.store.system().claim_version(Work::Fetch, first, test.app.clock.uuid(), until).await.unwrap();
    assert_eq!(claimed.unwrap().job.document(), document.id);
    let next = test.open_again().await;
    assert_eq!(settled(&next.app, &group.owner.member, document.id).await.status, DocumentStatus::Ready);
}

#[tokio::test]
async fn what_is_no_address_or_a_private_one_is_refused_at_once() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    for url in ["no address", "ftp://example.org/a", "http://127.0.0.1:9/", "http://[::1]/"] {
        let brought = Brought::Address { title: None, url: url.to_owned() };
        let refused = documents::add(&test.app, &group.owner.member, brought).await;
        assert!(matches!(&refused, Err(AppError::Invalid { field: Some(field), .. }) if field == "url"), "{url}: {refused:?}");
    }
}
