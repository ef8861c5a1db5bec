//! Messages: sending, repeating a request, paging, following.

use super::{lab, path};
use crate::tests::app::{ANSWER, MODEL, TestApp};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

async fn sent_with_key(app: &TestApp, path: &str, key: &str, text: &str, idempotency: &str) -> crate::tests::app::Reply {
    let request = Request::post(path).header("authorization", format!("bearer {key}")).header("idempotency-key", idempotency);
    app.request(request.body(Body::from(json!({ "text": text }).to_string())).expect("a request")).await
}

#[tokio::test]
async fn a_message_is_taken_at_once_and_answered_in_the_background() {
    let (app, lab, thread) = lab().await;
    let messages = path(&format!("threads/{thread}/messages"));
    let reply = app.post(&messages, &lab.owner.key, json!({ "text": "Good morning" })).await;
    assert_eq!(reply.status, 202);
    let sent = reply.json();
    app.ended(&lab.owner.member, sent["run_id"].as_str().expect("an id").parse().expect("an id")).await;
    let page = app.get(&messages, &lab.owner.key).await.ok();
    assert_eq!(page["next"], Value::Null);
    let (asked, answered) = (&page["items"][0], &page["items"][1]);
    assert_eq!(
        *asked,
        json!({
            "id": sent["message_id"], "role": "user", "status": "completed", "parts": [{ "type": "text", "text": "Good morning" }],
            "agent_id": lab.agent, "run_id": sent["run_id"], "author": "owner-of-lab",
            "created_at": asked["created_at"], "finished_at": asked["finished_at"],
        })
    );
    assert_eq!(answered["parts"], json!([{ "type": "text", "text": ANSWER }]));
    assert_eq!((&answered["role"], &answered["status"]), (&json!("assistant"), &json!("completed")));
}

#[tokio::test]
async fn the_same_idempotency_key_sends_once() {
    let (app, lab, thread) = lab().await;
    let messages = path(&format!("threads/{thread}/messages"));
    let key = &lab.owner.key;
    let (one, two) = tokio::join!(
        sent_with_key(&app, &messages, key, "Good morning", "k-1"),
        sent_with_key(&app, &messages, key, "Good morning", "k-1"),
    );
    assert_eq!((one.status.as_u16(), one.ok()), (202, two.ok()));
    assert_eq!(sent_with_key(&app, &messages, key, "Something else", "k-1").await.status, 409);
    assert_ne!(sent_with_key(&app, &messages, key, "Good morning", "k-2").await.ok(), one.ok());
    let asked = app.get(&messages, key).await.ok()["items"].as_array().expect("items").clone();
    assert_eq!(asked.iter().filter(|message| message["role"] == "user").count(), 2);
}

#[tokio::test]
async fn a_key_of_one_member_does_not_name_the_message_of_another() {
    let (app, lab, thread) = lab().await;
    let ada = app.member(&lab.group, "ada", crate::model::group::Role::Member).await;
    let hers = app.thread(&ada, lab.agent).await;
    let first = sent_with_key(&app, &path(&format!("threads/{thread}/messages")), &lab.owner.key, "Hello", "same").await.ok();
    let second = sent_with_key(&app, &path(&format!("threads/{hers}/messages")), &ada.key, "Hello", "same").await.ok();
    assert_ne!(first["message_id"], second["message_id"]);
}

#[tokio::test]
async fn pages_of_messages_go_back_from_the_newest_without_gap_or_repetition() {
    let (app, lab, thread) = lab().await;
    for number in 0..4 {
        app.answered(&lab.owner, thread, &number.to_string()).await;
    }
    let texts = |page: &Value| -> Vec<Value> {
        page["items"].as_array().expect("items").iter().map(|message| message["parts"][0]["text"].clone()).collect()
    };
    let first = app.get(&path(&format!("threads/{thread}/messages?limit=3")), &lab.owner.key).await.ok();
    assert_eq!(texts(&first), [ANSWER, "3", ANSWER].map(Value::from));
    let (mut seen, mut page) = (texts(&first), first);
    while let Some(next) = page["next"].as_str() {
        page = app.get(&path(&format!("threads/{thread}/messages?limit=3&after={next}")), &lab.owner.key).await.ok();
        seen.splice(0..0, texts(&page));
    }
    assert_eq!(seen, ["0", ANSWER, "1", ANSWER, "2", ANSWER, "3", ANSWER].map(Value::from));
}

#[tokio::test]
async fn following_a_thread_gives_the_answer_as_it_is_stored_and_goes_on_from_any_event() {
    let (app, lab, thread) = lab().await;
    let stream = path(&format!("threads/{thread}/events"));
    let mut events = app.events(&stream, &lab.owner.key, None).await;
    assert_eq!(events.next().await.expect("an event").event, "snapshot");
    app.send(&lab.owner, thread, "Good morning").await;
    let all = events.until(|event| event.event == "usage").await;
    let text = |events: &[crate::tests::app::Sse]| -> String {
        events.iter().filter(|event| event.event == "text").filter_map(|event| event.data["delta"].as_str()).collect()
    };
    assert_eq!(text(&all), ANSWER, "{all:?}");

    for (index, event) in all.iter().enumerate().take(all.len() - 1) {
        let mut resumed = app.events(&stream, &lab.owner.key, Some(&event.id)).await;
        let rest = resumed.until(|event| event.event == "usage").await;
        assert_eq!(text(&rest), text(&all[index + 1..]), "after {event:?}");
    }
    let mut unknown = app.events(&stream, &lab.owner.key, Some("banana")).await;
    assert_eq!(unknown.next().await.expect("an event").event, "snapshot", "an id that nobody gave begins anew");
}

#[tokio::test]
async fn streams_are_not_compressed_and_lists_are() {
    let (app, lab, thread) = lab().await;
    app.agent(&lab.owner, &"A long name ".repeat(4), MODEL).await;
    for (rest, encoding) in [(format!("threads/{thread}/events"), None), ("agents".to_owned(), Some("br"))] {
        let request = Request::get(path(&rest)).header("authorization", format!("Bearer {}", lab.owner.key));
        let request = request.header("accept-encoding", "br").body(Body::empty()).expect("a request");
        let response = app.begin(request).await;
        assert_eq!(response.headers().get("content-encoding").and_then(|value| value.to_str().ok()), encoding, "{rest}");
    }
}
