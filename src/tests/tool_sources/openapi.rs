//! Operations of an HTTP API, called.

use super::{Lab, fake_api};
use crate::{
    server::tools::{self, Effects},
    tests::app::Setup,
};
use serde_json::{Value, json};

pub const YAML: &str = r##"
openapi: 3.0.3
info: { title: Lighthouse, version: "1" }
servers:
  - url: https://{region}.example.org/v2
    variables: { region: { default: north } }
paths:
  /lamps/{lamp}:
    parameters:
      - { name: lamp, in: path, required: true, schema: { type: string } }
    get:
      operationId: readLamp
      summary: Reads a lamp.
      parameters:
        - { name: fields, in: query, schema: { type: array, items: { type: string } } }
        - { name: near, in: query, style: deepObject, explode: true, schema: { type: object } }
        - { name: X-Trace, in: header, schema: { type: string } }
        - { name: X-Api-Key, in: header, required: true, schema: { type: string } }
      responses:
        200: { description: The lamp }
    put:
      operationId: setLamp
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Lamp" }
      responses: { "200": { description: Done } }
  /login:
    post:
      requestBody:
        content: { application/x-www-form-urlencoded: { schema: { type: object } } }
  /missing: { get: { operationId: missing } }
  /huge: { get: { operationId: huge } }
  /away: { get: { operationId: away } }
components:
  schemas:
    Lamp:
      type: object
      required: [power]
      properties:
        power: { type: integer, minimum: 0, exclusiveMinimum: true, example: 5 }
        colour: { type: string, nullable: true }
        next: { $ref: "#/components/schemas/Lamp" }
"##;

pub async fn light(lab: &Lab) -> Value {
    let url = fake_api::start().await;
    let header = json!({ "name": "X-Api-Key", "value": "swordfish-4711" });
    let draft = json!({ "kind": "openapi", "name": "light", "document": YAML, "url": url, "secret": header });
    let source = lab.add(draft).await;
    lab.pick(&source, &["readLamp", "setLamp", "post_login", "missing", "huge", "away"]).await
}

/// What the fake API was sent.
async fn sent(lab: &Lab, tool: &str, input: Value) -> Value {
    let output = lab.call(tool, input).await.expect("an answer").output;
    let (status, body) = output.split_once('\n').expect("a status and a body");
    assert_eq!(status, "200 OK");
    serde_json::from_str(body).expect("JSON")
}

#[tokio::test]
async fn parameters_stand_where_they_belong_and_cannot_leave_it() {
    let lab = Lab::new().await;
    light(&lab).await;
    let input = json!({ "lamp": "a/b?c=d#e %", "fields": ["x y", "z&q=1"], "near": { "lat": 1.5 }, "X-Trace": "t1" });
    let sent = sent(&lab, "light__readLamp", input).await;
    assert_eq!(sent["uri"], "/v1/lamps/a%2Fb%3Fc%3Dd%23e%20%25?fields=x%20y&fields=z%26q%3D1&near%5Blat%5D=1.5");
    assert_eq!((&sent["method"], &sent["trace"], &sent["key"]), (&json!("GET"), &json!("t1"), &json!("[secret]")));
    for climbing in ["..", ".", ""] {
        let error = lab.call("light__readLamp", json!({ "lamp": climbing })).await.expect_err("refused");
        assert!(error.0.contains("cannot be empty"), "{climbing}: {}", error.0);
    }
    let split = lab.call("light__readLamp", json!({ "lamp": "a", "X-Trace": "a\r\nHost: b" })).await.expect_err("refused");
    assert!(split.0.contains("cannot stand in a header"), "{}", split.0);
}

