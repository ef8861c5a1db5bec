//! What the database itself says about groups: every index of a tenant's table begins with the group, and every change
//! leaves a line in the log.

use super::app::{PASSWORD, TestApp};
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn rows(app: &TestApp, sql: &'static str) -> Vec<Vec<String>> {
    let options = SqliteConnectOptions::new().filename(app.data().join("guildhall.db"));
    let mut database = SqliteConnection::connect_with(&options).await.expect("the database opens");
    let rows = sqlx::query(sql).fetch_all(&mut database).await.expect("a good statement");
    rows.iter().map(|row| (0..row.len()).map(|column| row.get::<String, _>(column)).collect()).collect()
}

/// Changes the database past the store, as only a test may.
pub async fn change(app: &TestApp, sql: &'static str) {
    rows(app, sql).await;
}

/// Rows of a table, whoever they belong to.
pub async fn count(app: &TestApp, table: &str) -> usize {
    let counts = "SELECT 'messages', CAST(COUNT(*) AS TEXT) FROM messages UNION ALL SELECT 'parts', CAST(COUNT(*) AS TEXT) FROM parts \
        UNION ALL SELECT 'journal', CAST(COUNT(*) AS TEXT) FROM journal UNION ALL SELECT 'runs', CAST(COUNT(*) AS TEXT) FROM runs \
        UNION ALL SELECT 'threads', CAST(COUNT(*) AS TEXT) FROM threads UNION ALL SELECT 'calls', CAST(COUNT(*) AS TEXT) FROM calls";
    let counted = rows(app, counts).await.into_iter().find(|row| row[0] == table);
    counted.expect("a table that is counted")[1].parse().expect("a number")
}

/// Indexes of tenants' tables that begin with something else, and why.
const OTHERWISE: [(&str, &str); 7] = [
    ("connections_from", "a person's memberships, before any group is known"),
    ("deliveries_due", "messages of all groups leave as they fall due"),
    ("document_versions_unfinished", "what is to be read, of all groups, is looked for in the background"),
    ("idempotency_by_age", "old keys of all groups are swept"),
    ("runs_one_active", "a rule, not a way to read: one run goes on per thread"),
    ("runs_unfinished", "recovery looks for left-behind runs of all groups"),
    ("calls_once", "a rule: a call is booked once"),
];

#[tokio::test]
async fn every_tenant_index_begins_with_the_group() {
    let app = TestApp::start().await;
    let indexes = rows(
        &app,
        "SELECT m.name, x.name FROM sqlite_master m, pragma_index_info(m.name) x WHERE m.type = 'index' AND m.sql IS NOT NULL \
         AND x.seqno = 0 AND EXISTS (SELECT 1 FROM pragma_table_info(m.tbl_name) c WHERE c.name = 'group_id')",
    )
    .await;
    assert!(indexes.len() >= 10, "{indexes:?}");
    let wrong: Vec<_> = indexes.iter().filter(|index| index[1] != "group_id").map(|index| index[0].as_str()).collect();
    let mut expected: Vec<_> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    let mut wrong = wrong;
    wrong.sort_unstable();
    assert_eq!(wrong, expected);
}

#[tokio::test]
async fn every_table_is_strict() {
    let app = TestApp::start().await;
    let loose = rows(
        &app,
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx%'",
    )
    .await;
    assert_eq!(loose, Vec::<Vec<String>>::new());
}

#[tokio::test]
async fn every_change_leaves_a_line_in_the_log() {
    let app = TestApp::start().await;
    let up = json!({ "name": "Ada", "email": "ada@example.org", "password": PASSWORD, "group_name": "Lab" });
    let cookie = app.call_fn("sign_up", up, "").await.cookie().expect("a session");
    tour(&app, &cookie).await;
    let kinds = rows(&app, "SELECT kind FROM events ORDER BY id").await;
    let mut kinds: Vec<_> = kinds.into_iter().flatten().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let expected = [
        "agent.created",
        "agent.restored",
        "agent.retired",
        "agent.saved",
        "group.approval_time_set",
        "group.created",
        "group.time_zone_set",
        "member.added",
        "message.sent",
        "person.created",
        "person.password_changed",
        "person.signed_in",
        "person.signed_out",
        "person.signed_out_elsewhere",
        "price.saved",
        "provider_totals.saved",
        "run.requested",
        "run.stopped",
        "statement.closed",
        "thread.archived",
        "thread.created",
        "thread.deleted",
        "thread.renamed",
        "thread.restored",
        "tool_source.added",
        "tool_source.document_replaced",
        "tool_source.picked",
        "tool_source.refreshed",
        "tool_source.removed",
        "tool_source.secret_set",
    ];
    let missing: Vec<_> = expected.iter().filter(|kind| !kinds.iter().any(|seen| seen == *kind)).collect();
    assert_eq!(missing, Vec::<&&str>::new(), "of {kinds:?}");
}

