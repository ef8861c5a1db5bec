//! A newer document for an HTTP API, and long ones.

use super::{
    Lab,
    fake_mcp::{FakeMcp, tool},
    marks,
    openapi::{YAML, light},
};
use crate::server::tools::openapi::operations;
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

async fn replace(lab: &Lab, source: &Value, document: &str) -> crate::tests::app::Reply {
    lab.ask("replace_tool_document", json!({ "id": source["id"], "document": document })).await
}

/// Another document of the same API: one operation is gone, one is described otherwise, one is new.
fn newer() -> String {
    let document = YAML.replace("  /missing: { get: { operationId: missing } }\n", "  /fresh: { get: { operationId: fresh } }\n");
    document
        .replace("summary: Reads a lamp.", "summary: Reads one lamp.")
        .replace("https://{region}", "https://elsewhere.{region}")
}

#[tokio::test]
async fn a_newer_document_keeps_what_is_picked_and_marks_what_is_gone() {
    let lab = Lab::new().await;
    let before = light(&lab).await;
    let after = replace(&lab, &before, &newer()).await.ok();
    let mut seen = marks(&after);
    seen.sort_unstable();
    let expected = [
        ("away", None, true),
        ("fresh", Some("new"), false),
        ("huge", None, true),
        ("missing", Some("gone"), true),
        ("post_login", None, true),
        ("readLamp", Some("changed"), true),
        ("setLamp", None, true),
    ];
    assert_eq!(seen, expected);
    assert_eq!((&after["url"], &after["secret"]["name"]), (&before["url"], &json!("X-Api-Key")), "the secret goes where it went");
    assert_eq!(lab.names().await.len(), 5, "what is gone is given to nobody");
    let output = lab.call("light__readLamp", json!({ "lamp": "a" })).await.expect("an answer").output;
    assert!(output.contains("[secret]"), "the secret is sent still: {output}");

    lab.refresh(&before).await;
    let saved = lab.pick(&before, &["readLamp", "fresh"]).await;
    assert!(marks(&saved).iter().all(|(name, mark, _)| *name != "missing" && mark.is_none()), "{saved}");
}

#[tokio::test]
async fn what_is_no_document_is_refused_and_changes_nothing() {
    let lab = Lab::new().await;
    let source = light(&lab).await;
    for document in ["", "just words", "openapi: 3.1.0\npaths: {}"] {
        let refused = replace(&lab, &source, document).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!("document")), "{document}");
    }
    assert_eq!(lab.ask("tool_sources", json!({})).await.ok(), json!([source]));
    let fake = FakeMcp::start(vec![tool("say")]).await;
    let server = lab.add(fake.draft()).await;
    assert_eq!(replace(&lab, &server, YAML).await.status, 422, "a server has no document");
}

/// A document with one operation and a description of so many bytes, in lines as people write them.
fn long(bytes: usize) -> Value {
    let line = "A lighthouse is a \"tower\" that gives light to ships.\n";
    let description = line.repeat(bytes / line.len());
    json!({ "openapi": "3.1.0", "info": { "description": description }, "paths": { "/a": { "get": { "operationId": "look" } } } })
}

#[tokio::test]
async fn a_document_may_have_five_megabytes_and_no_more() {
    let lab = Lab::new().await;
    let draft =
        |document: String| json!({ "kind": "openapi", "name": "long", "url": "https://example.org", "document": document });
    let source = lab.add(draft(long(4_500_000).to_string())).await;
    assert_eq!(marks(&source), [("look", None, false)]);
    replace(&lab, &source, &long(4_600_000).to_string()).await.ok();
    let longer = replace(&lab, &source, &long(5_100_000).to_string()).await;
    assert!(longer.status == 422 && longer.text().contains("5 MB"), "{}", longer.text());
    let request = Request::post("/fn/replace_tool_document").header("cookie", &lab.owner().cookie);
    let request = request.header("sec-fetch-site", "same-origin").header("content-length", 11_000_000);
    let announced = lab.app.request(request.body(Body::from("x".repeat(11_000_000))).expect("a request")).await;
    assert_eq!(announced.status, 413);
    let nobody = lab.app.call_fn("add_tool_source", json!({ "slug": "lab", "draft": draft("x".repeat(11_000_000)) }), "").await;
    assert_eq!(nobody.status, 401, "nobody's long body is read");
}

#[test]
fn a_long_yaml_is_read_too() {
    let lines = "    A lighthouse is a tower that gives light to ships.\n".repeat(80_000);
    let document = format!("openapi: 3.1.0\ninfo:\n  description: |\n{lines}paths:\n  /a:\n    get: {{ operationId: look }}\n");
    assert!(document.len() > 4_000_000);
    assert_eq!(operations(&document).expect("operations").len(), 1);
}

#[tokio::test]
async fn the_page_offers_a_newer_document_for_apis_alone() {
    let lab = Lab::new().await;
    light(&lab).await;
    let fake = FakeMcp::start(vec![tool("say")]).await;
    lab.add(fake.draft()).await;
    let request = Request::get("/g/lab/settings").header("cookie", &lab.owner().cookie).header("accept", "text/html");
    let html = lab.app.request(request.body(Body::empty()).expect("a request")).await.text();
    assert!(html.contains("Set the secret of light") && html.contains("Set the secret of fake"), "{html}");
    assert!(html.contains("Replace the document of light") && !html.contains("Replace the document of fake"));
    assert!(html.contains("Secret in the header X-Api-Key"));
}
