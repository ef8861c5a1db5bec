//! Server functions.

use super::{Ids, OURS, Of, THEIRS, World};
use crate::{
    model::tool_source::{SourceDraft, SourceKind},
    tests::app::PASSWORD,
};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Open to everybody, and why.
const OPEN: [(&str, &str); 5] = [
    ("me", "tells nobody that they are nobody"),
    ("sign_up_open", "the sign-in page asks it"),
    ("sign_up", "makes the first person; refuses all later ones"),
    ("sign_in", "makes somebody of nobody"),
    ("sign_out", "ends what there is to end"),
];

/// About the one who asks, and about no group.
fn personal(name: &str) -> Option<Value> {
    Some(match name {
        "sessions" | "sign_out_elsewhere" => json!({}),
        "change_password" => json!({ "current": PASSWORD, "new": PASSWORD }),
        _ => return None,
    })
}

/// A good request of every function of a group, but for its slug.
fn request(name: &str, ids: Ids) -> Option<(Of, Value)> {
    let Ids { agent, thread, run, task, call, source, budget, document, check } = ids;
    Some(match name {
        "agents" => (Of::Group, json!({ "status": "active" })),
        "providers" | "tools" | "people" | "approvals" => (Of::Group, json!({})),
        "tasks" => (Of::Group, json!({ "filter": {}, "after": null })),
        "create_task" => (Of::Group, json!({ "new": { "title": "Sweep" } })),
        "change_task" => (Of::Shared, json!({ "id": task, "change": { "status": "done" } })),
        "decide_approval" => (Of::Thread, json!({ "call_id": call, "verdict": "approved" })),
        "tool_sources" | "tool_commands" | "approval_time" => (Of::Group, json!({})),
        "set_approval_time" => (Of::Group, json!({ "time": 3_600_000 })),
        "add_tool_source" => (Of::Group, json!({ "draft": self::source() })),
        "refresh_tool_source" | "remove_tool_source" => (Of::Shared, json!({ "id": source })),
        "replace_tool_document" => (Of::Shared, json!({ "id": source, "document": self::source().document })),
        "pick_tools" => (Of::Shared, json!({ "id": source, "version": 1, "tools": ["get_weather"] })),
        "set_tool_secret" => (Of::Shared, json!({ "id": source, "secret": { "name": "X-Key", "value": "swordfish" } })),
        "budgets" | "budget_gauges" | "budget_alerts" | "test_webhook" | "remove_webhook" => (Of::Group, json!({})),
        "add_budget" => {
            (Of::Group, json!({ "whom": "group", "unit": "microusd", "period": "day", "cap": "25", "effect": "hard" }))
        }
        "change_budget" => (Of::Shared, json!({ "id": budget, "unit": "microusd", "cap": "30" })),
        "remove_budget" => (Of::Shared, json!({ "id": budget })),
        // An address to which nothing goes out.
        "set_webhook" => (Of::Group, json!({ "url": "https://10.0.0.1/hook" })),
        "time_zone" | "prices" | "statements" => (Of::Group, json!({})),
        "set_time_zone" => (Of::Group, json!({ "name": "Europe/Lisbon" })),
        "usage_dashboard" => (Of::Group, json!({ "ask": ask() })),
        "usage_calls" => (Of::Group, json!({ "ask": ask(), "place": {} })),
        "save_price" => (Of::Group, price()),
        "statement" => (Of::Group, json!({ "month": "2026-01" })),
        "reconciliation" => (Of::Group, json!({ "provider": "openai", "month": "2026-01" })),
        "save_provider_totals" => (Of::Group, json!({ "provider": "openai", "totals": "2026-01-31,12.50" })),
        "documents" => (Of::Group, json!({ "filter": {}, "after": null })),
        // Ids that are not the group's are left out of the answer, as are those that are gone.
        "documents_now" => (Of::Group, json!({ "ids": [document] })),
        "document_excerpt" => (Of::Shared, json!({ "id": document, "wanted": {} })),
        "add_document" => (Of::Group, json!({ "title": "Beans", "text": "Beans want warmth.", "url": "" })),
        "delete_document" => (Of::Shared, json!({ "id": document })),
        "try_query" => (Of::Group, json!({ "query": "brakes", "mode": "both" })),
        "index_state" | "retrieval_checks" | "run_checks" => (Of::Group, json!({})),
        "choose_embedder" => (Of::Group, json!({ "embedder": "none" })),
        "save_check" => (Of::Shared, json!({ "query": "brakes", "expected[]": document })),
        "remove_check" => (Of::Shared, json!({ "id": check })),
        "threads" => (Of::Group, json!({ "filter": { "agent_id": null, "status": "active", "q": null }, "after": null })),
        "create_agent" => (Of::Group, json!({ "draft": draft() })),
        "agent" | "agent_versions" => (Of::Shared, json!({ "id": agent })),
        "save_agent" => (Of::Shared, json!({ "id": agent, "version": 1, "draft": draft() })),
        "set_agent_status" => (Of::Shared, json!({ "id": agent, "status": "retired" })),
        "start_thread" => (Of::Shared, json!({ "agent_id": agent, "text": "Good morning" })),
        "thread" | "delete_thread" => (Of::Thread, json!({ "id": thread })),
        "rename_thread" => (Of::Thread, json!({ "id": thread, "title": "Renamed" })),
        "set_thread_status" => (Of::Thread, json!({ "id": thread, "status": "archived" })),
        "send_message" => (Of::Thread, json!({ "thread_id": thread, "text": "Good morning", "key": "one" })),
        "earlier_messages" => (Of::Thread, json!({ "thread_id": thread, "seq": 1_000 })),
        "stop_run" | "continue_run" | "retry_run" => (Of::Thread, json!({ "run_id": run })),
        _ => return None,
    })
}

