//! Signing up, in and out: what a browser gets, what a guesser does not.

use super::app::{PASSWORD, Reply, Setup, TestApp};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

fn sign_up(email: &str, group: &str) -> Value {
    json!({ "name": "Ada", "email": email, "password": PASSWORD, "group_name": group })
}

async fn signing_in(app: &TestApp, email: &str, password: &str) -> Reply {
    app.call_fn("sign_in", json!({ "email": email, "password": password }), "").await
}

#[tokio::test]
async fn the_first_person_becomes_owner_of_the_first_group_with_an_agent() {
    let app = TestApp::start().await;
    assert_eq!(app.call_fn("sign_up_open", json!({}), "").await.ok(), true);
    let reply = app.call_fn("sign_up", sign_up(" Ada@Example.org ", "Ada's Lab"), "").await;
    reply.ok();
    let cookie = reply.cookie().expect("a session");
    let me = app.call_fn("me", json!({}), &cookie).await.ok();
    assert_eq!(me["person"]["email"], "ada@example.org");
    assert_eq!(me["memberships"][0]["role"], "owner");
    assert_eq!(me["memberships"][0]["group"]["slug"], "ada-s-lab");
    let agents = app.call_fn("agents", json!({ "slug": "ada-s-lab", "status": "active" }), &cookie).await.ok();
    assert_eq!((&agents[0]["name"], &agents[0]["provider"]), (&json!("Guide"), &json!("scripted")));
}

#[tokio::test]
async fn only_the_first_person_can_sign_up_also_of_two_at_once() {
    let app = TestApp::start().await;
    let (ada, bob) = tokio::join!(
        app.call_fn("sign_up", sign_up("ada@example.org", "One"), ""),
        app.call_fn("sign_up", sign_up("bob@example.org", "Two"), ""),
    );
    let mut statuses = [ada.status.as_u16(), bob.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
    assert_eq!(app.call_fn("sign_up_open", json!({}), "").await.ok(), false);
    let late = app.call_fn("sign_up", sign_up("eve@example.org", "Three"), "").await;
    assert_eq!((late.status.as_u16(), late.cookie()), (403, None));
}

#[tokio::test]
async fn passwords_shorter_than_twelve_characters_are_refused() {
    let app = TestApp::start().await;
    let mut input = sign_up("ada@example.org", "Lab");
    input["password"] = "eleven char".into();
    let reply = app.call_fn("sign_up", input, "").await;
    assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!("password")));
    assert_eq!(app.call_fn("sign_up_open", json!({}), "").await.ok(), true, "nobody was made");

    let lab = app.group("lab").await;
    let short = json!({ "current": PASSWORD, "new": "eleven char" });
    let reply = app.call_fn("change_password", short, &lab.owner.cookie).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (422, &json!("new")));
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let wrong = signing_in(&app, lab.owner.person.email.as_str(), "this is not the password").await;
    let unknown = signing_in(&app, "nobody@example.org", "this is not the password").await;
    assert_eq!(wrong.status, 422);
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    let names = |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&wrong), names(&unknown));
    assert!(wrong.cookie().is_none());
}

#[tokio::test]
async fn a_guesser_is_slowed_down_and_told_how_long_to_wait() {
    let app = TestApp::with(Setup { sign_ins: 3, ..Setup::default() }).await;
    for _ in 0..3 {
        assert_eq!(signing_in(&app, "ada@example.org", "a wrong password").await.status, 422);
    }
    let reply = signing_in(&app, "ada@example.org", "a wrong password").await;
    assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (429, &json!("rate_limited")));
    let wait: u64 = reply.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=6).contains(&wait), "{wait}");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let app = TestApp::start().await;
    let reply = app.call_fn("sign_up", sign_up("ada@example.org", "Lab"), "").await;
    let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
    for flag in ["guildhall=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(flag), "{flag} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http cannot keep a secure cookie: {cookie}");

    let setup = Setup { public_url: Some("https://agents.example.org".to_owned()), ..Setup::default() };
    let reply = TestApp::with(setup).await.call_fn("sign_up", sign_up("ada@example.org", "Lab"), "").await;
    let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-guildhall=") && cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
}

#[tokio::test]
async fn whoever_signed_out_is_nobody_though_the_browser_keeps_the_cookie() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let reply = app.call_fn("sign_out", json!({}), &lab.owner.cookie).await;
    assert!(reply.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")), "{:?}", reply.headers);
    assert_eq!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let email = lab.owner.person.email.as_str();
    let elsewhere = app.sign_in(email).await;
    let new = "another sentence to remember";
    app.call_fn("change_password", json!({ "current": PASSWORD, "new": new }), &lab.owner.cookie).await.ok();
    assert_eq!(app.call_fn("me", json!({}), &elsewhere).await.ok(), Value::Null);
    assert_ne!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null);
    assert_eq!(signing_in(&app, email, PASSWORD).await.status, 422);
    assert_eq!(signing_in(&app, email, new).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_thirty_days() {
    let app = TestApp::start_at(1_800_000_000_000).await;
    let lab = app.group("lab").await;
    let day = std::time::Duration::from_secs(24 * 3_600);
    app.app.clock.advance(day * 29);
    assert_ne!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null);
    app.app.clock.advance(day * 29);
    assert_ne!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null, "its use made it last");
    app.app.clock.advance(day * 30);
    assert_eq!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null);
}

#[tokio::test]
async fn a_request_from_another_site_changes_nothing() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let refused = [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example"), ("host", "guildhall.example")],
        vec![("origin", "null"), ("host", "guildhall.example")],
        vec![("host", "guildhall.example")],
    ];
    for headers in &refused {
        assert_eq!(sign_out_with(&app, headers, &lab.owner.cookie).await, 403, "{headers:?}");
    }
    assert_ne!(app.call_fn("me", json!({}), &lab.owner.cookie).await.ok(), Value::Null, "still signed in");
    let own = [("origin", "http://guildhall.example"), ("host", "guildhall.example")];
    assert_eq!(sign_out_with(&app, &own, &lab.owner.cookie).await, 200);
}

async fn sign_out_with(app: &TestApp, headers: &[(&str, &str)], cookie: &str) -> u16 {
    let request = headers.iter().fold(Request::post("/fn/sign_out"), |request, (name, value)| request.header(*name, *value));
    let request = request.header("accept", "application/json").header("content-type", "application/x-www-form-urlencoded");
    app.request(request.header("cookie", cookie).body(Body::empty()).expect("a request")).await.status.as_u16()
}

#[tokio::test]
async fn signing_in_leads_to_paths_of_this_server_only() {
    let app = TestApp::start().await;
    let lab = app.group("lab").await;
    let (email, home) = (lab.owner.person.email.as_str(), "/g/lab");
    let cases = [
        ("/g/lab/agents", "/g/lab/agents"),
        ("//evil.example", home),
        ("/\\evil.example", home),
        ("https://evil.example", home),
        ("/\t/evil.example", home),
    ];
    for (next, expected) in cases {
        let input = json!({ "email": email, "password": PASSWORD, "next": next });
        let reply = app.call_fn("sign_in", input, "").await;
        assert_eq!(reply.header("location"), Some(expected), "{next:?}");
    }
}
