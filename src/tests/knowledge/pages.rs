//! The pages of documents, as they are without a script.

use super::{learn, rest::form, settled, text};
use crate::{
    model::document::DocumentFilter,
    tests::app::{Reply, TestApp},
};
use axum::{body::Body, http::Request};

async fn page(test: &TestApp, path: &str, cookie: &str) -> Reply {
    let request = Request::get(path).header("cookie", cookie).header("accept", "text/html");
    test.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_link_to_a_passage_shows_it_marked_in_its_document() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let words = "Before <it>. The passage & more. After.";
    let document = learn(&test.app, &group.owner.member, text("Notes", words)).await;
    let start = words.find("The").unwrap();
    let end = words.find(" After").unwrap();
    let path = format!("/g/ours/knowledge/{}?start={start}&end={end}", document.id);
    let shown = page(&test, &path, &group.owner.cookie).await;
    assert_eq!(shown.status, 200);
    // Where two texts meet, a comment keeps them apart.
    let html = shown.text().replace("<!>", "");
    let (before, rest) = html.split_once("<mark").expect("a marked passage");
    assert!(rest.split_once('>').unwrap().1.starts_with("The passage &amp; more.</mark>"), "{rest:.200}");
    assert!(before.ends_with("Before &lt;it&gt;. "), "the text before it is there");
    assert!(rest.contains(" After."));
    let stranger = test.group("theirs").await.owner;
    assert_eq!(page(&test, &path, &stranger.cookie).await.status, 404);
    let theirs = path.replace("/g/ours/", "/g/theirs/");
    assert_eq!(page(&test, &theirs, &stranger.cookie).await.status, 404);
    assert_eq!(page(&test, "/g/ours/knowledge/nonsense", &group.owner.cookie).await.status, 404);
}

#[tokio::test]
async fn a_plain_form_adds_several_files_and_comes_back_to_the_list() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let send = async |body: Vec<u8>| {
        let request = Request::post("/g/ours/knowledge/files").header("cookie", &group.owner.cookie);
        let request = request.header("content-type", "multipart/form-data; boundary=x").header("sec-fetch-site", "same-origin");
        test.request(request.header("accept", "text/html,*/*;q=0.8").body(Body::from(body)).unwrap()).await
    };
    let two = [form("one.txt", b"First words.", None), form("two.md", b"# Second", None)].concat();
    let two = String::from_utf8(two).unwrap().replacen("--x--\r\n", "", 1);
    let answer = send(two.into_bytes()).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/g/ours/knowledge")), "{}", answer.text());
    let listed = test.app.store.documents(&group.owner.member).list(&DocumentFilter::default(), None, 9).await.unwrap().items;
    assert_eq!(listed.iter().map(|document| document.title.as_str()).collect::<Vec<_>>(), ["two", "one"]);
    for document in &listed {
        settled(&test.app, &group.owner.member, document.id).await;
    }
    let html = page(&test, "/g/ours/knowledge", &group.owner.cookie).await.text();
    assert!(html.contains(&format!("/g/ours/knowledge/{}", listed[0].id)), "the list leads to each");
    let refused = send(form("a.png", b"\x89PNG\0\0", None)).await;
    assert_eq!(refused.header("location"), Some("/g/ours/knowledge?problem=invalid"));
    let html = page(&test, "/g/ours/knowledge?problem=invalid", &group.owner.cookie).await.text();
    assert!(html.contains("This file cannot be read"));
}

#[tokio::test]
async fn an_empty_list_teaches() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let html = page(&test, "/g/ours/knowledge", &group.owner.cookie).await.text();
    assert!(html.contains("Nothing is known yet") && html.contains("multipart/form-data"));
}
