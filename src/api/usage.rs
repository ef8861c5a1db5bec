//! What was used and what it cost. Admins and owners see the group's, others their own.

use crate::{
    error::Result,
    model::{
        calendar::Month,
        group::Slug,
        usage::{
            ask::UsageAsk,
            dashboard::Dashboard,
            drill::{Drill, Place},
            prices::{PriceDraft, PriceList},
            statement::{MonthSum, Reconciliation, Statement},
        },
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/fn", endpoint = "usage_dashboard", input = Json)]
pub async fn usage_dashboard(slug: Slug, ask: UsageAsk) -> Result<Dashboard> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::dashboard::dashboard(&app, &member, &ask).await
}

/// Threads and single calls.
#[server(prefix = "/fn", endpoint = "usage_calls", input = Json)]
pub async fn usage_calls(slug: Slug, ask: UsageAsk, place: Place) -> Result<Drill> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::drill::drill(&app, &member, &ask, place).await
}

/// For admins and owners.
#[server(prefix = "/fn", endpoint = "prices", input = Json)]
pub async fn prices(slug: Slug) -> Result<PriceList> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let admin = member.admin()?;
    crate::server::usage::prices::list(&app, &admin).await
}

/// For owners. A plain form may post it.
#[server(prefix = "/fn", endpoint = "save_price")]
pub async fn save_price(slug: Slug, draft: PriceDraft) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::prices::save(&app, &member.owner()?, &draft).await?;
    leptos_axum::redirect(&format!("/g/{slug}/usage/prices"));
    Ok(())
}

/// The months in which anything was used. For admins and owners.
#[server(prefix = "/fn", endpoint = "statements", input = Json)]
pub async fn statements(slug: Slug) -> Result<Vec<MonthSum>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::statement::months(&app, &member.admin()?).await
}

#[server(name = GetStatement, prefix = "/fn", endpoint = "statement", input = Json)]
pub async fn statement(slug: Slug, month: Month) -> Result<Statement> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::statement::read(&app, &member.admin()?, month).await
}

/// The ledger beside what a provider says. For admins and owners.
#[server(name = GetReconciliation, prefix = "/fn", endpoint = "reconciliation", input = Json)]
pub async fn reconciliation(slug: Slug, provider: Option<String>, month: Option<Month>) -> Result<Reconciliation> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::usage::reconcile::reconcile(&app, &member.admin()?, provider, month).await
}

/// What was pasted of a provider's daily totals. A plain form may post it.
#[server(prefix = "/fn", endpoint = "save_provider_totals")]
pub async fn save_provider_totals(slug: Slug, provider: String, totals: String) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let month = crate::server::usage::reconcile::save(&app, &member.admin()?, &provider, &totals).await?;
    let provider = leptos_router::location::Url::escape(&provider);
    leptos_axum::redirect(&format!("/g/{slug}/usage/reconcile?provider={provider}&month={month}"));
    Ok(())
}