#[tokio::test]
async fn bodies_are_sent_as_the_document_says() {
    let lab = Lab::new().await;
    light(&lab).await;
    let put = sent(&lab, "light__setLamp", json!({ "lamp": "a", "body": { "power": 3, "colour": null } })).await;
    assert_eq!((&put["method"], &put["kind"]), (&json!("PUT"), &json!("application/json")));
    assert_eq!(put["body"], r#"{"colour":null,"power":3}"#);
    let form = sent(&lab, "light__post_login", json!({ "body": { "user": "a&b", "roles": ["x", "y"] } })).await;
    assert_eq!(form["body"], "roles=x&roles=y&user=a%26b");
    assert_eq!(form["kind"], "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn refusals_are_errors_and_long_answers_are_cut() {
    let lab = Lab::new().await;
    light(&lab).await;
    assert_eq!(lab.call("light__missing", json!({})).await.expect_err("404").0, "404 Not Found: no such beam");
    let away = lab.call("light__away", json!({})).await.expect_err("no redirect is followed");
    assert!(away.0.starts_with("302 Found"), "{}", away.0);
    let huge = lab.call("light__huge", json!({})).await.expect("the beginning").output;
    assert!(huge.len() < 257 * 1024 && huge.ends_with("[cut: these are the first 256 KiB]"));
}

#[tokio::test]
async fn a_run_is_checked_against_the_schema_and_gets_the_answer() {
    let lab = Lab::new().await;
    light(&lab).await;
    let messages = lab.run("light__setLamp", json!({ "lamp": "a", "body": { "power": 0 } })).await.to_string();
    assert!(messages.contains("/body/power"), "{messages}");
    let messages =
        lab.run("light__setLamp", json!({ "lamp": "a", "body": { "power": 1, "next": { "power": 9 } } })).await.to_string();
    assert!(messages.contains("200 OK") && !messages.contains("swordfish"), "{messages}");
}

#[tokio::test]
async fn only_what_reads_may_be_repeated() {
    let lab = Lab::new().await;
    light(&lab).await;
    let available = tools::available(&lab.app.app, &lab.owner().member).await.expect("tools");
    let effects = |name: &str| available.iter().find(|tool| tool.info().name == name).expect("a tool").effects();
    assert_eq!((effects("light__readLamp"), effects("light__setLamp")), (Effects::None, Effects::Unkeyed));
}

#[tokio::test]
async fn an_api_on_a_private_address_is_refused_when_it_is_called() {
    let lab = Lab::with(Setup::default()).await;
    light(&lab).await;
    let refused = lab.call("light__missing", json!({})).await.expect_err("refused");
    assert!(refused.0.contains("private address"), "{}", refused.0);
}

#[tokio::test]
async fn a_document_that_cannot_be_used_is_said_at_its_field() {
    let lab = Lab::new().await;
    let cases = [
        ("", "Paste"),
        ("{ \"openapi\": ", "no JSON"),
        ("swagger: \"2.0\"", "Swagger 2.0"),
        ("openapi: 4.0.0\npaths: {}", "OpenAPI 4.0.0"),
        ("just words", "no OpenAPI document"),
        ("openapi: 3.1.0\npaths: {}", "no operation"),
    ];
    for (document, words) in cases {
        let draft = json!({ "kind": "openapi", "name": "light", "document": document, "url": "https://example.org" });
        let reply = lab.ask("add_tool_source", json!({ "draft": draft })).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!("document")), "{document}");
        assert!(reply.text().contains(words), "{document}: {}", reply.text());
    }
    let nowhere = json!({ "kind": "openapi", "name": "light", "document": "openapi: 3.1.0\npaths: { /a: { get: {} } }" });
    assert_eq!(lab.ask("add_tool_source", json!({ "draft": nowhere })).await.json()["field"], "url");
}

#[tokio::test]
async fn an_api_that_cannot_be_reached_tells_no_secret_of_its_address() {
    let lab = Lab::new().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let secret = json!({ "place": "query", "name": "key", "value": "swordfish+4711" });
    let url = format!("http://127.0.0.1:{port}");
    let draft = json!({ "kind": "openapi", "name": "away", "document": YAML, "url": url, "secret": secret });
    let source = lab.add(draft).await;
    lab.pick(&source, &["missing"]).await;
    let error = lab.call("away__missing", json!({})).await.expect_err("nobody is there");
    assert!(error.0.contains("cannot be reached") && !error.0.contains("4711"), "{}", error.0);
}
