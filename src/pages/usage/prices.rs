//! `/g/{slug}/usage/prices`: what a million tokens cost. Owners write down the group's own prices.

mod editor;
mod price;

use super::frame::{Tab, UsageFrame};
use crate::{
    api::usage::{SavePrice, prices},
    components::{failure::PageFailure, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        group::{Role, Slug},
        usage::prices::PriceList,
    },
    pages::{
        bundle::page,
        group::{GroupContext, use_group},
        not_found::NotFound,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use editor::NewPrice;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use price::ModelCard;

page!(usage, show_prices);

struct Loaded {
    save: ServerAction<SavePrice>,
    list: Resource<Result<PriceList>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, save) = (slug_param(), ServerAction::<SavePrice>::new());
        Self { save, list: resource(move || (slug.get(), save.version().get()), |(slug, _)| load(slug)) }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_prices() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <Title text="Prices"/>
        <UsageFrame tab=Tab::Prices>
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match this.list.await {
                            Ok(list) => view! { <Prices group list save=this.save/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn load(slug: Option<Slug>) -> Result<PriceList> {
    prices(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn Prices(group: GroupContext, list: PriceList, save: ServerAction<SavePrice>) -> impl IntoView {
    let owner = group.role == Role::Owner;
    let about = format!(
        "Dollars per million tokens. Days begin in {}. A change holds from its day on: what was booked before keeps its price. \
        While the group’s plan includes an amount or adds to providers’ prices, a listed price counts before one of the group’s own.",
        list.time_zone
    );
    let today = list.today;
    let models = list.models.into_iter().map(|model| view! { <ModelCard model/> }).collect_view();
    view! {
        <p class="soft usage-about">{about}" "{list.built_in}</p>
        <section class="panel" aria-labelledby="prices-title">
            <header class="panel-head"><h2 class="panel-title" id="prices-title">"Models that the group uses"</h2></header>
            <ul class="prices">{models}</ul>
        </section>
        {if owner {
            view! { <NewPrice slug=group.slug today save/> }.into_any()
        } else {
            view! { <p class="field-hint">"The group’s owners can write down other prices."</p> }.into_any()
        }}
    }
}
