//! What is made of an OpenAPI document.

use super::openapi::YAML;
use crate::server::{
    tool_sources::known::{Definition, problem},
    tools::openapi::{base_url, operations},
};
use serde_json::{Value, json};

fn tools(document: &str) -> Vec<Definition> {
    operations(document).expect("operations")
}

fn one(document: &Value) -> Definition {
    tools(&document.to_string()).remove(0)
}

#[test]
fn yaml_and_json_make_the_same_tools() {
    let found = tools(YAML);
    let names: Vec<&str> = found.iter().map(|tool| tool.name.as_str()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["away", "huge", "missing", "post_login", "readLamp", "setLamp"]);
    let json = r#"{ "openapi": "3.1.0", "paths": { "/a/{b}": { "get": { "parameters": [ { "name": "b", "in": "path", "schema": { "type": "integer" } } ] } } } }"#;
    let yaml = "openapi: 3.1.0\npaths:\n  /a/{b}:\n    get:\n      parameters:\n        - { name: b, in: path, schema: { type: integer } }\n";
    assert_eq!(tools(json), tools(yaml));
    assert_eq!(tools(json)[0].name, "get_a_b");
    assert!(found.iter().all(|tool| problem(tool).is_none()));
}

#[test]
fn schemas_are_whole_and_end_even_where_they_refer_to_themselves() {
    let set = tools(YAML).into_iter().find(|tool| tool.name == "setLamp").expect("the tool");
    let body = &set.input_schema["properties"]["body"];
    assert_eq!(set.input_schema["required"], json!(["lamp", "body"]));
    assert_eq!(body["properties"]["power"], json!({ "type": "integer", "exclusiveMinimum": 0 }));
    assert_eq!(body["properties"]["colour"], json!({ "type": ["string", "null"] }));
    assert_eq!(body["properties"]["next"], json!({}), "itself again may be anything");
    assert!(!set.input_schema.to_string().contains("$ref"));
}

#[test]
fn a_document_that_would_grow_without_end_is_bounded() {
    // Each level refers to the next one twice: whole it would be 2^40 schemas.
    let mut schemas = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", level + 1) });
        schemas.insert(format!("S{level}"), json!({ "type": "object", "properties": { "a": next, "b": next } }));
    }
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/S0" } } });
    let operation = json!({ "requestBody": { "content": content } });
    let document = json!({ "openapi": "3.1.0", "paths": { "/a": { "post": operation } }, "components": { "schemas": schemas } });
    assert!(one(&document).input_schema.to_string().len() < 200_000);
}

#[test]
fn names_that_meet_get_their_place_and_headers_of_the_request_are_no_parameters() {
    let parameters = json!([
        { "name": "id", "in": "path", "schema": { "type": "string" } },
        { "name": "id", "in": "query", "schema": { "type": "string" } },
        { "name": "body", "in": "query", "schema": { "type": "string" } },
        { "name": "Authorization", "in": "header", "schema": { "type": "string" } },
    ]);
    let tool = one(&json!({ "openapi": "3.1.0", "paths": { "/a/{id}": { "get": { "parameters": parameters } } } }));
    let fields: Vec<&String> = tool.input_schema["properties"].as_object().expect("fields").keys().collect();
    assert_eq!(fields, ["id", "query_body", "query_id"]);
    assert_eq!(tool.input_schema["required"], json!(["id"]));
}

#[test]
fn the_base_url_is_the_documents_or_the_admins() {
    assert_eq!(base_url(YAML, "").expect("a URL"), "https://north.example.org/v2");
    assert_eq!(base_url(YAML, "https://test.example.org/").expect("a URL"), "https://test.example.org");
}
