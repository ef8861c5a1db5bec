//! Budgets of a group, and where their alerts are told to. Admins and owners see and decide them.

use crate::{
    error::Result,
    ids::BudgetId,
    model::{
        budget::{Alert, Budget, BudgetPage, Period, Unit},
        group::Slug,
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// All budgets, and what a page needs to add one.
#[server(prefix = "/fn", endpoint = "budgets", input = Json)]
pub async fn budgets(slug: Slug) -> Result<BudgetPage> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::budgets::page(&app, &member.admin()?).await
}

/// How each budget stands, for a page that shows more than budgets. Those who do not manage the group are shown none.
#[server(prefix = "/fn", endpoint = "budget_gauges", input = Json)]
pub async fn budget_gauges(slug: Slug) -> Result<Vec<Budget>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    match member.admin() {
        Ok(admin) => crate::server::budgets::list(&app, &admin).await,
        Err(_) => Ok(Vec::new()),
    }
}

/// Budgets that reached a share that admins are told of, in the periods that go on. Others are told of none: every
/// member's first page asks.
#[server(prefix = "/fn", endpoint = "budget_alerts", input = Json)]
pub async fn budget_alerts(slug: Slug) -> Result<Vec<Alert>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    match member.admin() {
        Ok(admin) => crate::server::budgets::current_alerts(&app, &admin).await,
        Err(_) => Ok(Vec::new()),
    }
}

/// A plain form: it works before the page does. `whom` is `group`, or `agent:`, `person:` or `key:` and an id; `effect` is
/// `hard` or `soft`.
#[server(prefix = "/fn", endpoint = "add_budget")]
pub async fn add_budget(slug: Slug, whom: String, unit: Unit, period: Period, cap: String, effect: String) -> Result<Budget> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let draft = crate::model::budget::BudgetDraft::typed(&whom, unit, period, &cap, &effect)?;
    crate::server::budgets::add(&app, &member.admin()?, draft).await
}

/// A plain form, too.
#[server(prefix = "/fn", endpoint = "change_budget")]
pub async fn change_budget(slug: Slug, id: BudgetId, unit: Unit, cap: String) -> Result<Budget> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let cap = crate::model::budget::cap_from(unit, &cap)?;
    crate::server::budgets::set_cap(&app, &member.admin()?, id, cap).await
}

/// A plain form, too.
#[server(prefix = "/fn", endpoint = "remove_budget")]
pub async fn remove_budget(slug: Slug, id: BudgetId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::budgets::remove(&app, &member.admin()?, id).await
}

/// Says where alerts are told to. The answer is the secret that messages are signed with; it is told this once.
#[server(prefix = "/fn", endpoint = "set_webhook", input = Json)]
pub async fn set_webhook(slug: Slug, url: String) -> Result<String> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::webhooks::set(&app, &member.admin()?, &url).await
}

/// Sends a message that only says that it is one.
#[server(prefix = "/fn", endpoint = "test_webhook", input = Json)]
pub async fn test_webhook(slug: Slug) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::webhooks::test(&app, &member.admin()?).await
}

#[server(prefix = "/fn", endpoint = "remove_webhook", input = Json)]
pub async fn remove_webhook(slug: Slug) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::webhooks::remove(&app, &member.admin()?).await
}
