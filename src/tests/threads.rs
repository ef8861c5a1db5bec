//! Threads: titles, archiving, deleting, lists.

use super::app::{Someone, TestApp};
use crate::ids::ThreadId;
use serde_json::{Value, json};

const THREADS: &str = "/api/v1/groups/lab/threads";

fn of(thread: ThreadId) -> String {
    format!("{THREADS}/{thread}")
}

async fn titles(app: &TestApp, by: &Someone, query: &str) -> Vec<Value> {
    let page = app.get(&format!("{THREADS}{query}"), &by.key).await.ok();
    page["items"].as_array().expect("items").iter().map(|thread| thread["title"].clone()).collect()
}

#[tokio::test]
async fn the_first_message_names_a_thread_that_nobody_named() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let (unnamed, named) = (app.thread(&lab.owner, lab.agent).await, app.thread(&lab.owner, lab.agent).await);
    app.patch(&of(named), &lab.owner.key, json!({ "title": "  Mine  " })).await.ok();
    for thread in [unnamed, named] {
        app.answered(&lab.owner, thread, "How do I bake bread? I have rye.").await;
        app.answered(&lab.owner, thread, "And pizza?").await;
    }
    assert_eq!(app.get(&of(unnamed), &lab.owner.key).await.ok()["title"], "How do I bake bread?");
    assert_eq!(app.get(&of(named), &lab.owner.key).await.ok()["title"], "Mine");
}

#[tokio::test]
async fn an_archived_thread_is_read_only_until_it_is_restored() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    app.answered(&lab.owner, thread, "Good morning").await;
    app.patch(&of(thread), &lab.owner.key, json!({ "status": "archived" })).await.ok();
    let messages = format!("{}/messages", of(thread));
    assert_eq!(app.post(&messages, &lab.owner.key, json!({ "text": "More" })).await.status, 409);
    assert_eq!(app.get(&messages, &lab.owner.key).await.ok()["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(titles(&app, &lab.owner, "").await, Vec::<Value>::new());
    assert_eq!(titles(&app, &lab.owner, "?status=archived").await, ["Good morning"]);
    app.patch(&of(thread), &lab.owner.key, json!({ "status": "active" })).await.ok();
    assert_eq!(app.post(&messages, &lab.owner.key, json!({ "text": "More" })).await.status, 202);
}

#[tokio::test]
async fn a_deleted_thread_is_gone_with_its_messages_and_runs_and_its_usage_stays() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let thread = app.thread(&lab.owner, lab.agent).await;
    let sent = app.answered(&lab.owner, thread, "Good morning").await;
    assert_eq!(app.delete(&of(thread), &lab.owner.key).await.status, 204);
    assert_eq!(app.get(&of(thread), &lab.owner.key).await.status, 404);
    assert_eq!(app.delete(&of(thread), &lab.owner.key).await.status, 404);
    assert_eq!(app.get(&format!("/api/v1/groups/lab/runs/{}", sent.run_id), &lab.owner.key).await.status, 404);
    for table in ["messages", "parts", "journal", "runs", "threads"] {
        assert_eq!(super::tenancy::count(&app, table).await, 0, "{table}");
    }
    assert_eq!(super::tenancy::count(&app, "calls").await, 1);
}

#[tokio::test]
async fn a_search_finds_a_title_in_any_case_of_any_script_and_after_a_migration() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    for title in ["Äpfel und Öl", "Ünnötig", "ΟΔΥΣΣΕΥΣ", "STRASSE"] {
        app.post(THREADS, &lab.owner.key, json!({ "agent_id": lab.agent, "title": title })).await.ok();
    }
    let found = async |app: &TestApp| {
        let mut all = Vec::new();
        for words in ["ä ö", "ÖL", "üNN", "οδυσσευς", "ΣΣ", "straße"] {
            let url: String = reqwest::Url::parse_with_params("http://x/", [("q", words)])
                .expect("a URL")
                .query()
                .map(|q| format!("?{q}"))
                .expect("q");
            all.extend(titles(app, &lab.owner, &url).await);
        }
        all
    };
    let expected = ["Äpfel und Öl", "Äpfel und Öl", "Ünnötig", "ΟΔΥΣΣΕΥΣ", "ΟΔΥΣΣΕΥΣ", "STRASSE"];
    assert_eq!(found(&app).await, expected);
    // As it stands after the migration of a database from before.
    super::tenancy::change(&app, "UPDATE threads SET title_folded = NULL").await;
    assert_eq!(found(&app).await, Vec::<Value>::new());
    let app = app.restart().await;
    assert_eq!(found(&app).await, expected);
}

#[tokio::test]
async fn lists_show_the_newest_activity_first_page_by_page_and_by_words_and_agent() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let other = app.agent(&lab.owner, "Other", super::app::MODEL).await.id;
    let mut made = Vec::new();
    for title in ["100% rye", "100 rolls", "Pizza", "Bread_sticks", "Breadsticks"] {
        let agent = if title == "Pizza" { other } else { lab.agent };
        let thread = app.post(THREADS, &lab.owner.key, json!({ "agent_id": agent, "title": title })).await.ok();
        made.push((thread["id"].as_str().expect("an id").parse::<ThreadId>().expect("an id"), title));
    }
    app.answered(&lab.owner, made[0].0, "Still warm?").await;
    let all = ["100% rye", "Breadsticks", "Bread_sticks", "Pizza", "100 rolls"];
    assert_eq!(titles(&app, &lab.owner, "").await, all);
    assert_eq!(titles(&app, &lab.owner, &format!("?agent_id={other}")).await, ["Pizza"]);
    assert_eq!(titles(&app, &lab.owner, "?q=100%25").await, ["100% rye"]);
    assert_eq!(titles(&app, &lab.owner, "?q=d_S").await, ["Bread_sticks"]);

    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    for _ in 0..3 {
        let page = app.get(&format!("{THREADS}{query}"), &lab.owner.key).await.ok();
        seen.extend(page["items"].as_array().expect("items").iter().map(|thread| thread["title"].clone()));
        query = format!("?limit=2&after={}", page["next"].as_str().unwrap_or("none"));
    }
    assert_eq!((seen, query.as_str()), (all.map(Value::from).to_vec(), "?limit=2&after=none"));
    assert_eq!(app.get(&format!("{THREADS}?after=nonsense"), &lab.owner.key).await.status, 422);
}
