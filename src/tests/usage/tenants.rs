//! Who sees what: managers the group's money, members their own, strangers nothing.

use super::books::{COST, NOW, call};
use crate::{
    model::{
        group::Role,
        usage::{
            UsageFilter,
            ask::{Preset, UsageAsk},
            drill::Place,
        },
    },
    server::{
        store::{calls::Call, usage::Span},
        usage::{dashboard::dashboard, drill::drill},
    },
    tests::app::{Someone, TestApp, TestGroup},
};
use serde_json::json;

struct World {
    app: TestApp,
    lab: TestGroup,
    member: Someone,
    operator: Someone,
}

async fn world() -> World {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let member = app.member(&lab.group, "mia", Role::Member).await;
    let operator = app.member(&lab.group, "otto", Role::Operator).await;
    for person in [&lab.owner, &member] {
        app.book(&Call { person: Some(person.person.id), ..call(&lab, &app, NOW) }).await;
    }
    app.book(&Call { person: None, ..call(&lab, &app, NOW) }).await;
    World { app, lab, member, operator }
}

#[tokio::test]
async fn a_plain_member_sees_their_own_whatever_they_ask_for() {
    let World { app, lab, member, operator } = world().await;
    let others = UsageFilter { person: Some(lab.owner.person.id), ..UsageFilter::default() };
    for (who, calls) in [(&member, 1), (&operator, 0), (&lab.owner, 3)] {
        let sums = app.app.store.usage(&who.member).total(&Span::Days(0..100_000), &UsageFilter::default()).await.unwrap().sums;
        assert_eq!((sums.calls, sums.cost_microusd), (calls, calls * COST), "{}", who.person.name);
    }
    let ask = UsageAsk { preset: Preset::Week, filter: others, ..UsageAsk::default() };
    let page = dashboard(&app.app, &member.member, &ask).await.unwrap();
    assert_eq!((page.now.sums.calls, page.own), (1, true));
    assert!(!serde_json::to_string(&page).unwrap().contains(&lab.owner.person.name), "no name of anybody else");
    let calls = drill(&app.app, &member.member, &ask, Place::default()).await.unwrap().calls.items;
    assert!(calls.len() == 1 && calls[0].person == Some(member.person.id));
    let csv = app.get("/api/v1/groups/lab/usage.csv", &member.key).await.text();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let asked = format!("/api/v1/groups/lab/usage?person={}", lab.owner.person.id);
    assert_eq!(app.get(&asked, &member.key).await.ok()["totals"]["calls"], 1);
}

#[tokio::test]
async fn the_groups_money_is_for_those_who_manage_it() {
    let World { app, member, operator, .. } = world().await;
    for who in [&member, &operator] {
        for (name, input) in [
            ("prices", json!({ "slug": "lab" })),
            ("statements", json!({ "slug": "lab" })),
            ("statement", json!({ "slug": "lab", "month": "2026-11" })),
            ("reconciliation", json!({ "slug": "lab", "provider": null, "month": null })),
            ("save_provider_totals", json!({ "slug": "lab", "provider": "openai", "totals": "2026-11-01,1" })),
            ("set_time_zone", json!({ "slug": "lab", "name": "UTC" })),
        ] {
            assert_eq!(app.call_fn(name, input, &who.cookie).await.status, 403, "{name}");
        }
        let price =
            json!({ "slug": "lab", "draft[provider]": "openai", "draft[model]": "m", "draft[input]": "1", "draft[output]": "1" });
        assert_eq!(app.call_fn("save_price", price, &who.cookie).await.status, 403);
    }
}

#[tokio::test]
async fn a_download_needs_the_cookie_of_a_member() {
    let World { app, lab, member, .. } = world().await;
    let stranger = app.group("elsewhere").await.owner;
    let get = async |cookie: &str| {
        let request = axum::http::Request::get("/g/lab/usage.csv?period=week").header("cookie", cookie);
        let reply = app.request(request.body(axum::body::Body::empty()).unwrap()).await;
        (reply.status.as_u16(), reply.text().lines().count())
    };
    assert_eq!(get("").await.0, 401);
    assert_eq!(get(&stranger.cookie).await.0, 404);
    assert_eq!(get(&member.cookie).await, (200, 2));
    assert_eq!(get(&lab.owner.cookie).await, (200, 4));
}

#[tokio::test]
async fn titles_of_threads_are_for_their_own_member_only() {
    let World { app, lab, member, .. } = world().await;
    let thread = app.thread(&member, lab.agent).await;
    app.book(&Call { thread: Some(thread), person: Some(member.person.id), ..call(&lab, &app, NOW) }).await;
    let ask = UsageAsk { preset: Preset::Week, ..UsageAsk::default() };
    for (who, sees) in [(&lab.owner, false), (&member, true)] {
        let threads = drill(&app.app, &who.member, &ask, Place::default()).await.unwrap().threads.unwrap();
        assert_eq!((threads.len(), threads[0].title.is_some()), (1, sees), "{}", who.person.name);
        assert_eq!(threads[0].person_name.as_deref(), Some("mia"));
    }
}
