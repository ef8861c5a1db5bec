//! Whole exchanges over a real connection: streaming as it comes, silence, breaking off, and stopping.

use super::*;
use crate::{
    server::models::http::Patience,
    tests::fake_provider::{FakeProvider, LIST, Piece, Reply},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

const FIRST: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}]}\n\n";
const LAST: &str = "data: {\"choices\":[{\"delta\":{\"content\":\" two\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// Waits for whatever should come, so that a busy machine fails no test.
fn patient() -> Patience {
    let long = Duration::from_secs(30);
    Patience { head: long, idle: long, tail: long, end: long }
}

/// Long enough for what was sent to arrive, short enough for a test to wait for its end.
const SHORT: Duration = Duration::from_secs(1);

fn first() -> Reply {
    Reply::stream(FIRST)
}

#[tokio::test]
async fn every_recorded_stream_arrives_over_the_wire_as_it_was_decoded() {
    let fake = FakeProvider::start().await;
    for (name, body) in transcripts::OPENAI {
        fake.replies(name, Reply::stream(body));
        assert_eq!(
            text(&ask(&openai(&fake.base_url()), name).await),
            text(&decode(transcripts::openai_decoder(), [body.as_bytes()])),
            "{name}"
        );
    }
    let fake = FakeProvider::start().await;
    for (name, body) in transcripts::ANTHROPIC {
        fake.replies(name, Reply::paced(body, 97, Duration::from_millis(1)));
        assert_eq!(
            ask(&anthropic(&fake.base_url()), name).await,
            decode(transcripts::anthropic_decoder(), [body.as_bytes()]),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_token_is_passed_on_before_the_next_one_is_sent() {
    let fake = FakeProvider::start().await;
    let gate = Arc::new(Notify::new());
    fake.replies("m", first().then(Piece::WaitFor(gate.clone())).then(Piece::Bytes(LAST.into())));
    let mut stream = openai(&fake.base_url()).stream(request("m"), CancellationToken::new());
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Text("One".to_owned()))));
    gate.notify_one();
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Text(" two".to_owned()))));
    assert_eq!(stream.next().await, Some(Ok(ModelEvent::Finished(FinishReason::Stop))));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_poll() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::stream(LAST));
    let stream = openai(&fake.base_url()).stream(request("m"), CancellationToken::new());
    assert!(fake.requests().is_empty());
    assert_eq!(stream.collect::<Items>().await.len(), 2);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_provider_notices_that_a_stream_was_stopped_or_dropped() {
    let fake = FakeProvider::start().await;
    fake.replies("m", first().then(Piece::Hang));
    let cancel = CancellationToken::new();
    let mut stopped = openai(&fake.base_url()).stream(request("m"), cancel.clone());
    assert_eq!(stopped.next().await, Some(Ok(ModelEvent::Text("One".to_owned()))));
    cancel.cancel();
    assert_eq!(stopped.next().await, None);
    fake.abandoned(1).await;
    let mut dropped = openai(&fake.base_url()).stream(request("m"), CancellationToken::new());
    assert_eq!(dropped.next().await, Some(Ok(ModelEvent::Text("One".to_owned()))));
    drop(dropped);
    fake.abandoned(2).await;
    let cancel = CancellationToken::new();
    fake.replies("claude", Reply::cut(transcripts::ANTHROPIC[0].1, 200).then(Piece::Bytes(b"\n\n".to_vec())).then(Piece::Hang));
    let stopping = async {
        fake.asked(3).await;
        cancel.cancel();
    };
    let (items, ()) =
        tokio::join!(anthropic(&fake.base_url()).stream(request("claude"), cancel.clone()).collect::<Items>(), stopping);
    assert!(items.iter().all(|item| matches!(item, Ok(ModelEvent::Usage(_)))), "{items:?}");
}

#[tokio::test]
async fn a_token_that_fired_before_the_first_poll_sends_nothing() {
    let fake = FakeProvider::start().await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(openai(&fake.base_url()).stream(request("m"), cancel).next().await, None);
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_silent_provider_times_out() {
    let fake = FakeProvider::start().await;
    fake.replies("m", first().then(Piece::Hang));
    let items = ask(&openai(&fake.base_url()).with_patience(Patience { idle: SHORT, ..patient() }), "m").await;
    assert_eq!(text(&items), "One");
    assert!(matches!(items.last(), Some(Err(ModelError::TimedOut { .. }))), "{items:?}");
    fake.abandoned(1).await;
}

#[tokio::test]
async fn a_provider_that_is_silent_from_the_start_times_out() {
    // A listener that nobody accepts from: the connection stands, and nothing ever answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    assert_eq!(
        failure(&anthropic(&base_url).with_patience(Patience { head: SHORT, ..patient() }), "m").await.kind(),
        "timed_out"
    );
}

#[tokio::test]
async fn a_broken_connection_is_cut_off_unless_the_answer_was_whole() {
    let fake = FakeProvider::start().await;
    fake.replies("m", first().then(Piece::Pause(Duration::from_millis(20))).then(Piece::Break));
    let items = ask(&openai(&fake.base_url()), "m").await;
    assert_eq!((text(&items).as_str(), items.last().unwrap().as_ref().unwrap_err().kind()), ("One", "cut_off"));
    let whole = LAST.replace("data: [DONE]\n\n", "");
    fake.replies("whole", Reply::stream(&whole).then(Piece::Pause(Duration::from_millis(20))).then(Piece::Break));
    assert_eq!(finish(&ask(&openai(&fake.base_url()), "whole").await), Some(FinishReason::Stop));
    fake.replies("open", Reply::stream(&whole).then(Piece::Hang));
    assert_eq!(
        finish(&ask(&openai(&fake.base_url()).with_patience(Patience { tail: SHORT, end: SHORT, ..patient() }), "open").await),
        Some(FinishReason::Stop)
    );
}

#[tokio::test]
async fn a_stream_that_ends_in_the_middle_is_cut_off() {
    let fake = FakeProvider::start().await;
    let (_, body) = transcripts::OPENAI[0];
    fake.replies("m", Reply::cut(body, body.len() / 2));
    fake.replies("garbled", Reply::garbled(body, body.find('{').unwrap()));
    for model in ["m", "garbled"] {
        assert_eq!(failure(&openai(&fake.base_url()), model).await.kind(), "cut_off", "{model}");
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::stream(LAST));
    let model = openai(&fake.base_url()).with_patience(patient());
    for _ in 0..3 {
        assert_eq!(finish(&ask(&model, "m").await), Some(FinishReason::Stop));
    }
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn anthropic_lists_its_models_page_by_page() {
    let fake = FakeProvider::start().await;
    fake.replies(
        LIST,
        Reply::json(200, r#"{"data":[{"type":"model","id":"claude-sonnet-5-5"}],"has_more":true,"last_id":"claude-sonnet-5-5"}"#),
    );
    fake.replies(
        LIST,
        Reply::json(
            200,
            r#"{"data":[{"type":"model","id":"claude-next","max_input_tokens":2000000}],"has_more":false,"last_id":"x"}"#,
        ),
    );
    let models = anthropic(&fake.base_url()).list().await.unwrap();
    let told: Vec<_> = models.iter().map(|model| (model.model.as_str(), model.context_tokens, model.price.is_some())).collect();
    assert_eq!(told, [("claude-sonnet-5-5", Some(1_000_000), true), ("claude-next", Some(2_000_000), false)]);
    let paths: Vec<_> = fake.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/v1/models?limit=100", "/v1/models?limit=100&after_id=claude-sonnet-5-5"]);
}
