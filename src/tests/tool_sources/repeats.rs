//! Servers that repeat the secret, each in its own spelling, and where their answers are cut.

use super::{Lab, fake_api};
use crate::server::tools::remote::{ERROR_MAX, RESULT_MAX};
use serde_json::json;

const DOCUMENT: &str = "openapi: 3.1.0\npaths: { /spelled: { get: { operationId: spelled } },\
    '/edge/{before}': { get: { operationId: edge, parameters: [{ name: before, in: path, required: true, schema: { type: integer } }] } },\
    '/refusing/{before}': { get: { operationId: refusing, parameters: [{ name: before, in: path, required: true, schema: { type: integer } }] } } }";

const SECRET: &str = "Token sword/fish \"47+11\\%";

async fn lab() -> Lab {
    let lab = Lab::new().await;
    let secret = json!({ "name": "X-Api-Key", "value": SECRET });
    let url = fake_api::start().await;
    let draft = json!({ "kind": "openapi", "name": "echo", "document": DOCUMENT, "url": url, "secret": secret });
    let source = lab.add(draft).await;
    lab.pick(&source, &["spelled", "edge", "refusing"]).await;
    lab
}

#[tokio::test]
async fn a_secret_is_known_in_every_spelling() {
    let output = lab().await.call("echo__spelled", json!({})).await.expect("an answer").output;
    let lines: Vec<&str> = output.lines().skip(1).collect();
    let spellings = ["plain", "bare", "json", "slashes", "unicode", "percent", "lower", "form", "component"];
    let expected: Vec<String> = spellings.iter().map(|spelling| format!("{spelling}: [secret].")).collect();
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn no_cut_leaves_a_piece_of_a_secret() {
    let lab = lab().await;
    // Before the cut, across it, and behind it.
    for before in [70, 60, 45, 30, 23, 12, 6, 2, 1, 0].map(|short| RESULT_MAX - short) {
        let output = lab.call("echo__edge", json!({ "before": before })).await.expect("an answer").output;
        let (_, text) = output.split_once('\n').expect("a status and a body");
        let (text, _) = text.split_once('\n').expect("the note of the cut");
        let kept = if before < RESULT_MAX { "[secret]" } else { "" };
        assert_eq!(text.trim_matches('x'), kept, "after {before} bytes");
    }
    for before in (ERROR_MAX - SECRET.len() * 3 - 1)..=ERROR_MAX {
        let error = lab.call("echo__refusing", json!({ "before": before })).await.expect_err("refused").0;
        let text = error.strip_prefix("403 Forbidden: ").expect("the status");
        let kept = if before < ERROR_MAX { "[secret]" } else { "" };
        assert_eq!(text.trim_matches('x'), kept, "after {before} characters");
    }
}