/// This month, by model.
fn ask() -> Value {
    json!({ "preset": "month", "from": null, "to": null, "by": "model", "measure": null, "filter": {} })
}

fn price() -> Value {
    json!({ "draft[provider]": "openai", "draft[model]": "gpt-4.1", "draft[from]": "", "draft[input]": "3", "draft[output]": "12" })
}

fn draft() -> Value {
    json!({ "name": "Drafted", "provider": "scripted", "model": "echo" })
}

/// An API that nobody asks anything of.
pub(super) fn source() -> SourceDraft {
    let (kind, name, url) = (SourceKind::OpenApi, "weather".to_owned(), "https://example.org".to_owned());
    let document = "openapi: 3.1.0\npaths: { /weather: { get: { summary: Tells the weather. } } }".to_owned();
    SourceDraft { kind, name, url, document, secret: None }
}

fn names() -> BTreeSet<&'static str> {
    server_fn_paths().map(|(path, _)| path.strip_prefix("/fn/").unwrap_or(path)).collect()
}

#[tokio::test]
async fn every_server_function_is_known_here() {
    let world = World::new().await;
    let ids = world.ids().await;
    let open = |name: &str| OPEN.iter().any(|(open, _)| *open == name);
    let unknown = |name: &&str| !open(name) && personal(name).is_none() && request(name, ids).is_none();
    assert_eq!(names().into_iter().filter(unknown).collect::<Vec<_>>(), Vec::<&str>::new(), "add these to the tables");
    assert!(names().len() > 20, "the functions are registered: {:?}", names());
}

#[tokio::test]
async fn nobody_can_ask_of_any_group_or_person() {
    let world = World::new().await;
    let ids = world.ids().await;
    for name in names() {
        let Some(input) = personal(name).or_else(|| request(name, ids).map(|(_, input)| of(OURS, input))) else { continue };
        for cookie in ["", "guildhall=0000"] {
            let reply = world.app.call_fn(name, input.clone(), cookie).await;
            assert_eq!((reply.status.as_u16(), &*reply.text()), (401, r#"{"code":"unauthorised"}"#), "{name}");
        }
    }
}

#[tokio::test]
async fn a_stranger_finds_no_group_and_no_id_of_it() {
    let world = World::new().await;
    let ids = world.ids().await;
    for name in names() {
        let Some((whose, input)) = request(name, ids) else { continue };
        refuses(&world, name, of(OURS, input.clone()), &world.stranger.cookie).await;
        if whose != Of::Group {
            refuses(&world, name, of(THEIRS, input), &world.stranger.cookie).await;
        }
    }
}

#[tokio::test]
async fn a_colleague_finds_no_thread_of_another_member() {
    let world = World::new().await;
    let ids = world.ids().await;
    for name in names() {
        if let Some((Of::Thread, input)) = request(name, ids) {
            refuses(&world, name, of(OURS, input), &world.colleague.cookie).await;
        }
    }
}

#[tokio::test]
async fn the_same_requests_succeed_for_the_owner() {
    let mut world = World::new().await;
    for (number, name) in names().into_iter().enumerate() {
        // Each request gets ids of its own, and a group has no room for so many sources of tools.
        if number % 40 == 39 {
            world = World::new().await;
        }
        let ids = world.ids().await;
        let input = personal(name).or_else(|| request(name, ids).map(|(_, input)| of(OURS, input)));
        let Some(input) = input else { continue };
        let reply = world.app.call_fn(name, input, &world.ours.owner.cookie).await;
        assert!(reply.status.is_success(), "{name}: {} {}", reply.status, reply.text());
    }
}

async fn refuses(world: &World, name: &str, input: Value, cookie: &str) {
    let reply = world.app.call_fn(name, input, cookie).await;
    assert_eq!((reply.status.as_u16(), &*reply.text()), (404, r#"{"code":"not_found"}"#), "{name}");
}

fn of(slug: &str, mut input: Value) -> Value {
    input["slug"] = slug.into();
    input
}
