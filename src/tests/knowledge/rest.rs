//! The JSON API of documents.

use super::{samples, settled};
use crate::{
    ids::DocumentId,
    model::document::Document,
    tests::app::{Reply, TestApp},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// A form with a file, and perhaps a title.
pub fn form(name: &str, bytes: &[u8], title: Option<&str>) -> Vec<u8> {
    let mut form = Vec::new();
    if let Some(title) = title {
        form.extend(format!("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n{title}\r\n").as_bytes());
    }
    form.extend(format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
    form.extend(bytes);
    form.extend(b"\r\n--x--\r\n");
    form
}

async fn upload(test: &TestApp, method: &str, path: &str, key: &str, form: Vec<u8>) -> Reply {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("authorization", format!("Bearer {key}"));
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    test.request(request.body(Body::from(form)).unwrap()).await
}

fn id(reply: &Value) -> DocumentId {
    reply["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_text_and_a_file_are_added_listed_replaced_and_deleted() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let (key, member, path) = (&group.owner.key, &group.owner.member, "/api/v1/groups/ours/knowledge");
    let added = test.post(path, key, json!({ "title": "Beans", "text": "Beans want warmth." })).await;
    assert_eq!(added.status, 202, "{}", added.text());
    let (text, beans) = (added.ok(), id(&added.ok()));
    assert_eq!((text["title"].as_str(), text["kind"].as_str(), text["size"].as_i64()), (Some("Beans"), Some("text"), Some(18)));
    settled(&test.app, member, beans).await;
    let again = test.post(path, key, json!({ "title": "Again", "text": "Beans want warmth." })).await;
    assert_eq!((again.status.as_u16(), id(&again.ok())), (200, beans));

    let pdf = upload(&test, "POST", path, key, form("peas.pdf", &samples::pdf(&["Peas like it cool."]), Some("Peas"))).await;
    assert_eq!(pdf.status, 202, "{}", pdf.text());
    let peas = id(&pdf.ok());
    settled(&test.app, member, peas).await;
    let read = test.get(&format!("{path}/{peas}"), key).await.ok();
    assert_eq!(
        (read["status"].as_str(), read["chunks"].as_i64(), read["media_type"].as_str()),
        (Some("ready"), Some(1), Some("application/pdf"))
    );
    assert_eq!(read["file_name"], "peas.pdf");

    let first = test.get(&format!("{path}?limit=1"), key).await.ok();
    assert_eq!(first["items"][0]["title"], "Peas");
    let next = first["next"].as_str().unwrap();
    let second = test.get(&format!("{path}?limit=1&after={next}"), key).await.ok();
    assert_eq!((second["items"][0]["title"].as_str(), &second["next"]), (Some("Beans"), &Value::Null));
    assert_eq!(test.get(&format!("{path}?q=pea"), key).await.ok()["items"].as_array().unwrap().len(), 1);

    let replaced = upload(&test, "PUT", &format!("{path}/{beans}"), key, form("b.md", b"# Beans\n\nWet.", None)).await;
    assert_eq!(replaced.status, 202, "{}", replaced.text());
    assert_eq!(
        (replaced.ok()["status"].as_str(), replaced.ok()["replacement"]["status"].as_str()),
        (Some("ready"), Some("queued"))
    );
    settled(&test.app, member, beans).await;
    assert_eq!(test.get(&format!("{path}/{beans}"), key).await.ok()["kind"], "markdown");
    assert_eq!(test.delete(&format!("{path}/{beans}"), key).await.status, 204);
    assert_eq!(test.get(&format!("{path}/{beans}"), key).await.status, 404);
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_reason() {
    let test = TestApp::start().await;
    let group = test.group("ours").await;
    let (key, path) = (&group.owner.key, "/api/v1/groups/ours/knowledge");
    for body in [json!({ "title": "Empty", "text": " " }), json!({ "title": "Neither" }), json!([])] {
        assert_eq!(test.post(path, key, body.clone()).await.status, 422, "{body}");
    }
    let picture = upload(&test, "POST", path, key, form("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None)).await;
    assert_eq!((picture.status.as_u16(), picture.json()["error"]["details"]["field"].as_str()), (422, Some("file")));
    assert!(picture.json()["error"]["message"].as_str().unwrap().contains("pdf, docx"), "{}", picture.text());
    let large = upload(&test, "POST", path, key, form("a.txt", &vec![b'a'; Document::SIZE_MAX + 1], None)).await;
    assert_eq!(large.status, 413, "{}", large.text());
    assert!(large.json()["error"]["message"].as_str().unwrap().contains("25 MB"));
    let larger = upload(&test, "POST", path, key, form("a.txt", &vec![b'a'; Document::SIZE_MAX + 2 * 1024 * 1024], None)).await;
    assert_eq!(larger.status, 413, "{}", larger.text());
    let private = test.post(path, key, json!({ "url": "http://127.0.0.1:9/" })).await;
    assert_eq!((private.status.as_u16(), private.json()["error"]["details"]["field"].as_str()), (422, Some("url")));
    assert_eq!(upload(&test, "POST", path, key, b"no form".to_vec()).await.status, 422);
}

#[tokio::test]
async fn an_address_is_fetched_through_the_guard_and_follows_where_it_leads() {
    use crate::tests::app::Setup;
    use axum::{Router, http::header, response::Redirect, routing::get};
    let page = get(|| async { ([(header::CONTENT_TYPE, "text/html")], "<title>About beans</title><h1>Beans</h1><p>Warm.") });
    let site = Router::new().route("/old", get(|| async { Redirect::temporary("/page") })).route("/page", page);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let test = TestApp::with(Setup { private_addresses: true, ..Setup::default() }).await;
    test.app.tasks.spawn(async move { axum::serve(listener, site).await });
    let group = test.group("ours").await;
    let (key, path) = (&group.owner.key, "/api/v1/groups/ours/knowledge");
    let added = test.post(path, key, json!({ "url": format!("http://{address}/old") })).await;
    assert_eq!(added.status, 202, "{}", added.text());
    assert_eq!(added.ok()["status"], "fetching");
    let document = settled(&test.app, &group.owner.member, id(&added.ok())).await;
    assert_eq!((document.title.as_str(), document.source_url), ("About beans", Some(format!("http://{address}/old"))));
}

#[tokio::test]
async fn a_text_without_a_title_is_called_by_its_first_words() {
    let test = TestApp::start().await;
    let group = test.group("one").await;
    let path = "/api/v1/groups/one/knowledge";
    let long = format!("\n  Beans want warmth {}", "and patience ".repeat(20));
    for (body, title) in [
        (json!({ "text": "Peas like it cool." }), "Peas like it cool."),
        (json!({ "title": " ", "text": "Leeks\nare slow." }), "Leeks"),
        (json!({ "text": long }), "Beans want warmth and patience and patience and patience and patience and"),
    ] {
        assert_eq!(test.post(path, &group.owner.key, body).await.ok()["title"], title);
    }
}
