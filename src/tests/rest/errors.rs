//! Errors: one shape, the right status.

use super::{lab, path};
use crate::{error::AppError, rest::problem::Problem, tests::app::Reply};
use axum::{
    body::Body,
    http::{Method, Request},
    response::IntoResponse as _,
};
use serde_json::{Value, json};

/// Status and code of an error, whose shape is checked on the way.
fn problem(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    let error = body["error"].as_object().unwrap_or_else(|| panic!("no error: {body}"));
    assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{body}");
    assert!(error.keys().all(|key| ["code", "message", "details"].contains(&key.as_str())), "{body}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    (reply.status.as_u16(), error["code"].as_str().expect("a code").to_owned())
}

#[tokio::test]
async fn without_a_good_key_nothing_is_answered() {
    let (app, lab, _) = lab().await;
    for value in ["", "Bearer", "Bearer ", "Bearer gh_unknown", "Basic abc", &lab.owner.key] {
        let request = Request::get(path("agents")).header("authorization", value).header("cookie", &lab.owner.cookie);
        let reply = app.request(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(problem(&reply), (401, "unauthorised".to_owned()), "{value:?}");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (app, lab, _) = lab().await;
    let nothing = "0190b8f0-0000-7000-8000-000000000000";
    let mut paths = vec!["/api".to_owned(), "/api/v1/nothing".to_owned(), "/api/v2".to_owned(), path("nothing"), path("agents/")];
    paths.extend(
        ["agents", "threads", "runs"].iter().flat_map(|noun| [path(&format!("{noun}/{nothing}")), path(&format!("{noun}/7"))]),
    );
    paths.extend(["/api/v1/groups/Not-A-Slug/agents".to_owned(), "/api/v1/groups/nobodys/agents".to_owned()]);
    for path in paths {
        assert_eq!(problem(&app.get(&path, &lab.owner.key).await), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_know_is_named() {
    let (app, lab, thread) = lab().await;
    for (method, rest, known) in [
        (Method::PUT, "agents".to_owned(), "GET,HEAD,POST"),
        (Method::POST, format!("threads/{thread}/context"), "GET,HEAD"),
        (Method::GET, format!("runs/{thread}/stop"), "POST"),
    ] {
        let reply = app.rest(method, &path(&rest), &lab.owner.key, None).await;
        assert_eq!(problem(&reply), (405, "method_not_allowed".to_owned()), "{rest}");
        assert_eq!(reply.header("allow"), Some(known));
    }
}

#[tokio::test]
async fn a_query_that_does_not_fit_is_refused_with_its_field() {
    let (app, lab, thread) = lab().await;
    for (rest, field) in [
        ("agents?limit=many".to_owned(), "limit"),
        ("threads?limit=-1".to_owned(), "limit"),
        ("threads?limit=5&colour=red".to_owned(), "colour"),
        (format!("threads/{thread}/messages?limit=5&limit=6"), "limit"),
        ("tasks?status=lost".to_owned(), "status"),
        ("usage?from=yesterday".to_owned(), "from"),
        ("usage?from=1&by=colour&to=2".to_owned(), "by"),
        ("usage.csv?agent=me".to_owned(), "agent"),
    ] {
        let reply = app.get(&path(&rest), &lab.owner.key).await;
        assert_eq!(problem(&reply), (422, "invalid".to_owned()), "{rest}");
        assert_eq!(reply.json()["error"]["details"]["field"], *field, "{rest}: {}", reply.json());
    }
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused_with_the_reason() {
    let (app, lab, thread) = lab().await;
    let key = &lab.owner.key;
    let cases = [
        (path("agents"), "{".to_owned()),
        (path("agents"), String::new()),
        (path("agents"), json!({ "name": "A" }).to_string()),
        (path("agents"), json!({ "name": "A", "provider": "scripted", "model": "echo", "colour": "red" }).to_string()),
        (path("agents"), json!({ "name": 7, "provider": "scripted", "model": "echo" }).to_string()),
        (path("agents"), json!({ "name": "  ", "provider": "scripted", "model": "echo" }).to_string()),
        (path("agents"), json!({ "name": "A", "provider": "scripted", "model": "echo", "tools": ["saw"] }).to_string()),
        (path("agents"), json!({ "name": "A", "provider": "scripted", "model": "echo", "limits": { "steps": 0 } }).to_string()),
        (path("threads"), json!({ "agent_id": "seven" }).to_string()),
        (path(&format!("threads/{thread}/messages")), json!({ "text": " \n " }).to_string()),
        (path(&format!("threads/{thread}/messages")), json!({ "text": "a".repeat(32_001) }).to_string()),
    ];
    for (path, body) in cases {
        let request = Request::post(&path).header("authorization", format!("Bearer {key}"));
        let reply = app.request(request.body(Body::from(body.clone())).expect("a request")).await;
        assert_eq!(problem(&reply), (422, "invalid".to_owned()), "{path} {}", &body[..body.len().min(80)]);
    }
    let reply = app.post(&path("agents"), key, json!({ "name": "", "provider": "scripted", "model": "echo" })).await;
    assert_eq!(reply.json()["error"]["details"], json!({ "field": "name" }));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_announced_or_not() {
    let (app, lab, thread) = lab().await;
    let text = json!({ "text": "a".repeat(1024 * 1024) }).to_string();
    let uri = path(&format!("threads/{thread}/messages"));
    let chunks = futures::stream::iter(
        text.clone().into_bytes().chunks(64 * 1024).map(<[u8]>::to_vec).map(Ok::<_, std::io::Error>).collect::<Vec<_>>(),
    );
    let announced = Request::post(&uri).header("content-length", text.len()).body(Body::from(text));
    let streamed = Request::post(&uri).body(Body::from_stream(chunks));
    for request in [announced, streamed] {
        let mut request = request.expect("a request");
        let bearer = format!("Bearer {}", lab.owner.key).parse().expect("a header");
        request.headers_mut().insert("authorization", bearer);
        assert_eq!(problem(&app.request(request).await), (413, "too_large".to_owned()));
    }
}

#[tokio::test]
async fn queries_that_do_not_fit_are_refused() {
    let (app, lab, thread) = lab().await;
    let mut paths: Vec<_> = ["limit=0", "limit=101", "limit=-1", "limit=many", "status=gone", "after=nonsense", "sort=name"]
        .iter()
        .flat_map(|query| [path(&format!("agents?{query}")), path(&format!("threads?{query}"))])
        .collect();
    paths.push(path("threads?agent_id=7"));
    for query in ["limit=0", "limit=101", "after=nonsense", "status=active"] {
        paths.push(path(&format!("threads/{thread}/messages?{query}")));
    }
    for query in ["limit=0", "limit=101", "after=1"] {
        paths.push(path(&format!("threads/{thread}/context?{query}")));
    }
    for path in paths {
        assert_eq!(problem(&app.get(&path, &lab.owner.key).await), (422, "invalid".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn limits_say_how_long_to_wait_and_our_own_errors_only_their_reference() {
    let (limited, ours) = (
        AppError::RateLimited { retry_after_s: 7, message: "Too many requests.".to_owned() },
        AppError::Internal { reference: "abc".to_owned() },
    );
    let limited = Problem::from(limited).into_response();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().ok()), (429, Some("7")));
    let ours = Problem::from(ours).into_response();
    assert_eq!(ours.status(), 500);
    let body = axum::body::to_bytes(ours.into_body(), 4_096).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&body["error"]["code"], &body["error"]["details"]), (&json!("internal"), &json!({ "reference": "abc" })));
}
