//! The event stream of a browser.

use super::World;
use axum::{body::Body, http::Request};
use serde_json::json;

#[tokio::test]
async fn nobody_has_no_stream() {
    let world = World::new().await;
    let thread = world.ids().await.thread;
    let request = Request::get(format!("/live?thread={thread}@")).header("sec-fetch-site", "same-origin");
    let reply = world.app.request(request.body(Body::empty()).expect("a request")).await;
    assert_eq!((reply.status.as_u16(), &*reply.text()), (401, r#"{"code":"unauthorised"}"#));
}

#[tokio::test]
async fn the_thread_of_another_member_is_gone_for_strangers_and_colleagues() {
    let world = World::new().await;
    let thread = world.ids().await.thread;
    let wanted = format!("?thread={thread}@");
    for cookie in [&world.stranger.cookie, &world.colleague.cookie] {
        let first = world.app.live(&wanted, cookie).await.next().await.expect("an event");
        assert_eq!(first.data, json!({ "type": "gone", "thread_id": thread }));
    }
    let first = world.app.live(&wanted, &world.ours.owner.cookie).await.next().await.expect("an event");
    assert_eq!(first.data["event"]["kind"], "snapshot");
}

#[tokio::test]
async fn a_stream_opens_for_pages_of_this_server_only() {
    let world = World::new().await;
    for site in ["cross-site", "same-site"] {
        let request = Request::get("/live").header("sec-fetch-site", site).header("cookie", &world.ours.owner.cookie);
        assert_eq!(world.app.begin(request.body(Body::empty()).expect("a request")).await.status(), 403, "{site}");
    }
    let bare = Request::get("/live").header("cookie", &world.ours.owner.cookie).body(Body::empty()).expect("a request");
    assert_eq!(world.app.begin(bare).await.status(), 403, "a cookie without a word on where it comes from");
}