/// Changes everything once that a page can change.
async fn tour(app: &TestApp, cookie: &str) {
    let call = async |name: &str, mut input: serde_json::Value| {
        input["slug"] = "lab".into();
        app.call_fn(name, input, cookie).await.ok()
    };
    let draft = json!({ "name": "Scribe", "provider": "scripted", "model": super::app::MODEL });
    let agent = call("create_agent", json!({ "draft": draft })).await["id"].clone();
    call("save_agent", json!({ "id": agent, "version": 1, "draft": draft })).await;
    for status in ["retired", "active"] {
        call("set_agent_status", json!({ "id": agent, "status": status })).await;
    }
    let thread = call("start_thread", json!({ "agent_id": agent })).await;
    call("send_message", json!({ "thread_id": thread, "text": "Good morning" })).await;
    let run = answered(app, cookie, &thread).await;
    call("retry_run", json!({ "run_id": run })).await;
    let silent = json!({ "name": "Silent", "provider": "scripted", "model": "hang" });
    let silent = call("create_agent", json!({ "draft": silent })).await["id"].clone();
    let waiting = call("start_thread", json!({ "agent_id": silent, "text": "Anybody there?" })).await;
    call("stop_run", json!({ "run_id": unfinished(&call("thread", json!({ "id": waiting })).await) })).await;
    call("rename_thread", json!({ "id": thread, "title": "Renamed" })).await;
    for status in ["archived", "active"] {
        call("set_thread_status", json!({ "id": thread, "status": status })).await;
    }
    call("delete_thread", json!({ "id": thread })).await;
    call("set_approval_time", json!({ "time": 3_600_000 })).await;
    call("set_time_zone", json!({ "name": "Asia/Kolkata" })).await;
    call("save_price", json!({ "draft[provider]": "openai", "draft[model]": "m", "draft[input]": "1", "draft[output]": "2" }))
        .await;
    call("save_provider_totals", json!({ "provider": "openai", "totals": "2026-01-31,1" })).await;
    call("statement", json!({ "month": "2026-01" })).await;
    let document = "openapi: 3.1.0\npaths: { /weather: { get: {} } }";
    let draft = json!({ "kind": "openapi", "name": "weather", "url": "https://example.org", "document": document });
    let source = call("add_tool_source", json!({ "draft": draft })).await["id"].clone();
    call("pick_tools", json!({ "id": source, "version": 1, "tools": ["get_weather"] })).await;
    call("set_tool_secret", json!({ "id": source, "secret": null })).await;
    call("refresh_tool_source", json!({ "id": source })).await;
    call("replace_tool_document", json!({ "id": source, "document": document })).await;
    call("remove_tool_source", json!({ "id": source })).await;
    call("sign_out_elsewhere", json!({})).await;
    call("change_password", json!({ "current": PASSWORD, "new": PASSWORD })).await;
    app.sign_in("ada@example.org").await;
    call("sign_out", json!({})).await;
}

/// The run that goes on in a thread, or waits.
fn unfinished(page: &serde_json::Value) -> serde_json::Value {
    let (running, queued) = (&page["snapshot"]["run"]["run_id"], &page["snapshot"]["queued"][0]["run_id"]);
    if running.is_null() { queued.clone() } else { running.clone() }
}

/// The run of the thread's answer, once it is whole.
async fn answered(app: &TestApp, cookie: &str, thread: &serde_json::Value) -> serde_json::Value {
    let thread = thread.as_str().expect("an id");
    let mut events = app.live(&format!("?thread={thread}@"), cookie).await;
    loop {
        let page = app.call_fn("thread", json!({ "slug": "lab", "id": thread }), cookie).await.ok();
        let messages = page["snapshot"]["messages"].as_array().expect("messages");
        match messages.last() {
            Some(last) if last["role"] == "assistant" && last["status"] == "completed" => return last["run_id"].clone(),
            _ => events.next().await.expect("the stream goes on"),
        };
    }
}
