//! Files that a page sends: with a session only, into the member's own group only.

use super::{OURS, THEIRS, World};
use crate::{ids::DocumentId, tests::app::Reply};
use axum::{body::Body, http::Request};

async fn send(world: &World, slug: &str, document: Option<DocumentId>, cookie: &str, site: &str) -> Reply {
    let target = document.map(|id| format!("--x\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n{id}\r\n"));
    let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nSome words.\r\n--x--\r\n";
    let request = Request::post(format!("/g/{slug}/knowledge/files"))
        .header("content-type", "multipart/form-data; boundary=x")
        .header("accept", "application/json")
        .header("sec-fetch-site", site);
    let request = if cookie.is_empty() { request } else { request.header("cookie", cookie) };
    let body = Body::from(format!("{}{file}", target.unwrap_or_default()));
    world.app.request(request.body(body).expect("a request")).await
}

#[tokio::test]
async fn nobody_and_strangers_send_no_files() {
    let world = World::new().await;
    let document = world.ids().await.document;
    for cookie in ["", "guildhall=0000"] {
        assert_eq!(send(&world, OURS, None, cookie, "same-origin").await.status, 401);
    }
    assert_eq!(send(&world, OURS, None, &world.stranger.cookie, "same-origin").await.status, 404);
    assert_eq!(send(&world, THEIRS, Some(document), &world.stranger.cookie, "same-origin").await.status, 404);
    assert_eq!(send(&world, OURS, None, &world.ours.owner.cookie, "cross-site").await.status, 403);
    let sent = send(&world, OURS, Some(document), &world.ours.owner.cookie, "same-origin").await;
    assert_eq!(sent.ok()[0]["id"], document.to_string());
}
