//! The pages, as the server renders them: they can be read without a script.

use super::books::{NOW, call, day};
use crate::{
    model::group::Role,
    server::store::calls::Call,
    tests::app::{TestApp, TestGroup},
};
use axum::{body::Body, http::Request};

async fn page(app: &TestApp, path: &str, cookie: &str) -> (u16, String) {
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap();
    let reply = app.request(request).await;
    // What is sent along for the browser's half says the same once more.
    let text = reply.text();
    let shown = text.split("<script").next().unwrap_or_default().len();
    (reply.status.as_u16(), if shown > 2_000 { text[..shown].to_owned() } else { text })
}

async fn lab() -> (TestApp, TestGroup) {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    (app, lab)
}

#[tokio::test]
async fn the_dashboard_shows_figures_bars_and_what_is_unknown() {
    let (app, lab) = lab().await;
    for hours in 0..5 {
        app.book(&call(&lab, &app, NOW - hours * 20 * 3_600_000)).await;
    }
    app.book(&Call { provider: "workshop".to_owned(), model: "llama <b>".to_owned(), ..call(&lab, &app, NOW) }).await;
    let (status, html) = page(&app, "/g/lab/usage?period=week", &lab.owner.cookie).await;
    assert_eq!(status, 200);
    for part in ["$0.01", "unknown price", "llama &lt;b", "By model", "class=\"plot\"", "22 – 28 Nov 2026", "UTC", "Export CSV"]
    {
        assert!(html.contains(part), "{part} is missing: {html}");
    }
    let (_, by_person) = page(&app, "/g/lab/usage?period=week&by=person", &lab.owner.cookie).await;
    assert!(by_person.contains("owner-of-lab") && by_person.contains("By person"));
}

#[tokio::test]
async fn every_page_of_usage_opens_for_those_who_may_see_it() {
    let (app, lab) = lab().await;
    let member = app.member(&lab.group, "mia", Role::Member).await;
    app.book(&call(&lab, &app, day("2026-10-10"))).await;
    app.book(&Call { person: Some(member.person.id), ..call(&lab, &app, NOW) }).await;
    for (path, for_members) in [
        ("/g/lab/usage", true),
        ("/g/lab/usage/calls", true),
        ("/g/lab/usage?from=2026-10-01&to=2026-10-31", true),
        ("/g/lab/usage?period=today&by=purpose&measure=tokens", true),
        ("/g/lab/usage?period=year&by=agent", true),
        ("/g/lab/usage/prices", false),
        ("/g/lab/usage/statements", false),
        ("/g/lab/usage/statements/2026-10", false),
        ("/g/lab/usage/reconcile", false),
    ] {
        let (status, html) = page(&app, path, &lab.owner.cookie).await;
        assert!(status == 200 && !html.contains("Something went wrong"), "{path}: {status} {html}");
        let (status, html) = page(&app, path, &member.cookie).await;
        assert_eq!(status, if for_members { 200 } else { 404 }, "{path} for a member: {html}");
        assert!(!html.contains("owner-of-lab"), "{path} tells a member of the owner");
    }
}

#[tokio::test]
async fn days_in_the_wrong_order_are_told_and_a_new_group_is_told_what_the_page_is_for() {
    let (app, lab) = lab().await;
    let (status, html) = page(&app, "/g/lab/usage", &lab.owner.cookie).await;
    assert!(status == 200 && html.contains("Nothing was used yet"), "{html}");
    let (_, html) = page(&app, "/g/lab/usage?from=2026-10-31&to=2026-10-01", &lab.owner.cookie).await;
    assert!(html.contains("The last day must not be before the first."), "{html}");
}
