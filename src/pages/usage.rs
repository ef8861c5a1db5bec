//! `/g/{slug}/usage`: what was used and what it cost.

pub mod asked;
pub mod budgets;
pub mod calls;
mod chart;
mod empty;
mod figures;
mod filters;
mod frame;
mod period;
mod plot;
pub mod prices;
pub mod reconcile;
mod rows;
pub mod statement;
pub mod statements;
mod tiles;

use super::{group::use_group, params::slug_param};
use crate::{
    api::{budgets::budget_gauges, usage::usage_dashboard},
    components::{failure::PageFailure, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        budget::Budget,
        group::Slug,
        usage::{ask::UsageAsk, dashboard::Dashboard},
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use asked::{Links, asked};
use budgets::gauges::Gauges;
use chart::ChartCard;
use empty::{Nothing, NothingYet};
use filters::Filters;
use frame::{Tab, UsageFrame};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use period::{PeriodLine, PeriodPicker};
use rows::Rows;
use tiles::TileRow;

page!(usage, show_usage);

struct Loaded {
    asked: Memo<UsageAsk>,
    dashboard: Resource<Result<Dashboard>>,
    gauges: Resource<Vec<Budget>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked) = (slug_param(), asked());
        Self {
            asked,
            dashboard: resource(move || (slug.get(), asked.get()), |(slug, asked)| load(slug, asked)),
            gauges: resource(move || slug.get(), gauges),
        }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_usage() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let links = Links::of(&group);
    view! {
        <Title text="Usage"/>
        <UsageFrame tab=Tab::Overview>
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || {
                    let (asked, links) = (this.asked.get(), links.clone());
                    Suspend::new(async move {
                        let gauges = this.gauges.await;
                        match this.dashboard.await {
                            Ok(dashboard) => view! { <Overview asked dashboard gauges links/> }.into_any(),
                            Err(error @ AppError::Invalid { .. }) => view! {
                                <PeriodPicker asked links/>
                                <p class="callout" role="alert">{error.to_string()}</p>
                            }
                            .into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

/// None where they cannot be had: the rest of the page does without.
async fn gauges(slug: Option<Slug>) -> Vec<Budget> {
    match slug {
        Some(slug) => budget_gauges(slug).await.unwrap_or_default(),
        None => Vec::new(),
    }
}

async fn load(slug: Option<Slug>, asked: UsageAsk) -> Result<Dashboard> {
    usage_dashboard(slug.ok_or(AppError::NotFound)?, asked).await
}

#[component]
fn Overview(asked: UsageAsk, dashboard: Dashboard, gauges: Vec<Budget>, links: Links) -> impl IntoView {
    if !dashboard.any {
        return view! { <NothingYet/> }.into_any();
    }
    let Dashboard { time_zone, days, before, now, then, chart, rows, names, own, .. } = dashboard;
    let used = now.sums.calls > 0;
    let length = days.1.number() - days.0.number() + 1;
    let export = links.export(&asked);
    view! {
        <PeriodPicker asked=asked.clone() links=links.clone()>
            <a class="btn" href=export rel="external" download="">"Export CSV"</a>
        </PeriodPicker>
        <PeriodLine days before=Some(before) time_zone own/>
        <Filters asked=asked.clone() names links=links.clone()/>
        <TileRow now then length/>
        <Gauges gauges/>
        {if used {
            view! {
                <ChartCard asked=asked.clone() chart links=links.clone() own/>
                <Rows asked rows total=now.sums links/>
            }
            .into_any()
        } else {
            view! { <Nothing asked links/> }.into_any()
        }}
    }
    .into_any()
}
