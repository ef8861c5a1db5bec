//! What carries the secret of an HTTP API: no model sees it, fills it, or puts something beside it.

use super::{Lab, fake_api};
use crate::server::tools;
use serde_json::{Value, json};

const SECRET: &str = "sword fish+4711";

/// Both ways to carry a secret, and an object whose fields stand in the query under their own names.
const DOCUMENT: &str = "openapi: 3.1.0\npaths: { /a: { get: { operationId: look, parameters: [\
    { name: api_key, in: query, required: true, schema: { type: string } },\
    { name: X-Api-Key, in: header, required: true, schema: { type: string } },\
    { name: q, in: query, schema: { type: string } }, { name: more, in: query, schema: { type: object } }] } } }";

async fn keyed(lab: &Lab, secret: Value) -> Value {
    let url = fake_api::start().await;
    let draft = json!({ "kind": "openapi", "name": "keyed", "document": DOCUMENT, "url": url, "secret": secret });
    let source = lab.add(draft).await;
    lab.pick(&source, &["look"]).await;
    source
}

async fn set(lab: &Lab, source: &Value, secret: Value) {
    lab.ask("set_tool_secret", json!({ "id": source["id"], "secret": secret })).await.ok();
}

/// The fields that a model is offered, and those that it must fill.
async fn asked(lab: &Lab) -> (Vec<String>, Value) {
    let available = tools::available(&lab.app.app, &lab.owner().member).await.expect("tools");
    let schema = available.iter().find(|tool| tool.info().name == "keyed__look").expect("the tool").input_schema();
    let fields = schema["properties"].as_object().expect("fields").keys().cloned().collect();
    (fields, schema["required"].clone())
}

/// What the API was sent by a model that fills in whatever it can think of.
async fn sent(lab: &Lab) -> Value {
    let guess = "guess";
    let input = json!({
        "q": "lamps", "api_key": guess, "X-Api-Key": guess, "more": { "api_key": guess, "API_Key": guess, "hue": "red" },
    });
    let output = lab.call("keyed__look", input).await.expect("an answer").output;
    assert!(!output.contains("4711"), "{output}");
    serde_json::from_str(output.split_once('\n').expect("a status and a body").1).expect("JSON")
}

#[tokio::test]
async fn a_secret_may_stand_in_the_query_where_no_model_sees_or_fills_it() {
    let lab = Lab::new().await;
    let carrier = json!({ "place": "query", "name": "api_key" });
    let mut secret = carrier.clone();
    secret["value"] = SECRET.into();
    let source = keyed(&lab, secret).await;
    assert_eq!(source["secret"], carrier);
    let (fields, required) = asked(&lab).await;
    assert!(!fields.contains(&"api_key".to_owned()), "{fields:?}");
    assert_eq!(required, json!(["X-Api-Key"]), "no model is asked for the secret");
    assert_eq!(sent(&lab).await["uri"], "/v1/a?q=lamps&hue=red&api_key=[secret]");
}

#[tokio::test]
async fn a_secret_that_is_set_later_takes_its_parameter_away_too() {
    let lab = Lab::new().await;
    let source = keyed(&lab, json!(null)).await;
    assert_eq!(asked(&lab).await.1, json!(["api_key", "X-Api-Key"]));

    set(&lab, &source, json!({ "place": "query", "name": "API_KEY", "value": SECRET })).await;
    assert_eq!(asked(&lab).await, (vec!["X-Api-Key".into(), "more".into(), "q".into()], json!(["X-Api-Key"])));
    assert_eq!(sent(&lab).await["uri"], "/v1/a?q=lamps&hue=red&API_KEY=[secret]");

    set(&lab, &source, json!({ "name": "x-api-key", "value": SECRET })).await;
    assert_eq!(asked(&lab).await, (vec!["api_key".into(), "more".into(), "q".into()], json!(["api_key"])));
    assert_eq!(sent(&lab).await["keys"], json!(["[secret]"]), "no other header of the name goes along");

    set(&lab, &source, json!(null)).await;
    assert_eq!(asked(&lab).await.1, json!(["api_key", "X-Api-Key"]), "without a secret these are parameters like others");
}

#[tokio::test]
async fn a_look_after_the_secret_was_set_finds_nothing_changed() {
    let lab = Lab::new().await;
    let source = keyed(&lab, json!(null)).await;
    set(&lab, &source, json!({ "place": "query", "name": "api_key", "value": SECRET })).await;
    let after = lab.refresh(&source).await;
    assert_eq!(super::marks(&after), [("look", None, true)]);
}
