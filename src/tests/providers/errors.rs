//! Which failure of a provider becomes which error.

use super::*;
use crate::{
    server::models::http::{censor::clean, fault::Fault},
    tests::fake_provider::{FakeProvider, LIST, Reply},
};
use std::time::Duration;

/// The kind of error that both protocols make of a status and a body.
async fn kind(status: u16, body: &str) -> &'static str {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::json(status, body));
    let openai = failure(&openai(&fake.base_url()), "m").await;
    let anthropic = failure(&anthropic(&fake.base_url()), "m").await;
    assert_eq!(openai, anthropic);
    openai.kind()
}

#[tokio::test]
async fn a_status_chooses_the_error() {
    let kinds = [
        (400, "invalid_request"),
        (401, "unauthorised"),
        (402, "unauthorised"),
        (403, "unauthorised"),
        (404, "invalid_request"),
        (408, "timed_out"),
        (413, "context_too_long"),
        (422, "invalid_request"),
        (429, "rate_limited"),
        (500, "unavailable"),
        (503, "unavailable"),
        (504, "timed_out"),
        (529, "unavailable"),
    ];
    for (status, expected) in kinds {
        assert_eq!(kind(status, r#"{"error":{"message":"no"}}"#).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_known_by_its_code_or_by_its_words() {
    for body in [
        r#"{"error":{"message":"too big","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
        r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_ctx":4096}}"#,
        r#"{"object":"error","message":"This model's maximum context length is 2048 tokens.","type":"BadRequestError","code":400}"#,
    ] {
        assert_eq!(kind(400, body).await, "context_too_long", "{body}");
    }
}

#[tokio::test]
async fn filtered_content_is_known_by_its_code() {
    let body = r#"{"error":{"code":"content_filter","message":"The response was filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#;
    assert_eq!(kind(400, body).await, "content_filtered");
}

#[test]
fn error_bodies_of_every_shape_give_their_words() {
    for body in [
        r#"{"error":{"message":"the words","type":"t","code":null}}"#,
        r#"{"error":"the words"}"#,
        r#"{"detail":"the words"}"#,
        r#"{"message":"the words"}"#,
        r#"{"detail":[{"loc":["body"],"msg":"the words"}]}"#,
        r#"[{"error":{"code":400,"message":"the words"}}]"#,
        r#"{"object":"error","message":"the words"}"#,
        r#"{"error":true,"message":"the words"}"#,
        "the words",
        "<html>the words</html>",
        r#"{"errors":["the words"]}"#,
        r#"{"error":{"detail":"the words"}}"#,
    ] {
        assert!(Fault::from_body(body.as_bytes()).into_error().to_string().contains("the words"), "{body}");
    }
    assert_eq!(Fault::from_body(&[0xff, 0xfe]).into_error().kind(), "unavailable");
}

#[test]
fn ordinary_chunks_are_no_errors() {
    for chunk in [
        r#"{"choices":[],"error":null}"#,
        r#"{"choices":[{"delta":{"content":"message"}}],"message":"hi"}"#,
        r#"{"object":"ping"}"#,
        "{}",
        "[]",
        "1",
    ] {
        assert!(Fault::from_json(&serde_json::from_str(chunk).unwrap()).is_none(), "{chunk}");
    }
}

#[test]
fn an_error_in_mid_stream_is_known_by_its_name() {
    let named = |name: &str| {
        Fault::from_json(&serde_json::json!({"type": "error", "error": {"type": name, "message": "m"}})).unwrap().into_error()
    };
    for (name, kind) in [
        ("overloaded_error", "unavailable"),
        ("api_error", "unavailable"),
        ("rate_limit_error", "rate_limited"),
        ("authentication_error", "unauthorised"),
        ("permission_error", "unauthorised"),
        ("billing_error", "unauthorised"),
        ("invalid_request_error", "invalid_request"),
        ("not_found_error", "invalid_request"),
        ("request_too_large", "context_too_long"),
        ("timeout_error", "timed_out"),
        ("rate_limit_exceeded", "rate_limited"),
        ("server_error", "unavailable"),
    ] {
        assert_eq!(named(name).kind(), kind, "{name}");
    }
}

async fn wait_of(headers: &[(&'static str, &str)]) -> Option<Duration> {
    let fake = FakeProvider::start().await;
    let reply = headers.iter().fold(Reply::json(429, "{}"), |reply, (name, value)| reply.with_header(name, *value));
    fake.replies("m", reply);
    match failure(&openai(&fake.base_url()), "m").await {
        ModelError::RateLimited { retry_after, .. } => retry_after,
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_or_as_a_date() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(wait_of(&[("retry-after", "20")]).await, seconds(20));
    assert_eq!(wait_of(&[("retry-after", "1.5")]).await, Some(Duration::from_millis(1500)));
    assert_eq!(wait_of(&[("retry-after", "20"), ("retry-after-ms", "350")]).await, Some(Duration::from_millis(350)));
    let date = ("date", "Wed, 25 Nov 2026 10:00:00 GMT");
    assert_eq!(wait_of(&[date, ("retry-after", "Wed, 25 Nov 2026 10:01:30 GMT")]).await, seconds(90));
    assert_eq!(wait_of(&[date, ("retry-after", "Wed, 25 Nov 2026 09:00:00 GMT")]).await, seconds(0), "a moment that has passed");
    assert_eq!(wait_of(&[("retry-after", "99999999999999999999999")]).await, seconds(86_400), "a day is enough");
    for nonsense in ["soon", "-3", "NaN", ""] {
        assert_eq!(wait_of(&[("retry-after", nonsense)]).await, None, "{nonsense}");
    }
}

#[tokio::test]
async fn details_are_short_and_hold_no_key() {
    let fake = FakeProvider::start().await;
    let words = format!("{KEY} is wrong, so is sk-proj-abc123***XYZ, but task-force-members is a word. {}", "ø".repeat(5_000));
    fake.replies("m", Reply::json(401, &serde_json::json!({"error": {"message": words}}).to_string()));
    fake.replies(LIST, Reply::json(401, &serde_json::json!({"error": {"message": words}}).to_string()));
    for error in [
        failure(&openai(&fake.base_url()), "m").await,
        failure(&anthropic(&fake.base_url()), "m").await,
        openai(&fake.base_url()).list().await.unwrap_err(),
    ] {
        let ModelError::Unauthorised { detail } = error else { panic!("{error:?}") };
        assert!(detail.contains("[key] is wrong, so is [key], but task-force-members is a word."), "{detail}");
        assert!(detail.len() <= 2_000);
    }
}

#[tokio::test]
async fn a_key_in_mid_stream_is_removed_too() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::stream(&format!("data: {{\"error\":{{\"message\":\"bad {KEY}\"}}}}\n\n")));
    assert_eq!(failure(&openai(&fake.base_url()), "m").await, ModelError::Unavailable { detail: "bad [key]".to_owned() });
}

#[test]
fn cleaning_leaves_other_words_alone() {
    assert_eq!(clean("risk-free sk-1 desk-bound-employee", None), "risk-free sk-1 desk-bound-employee");
    assert_eq!(clean("key sk-abcdefgh.", Some("")), "key [key]");
}

#[tokio::test]
async fn a_provider_that_does_not_listen_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = failure(&openai(&format!("http://{address}/v1")), "m").await;
    assert!(matches!(error, ModelError::Unavailable { .. }), "{error:?}");
    let error = failure(&openai("no url at all"), "m").await;
    assert!(matches!(error, ModelError::InvalidRequest { .. }), "{error:?}");
}
