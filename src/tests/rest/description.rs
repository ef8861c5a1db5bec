//! The description at `/api/openapi.json`, compared with what the router really does.

use super::lab;
use crate::tests::app::TestApp;
use axum::http::Method;
use serde_json::{Map, Value};

async fn description(app: &TestApp) -> Value {
    app.get("/api/openapi.json", "").await.ok()
}

/// Every described route: method, path, what is said of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            operations.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    operations
}

#[tokio::test]
async fn the_routes_that_were_promised_are_described() {
    let (app, ..) = lab().await;
    let mut described: Vec<_> =
        operations(&description(&app).await).into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    described.sort();
    let group = "/api/v1/groups/{slug}";
    let mut promised = vec!["GET /api/openapi.json".to_owned()];
    for (noun, one) in [("agents", "agents/{id}"), ("threads", "threads/{id}")] {
        promised.extend(["GET", "POST"].map(|method| format!("{method} {group}/{noun}")));
        promised.extend(["GET", "PATCH", "DELETE"].map(|method| format!("{method} {group}/{one}")));
    }
    promised.extend(["GET", "POST"].map(|method| format!("{method} {group}/threads/{{id}}/messages")));
    promised.extend(["context", "events"].map(|noun| format!("GET {group}/threads/{{id}}/{noun}")));
    promised.push(format!("GET {group}/runs/{{id}}"));
    promised.extend(["stop", "retry", "continue"].map(|verb| format!("POST {group}/runs/{{id}}/{verb}")));
    promised.extend(["GET", "POST"].map(|method| format!("{method} {group}/tasks")));
    promised.extend(["GET", "PATCH"].map(|method| format!("{method} {group}/tasks/{{id}}")));
    promised.extend(
        ["GET approvals", "POST approvals/{id}", "GET escalations"].map(|route| route.replace(' ', &format!(" {group}/"))),
    );
    promised.extend(["GET", "PUT"].map(|method| format!("{method} {group}/budgets")));
    promised.extend(["usage", "usage.csv"].map(|noun| format!("GET {group}/{noun}")));
    promised.extend(
        ["POST knowledge/search", "GET knowledge/index", "PUT knowledge/index"]
            .map(|route| route.replace(' ', &format!(" {group}/"))),
    );
    promised.extend(["GET", "POST"].map(|method| format!("{method} {group}/knowledge")));
    promised.extend(["GET", "PUT", "DELETE"].map(|method| format!("{method} {group}/knowledge/{{id}}")));
    promised.sort();
    assert_eq!(described, promised);
}

#[tokio::test]
async fn every_described_route_exists_and_no_other_method_does() {
    let (app, lab, _) = lab().await;
    let document = description(&app).await;
    let nothing = "0190b8f0-0000-7000-8000-000000000000";
    for (path, item) in document["paths"].as_object().expect("paths") {
        let uri = path.replace("{slug}", "lab").replace("{id}", nothing);
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let described = item.get(method.as_str().to_lowercase()).is_some();
            let status = app.rest(method.clone(), &uri, "", None).await.status.as_u16();
            // Without a key a route that exists answers 401, or what it tells everybody.
            assert_eq!(matches!(status, 200 | 401), described, "{method} {path}: {status}");
            assert_eq!(status == 405, !described, "{method} {path}: {status}");
        }
    }
    assert_eq!(lab.slug, "lab");
}

#[tokio::test]
async fn every_route_says_how_it_refuses_and_needs_a_key() {
    let (app, ..) = lab().await;
    let document = description(&app).await;
    assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
    assert_eq!(document["security"], serde_json::json!([{ "key": [] }]));
    for (method, path, operation) in operations(&document) {
        if path == "/api/openapi.json" {
            continue;
        }
        let responses: &Map<String, Value> = operation["responses"].as_object().expect("responses");
        assert!(operation.get("security").is_none(), "{method} {path} needs a key as all do");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
        let mut refusals = vec!["401", "404", "422", "429", "500", "503"];
        if method != "GET" {
            refusals.extend(["409", "413"]);
        }
        if method != "GET" && path.contains("/agents") {
            refusals.push("403");
        }
        if path.ends_with("/budgets") {
            refusals.push("403");
        }
        // Where a model is to answer, a budget may not allow it.
        if method == "POST" && ["/messages", "/retry", "/continue"].iter().any(|end| path.ends_with(end)) {
            refusals.push("402");
        }
        for status in refusals {
            let shape = &responses[status]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(shape, "#/components/schemas/Problem", "{method} {path} {status}");
        }
    }
}

#[tokio::test]
async fn every_shape_that_is_named_is_described() {
    let (app, ..) = lab().await;
    let document = description(&app).await;
    let mut names = Vec::new();
    references(&document, &mut names);
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(document.pointer(name.trim_start_matches('#')).is_some(), "{name}");
    }
}

fn references(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            names.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}
