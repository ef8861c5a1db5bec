//! Routes of the JSON API, as its description lists them.

use super::{Ids, OURS, Of, THEIRS, World};
use crate::{rest, tests::app::Someone};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

/// Open to everybody.
const OPEN: [(&str, &str); 1] = [("get", "/api/openapi.json")];

/// A body that succeeds, for each route that takes one; the routes without one stand here with `null`.
fn body(method: &str, path: &str, ids: Ids) -> Option<Value> {
    let path = path.strip_prefix("/api/v1/groups/{slug}/")?;
    Some(match (method, path) {
        ("get" | "delete", "agents/{id}" | "threads/{id}") => Value::Null,
        ("get", "agents" | "threads" | "runs/{id}") => Value::Null,
        ("get", "threads/{id}/messages" | "threads/{id}/context" | "threads/{id}/events") => Value::Null,
        ("post", "runs/{id}/stop" | "runs/{id}/retry" | "runs/{id}/continue") => Value::Null,
        ("get", "tasks" | "tasks/{id}" | "approvals" | "escalations" | "usage" | "usage.csv") => Value::Null,
        ("post", "knowledge/search") => json!({ "query": "brakes" }),
        ("get", "knowledge/index") => Value::Null,
        ("put", "knowledge/index") => json!({ "embedder": "" }),
        ("post", "tasks") => json!({ "title": "Sweep" }),
        ("patch", "tasks/{id}") => json!({ "status": "done", "assignee": null }),
        ("post", "approvals/{id}") => json!({ "decision": "denied", "reason": "Not today" }),
        ("get", "budgets") => Value::Null,
        ("put", "budgets") => json!([{ "scope": "group", "unit": "tokens", "period": "day", "cap": 1_000_000, "hard": true }]),
        ("get", "knowledge" | "knowledge/{id}") | ("delete", "knowledge/{id}") => Value::Null,
        ("post", "knowledge") => json!({ "title": "Beans", "text": "Beans want warmth." }),
        ("put", "knowledge/{id}") => json!({ "title": "Peas", "text": "Peas like it cool." }),
        ("post", "agents") => json!({ "name": "Made", "provider": "scripted", "model": "echo" }),
        ("patch", "agents/{id}") => json!({ "instructions": "Be brief." }),
        ("post", "threads") => json!({ "agent_id": ids.agent }),
        ("patch", "threads/{id}") => json!({ "title": "Renamed", "status": "archived" }),
        ("post", "threads/{id}/messages") => json!({ "text": "Good morning" }),
        _ => return None,
    })
}

/// Whose a route's things are, and the id that its path names.
fn whose(path: &str, ids: Ids) -> (Of, String) {
    match path {
        path if path.contains("/agents/{id}") => (Of::Shared, ids.agent.to_string()),
        path if path.contains("/threads/{id}") => (Of::Thread, ids.thread.to_string()),
        path if path.contains("/knowledge/{id}") => (Of::Shared, ids.document.to_string()),
        path if path.contains("/tasks/{id}") => (Of::Shared, ids.task.to_string()),
        path if path.contains("/approvals/{id}") => (Of::Thread, ids.call.to_string()),
        path if path.contains("/runs/{id}") => (Of::Thread, ids.run.to_string()),
        _ => (Of::Group, String::new()),
    }
}

/// Every route that is described, but for the open ones.
fn routes() -> Vec<(String, String)> {
    let document = serde_json::to_value(rest::description()).expect("a description");
    let paths = document["paths"].as_object().expect("paths").clone();
    let methods = |(path, item): (String, Value)| {
        let methods: Vec<String> = item.as_object().expect("methods").keys().cloned().collect();
        methods.into_iter().map(move |method| (method, path.clone()))
    };
    let open = |(method, path): &(String, String)| OPEN.contains(&(method.as_str(), path.as_str()));
    paths.into_iter().flat_map(methods).filter(|route| !open(route)).collect()
}

/// The status of an answer; of a stream's, only the beginning is waited for.
async fn status(world: &World, method: &str, path: &str, slug: &str, ids: Ids, key: &str) -> StatusCode {
    let body = body(method, path, ids).unwrap_or_else(|| panic!("give {method} {path} a request"));
    let uri = path.replace("{slug}", slug).replace("{id}", &whose(path, ids).1);
    let request = Request::builder().method(Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method")).uri(uri);
    let request = if key.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Bearer {key}")) };
    // A cookie of the owner's comes with every request: it must not count.
    let request = request.header(header::COOKIE, &world.ours.owner.cookie);
    let body = if body.is_null() { Body::empty() } else { body.to_string().into() };
    world.app.begin(request.body(body).expect("a request")).await.status()
}

#[tokio::test]
async fn nobody_reaches_any_route() {
    let world = World::new().await;
    let ids = world.ids().await;
    assert!(routes().len() > 15, "{:?}", routes());
    for (method, path) in routes() {
        for key in ["", "gh_0000"] {
            assert_eq!(status(&world, &method, &path, OURS, ids, key).await, 401, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_key_of_another_group_finds_no_group_and_no_id_of_it() {
    let world = World::new().await;
    let ids = world.ids().await;
    for (method, path) in routes() {
        assert_eq!(status(&world, &method, &path, OURS, ids, &world.stranger.key).await, 404, "{method} {path}");
        // Making a thread names its agent in the body.
        if whose(&path, ids).0 != Of::Group || (&*method, path.ends_with("/threads")) == ("post", true) {
            assert_eq!(status(&world, &method, &path, THEIRS, ids, &world.stranger.key).await, 404, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_colleagues_key_finds_no_thread_of_another_member() {
    let world = World::new().await;
    let ids = world.ids().await;
    for (method, path) in routes() {
        if whose(&path, ids).0 == Of::Thread {
            assert_eq!(status(&world, &method, &path, OURS, ids, &world.colleague.key).await, 404, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_same_requests_succeed_for_the_owner() {
    let world = World::new().await;
    for (method, path) in routes() {
        let ids = world.ids().await;
        let status = status(&world, &method, &path, OURS, ids, &world.ours.owner.key).await;
        assert!(status.is_success(), "{method} {path}: {status}");
    }
}

#[tokio::test]
async fn a_key_opens_its_own_group_only_though_its_holder_belongs_to_both() {
    let world = World::new().await;
    let Someone { person, key: second, .. } =
        world.app.join(&world.ours.group, world.stranger.person.clone(), crate::model::group::Role::Member).await;
    assert_eq!(person.id, world.stranger.person.id);
    let agents = |slug: &str| format!("/api/v1/groups/{slug}/agents");
    assert_eq!(world.app.get(&agents(OURS), &second).await.status, 200);
    assert_eq!(world.app.get(&agents(THEIRS), &second).await.status, 404);
    assert_eq!(world.app.get(&agents(OURS), &world.stranger.key).await.status, 404);
}
