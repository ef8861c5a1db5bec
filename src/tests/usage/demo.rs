//! The demo adds up, is the same each time, and is made once.

use super::books::NOW;
use crate::{
    model::{
        budget::Scope,
        group::{Role, Slug},
        usage::{By, Sums, UsageFilter},
    },
    server::{budgets, demo, member, store::usage::Span},
    tests::app::TestApp,
};

const DAYS: i64 = 12;

async fn made(app: &TestApp) -> (Sums, usize) {
    let demo = demo::fill(&app.app, DAYS).await.unwrap();
    let roles: Vec<_> = [Role::Owner, Role::Admin, Role::Operator, Role::Member].map(Role::as_str).into();
    assert!(roles.iter().all(|role| demo.people.iter().any(|(_, has)| has == role)), "people of every role");
    let owner = demo.people[0].0.clone();
    let member = member::of_group(&app.app, owner, &Slug::parse("demo").unwrap()).await.unwrap();
    let usage = app.app.store.usage(&member);
    let span = Span::Days(0..100_000);
    let total = usage.total(&span, &UsageFilter::default()).await.unwrap().sums;
    assert_eq!(total.calls, demo.calls as i64);
    for by in By::ALL {
        let mut sums = Sums::default();
        usage.by(&span, &UsageFilter::default(), by).await.unwrap().into_iter().for_each(|row| sums += row.sums);
        assert_eq!(sums, total, "{by:?}");
    }
    (total, demo.calls)
}

#[tokio::test]
async fn the_demo_is_the_same_each_time_and_adds_up() {
    let first = TestApp::start_at(NOW).await;
    let (total, calls) = made(&first).await;
    assert!(calls > 200 && total.cost_microusd > 0 && total.unknown_price_calls > 0 && total.failed > 0 && total.threads > 10);
    assert_eq!(made(&TestApp::start_at(NOW).await).await.0, total);
    let again = demo::fill(&first.app, DAYS).await.map(drop).unwrap_err().to_string();
    assert!(again.contains("another folder"), "a second demo would count twice: {again}");
}

#[tokio::test]
async fn the_demo_is_made_only_where_there_is_nothing() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let refused = demo::fill(&app.app, DAYS).await.map(drop).unwrap_err();
    assert_eq!(refused.status(), 409, "{refused}");
    let folder = app.data().display().to_string();
    assert!(refused.to_string().contains(&folder), "{refused}");
    let groups = app.app.store.system().group(&Slug::parse("demo").unwrap()).await.unwrap();
    assert!(groups.is_none() && lab.slug == "lab", "nothing of it was made");
}

#[tokio::test]
async fn people_of_the_demo_sign_in_and_read_what_was_said() {
    let app = TestApp::start_at(NOW).await;
    let demo = demo::fill(&app.app, DAYS).await.unwrap();
    let (person, _) = demo.people.iter().find(|(_, role)| *role == "member").unwrap();
    let input = serde_json::json!({ "email": person.email.as_str(), "password": demo.password });
    let cookie = app.call_fn("sign_in", input, "").await.cookie().expect("a session");
    let list =
        serde_json::json!({ "slug": "demo", "filter": { "agent_id": null, "status": "active", "q": null }, "after": null });
    let threads = app.call_fn("threads", list, &cookie).await.ok();
    let thread = &threads["items"][0];
    assert_eq!(thread["answering"], false, "nothing of the past waits for an answer");
    let page = app.call_fn("thread", serde_json::json!({ "slug": "demo", "id": thread["id"] }), &cookie).await.ok();
    let messages = page["snapshot"]["messages"].as_array().unwrap();
    assert!(messages.len() >= 2 && messages.iter().all(|message| message["status"] == "completed"), "{page}");
}

#[tokio::test]
async fn the_demos_budgets_have_something_to_show() {
    let app = TestApp::start_at(NOW).await;
    let demo = demo::fill(&app.app, DAYS).await.unwrap();
    let owner = member::of_group(&app.app, demo.people[0].0.clone(), &Slug::parse("demo").unwrap()).await.unwrap();
    let all = budgets::list(&app.app, &owner.admin().unwrap()).await.unwrap();
    let used: Vec<_> = all.iter().map(|budget| (budget.draft.scope, budget.percent(budget.spent))).collect();
    assert_eq!(used.iter().map(|(scope, _)| *scope).collect::<Vec<_>>(), [Scope::Group, Scope::Agent, Scope::Person]);
    // Caps are round, so the shares are about what was wanted.
    assert!(used.iter().zip([61, 84, 37]).all(|((_, used), wanted)| (wanted - 6..=wanted + 6).contains(used)), "{used:?}");
}
