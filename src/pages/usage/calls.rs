//! `/g/{slug}/usage/calls`: the threads and the single calls behind a sum.

mod line;
mod threads;

use super::{
    asked::{Links, asked, place},
    filters::{Chip, FilterChips, chips},
    frame::{Tab, UsageFrame},
    period::PeriodLine,
};
use crate::{
    api::usage::usage_calls,
    components::{empty::Empty, failure::PageFailure, icon::IconName, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        group::Slug,
        usage::{
            ask::UsageAsk,
            dashboard::short,
            drill::{Drill, Place},
        },
    },
    pages::{
        bundle::page,
        group::use_group,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use line::CallRow;
use threads::ThreadRows;

page!(usage, show_calls);

struct Loaded {
    asked: Memo<UsageAsk>,
    place: Memo<Place>,
    drill: Resource<Result<Drill>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked, place) = (slug_param(), asked(), place());
        let drill = resource(move || (slug.get(), asked.get(), place.get()), |(slug, asked, place)| load(slug, asked, place));
        Self { asked, place, drill }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_calls() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let links = Links::of(&group);
    view! {
        <Title text="Calls"/>
        <UsageFrame tab=Tab::Calls>
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || {
                    let (asked, place, links) = (this.asked.get(), this.place.get(), links.clone());
                    Suspend::new(async move {
                        match this.drill.await {
                            Ok(drill) => view! { <Calls asked place drill links/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn load(slug: Option<Slug>, asked: UsageAsk, place: Place) -> Result<Drill> {
    usage_calls(slug.ok_or(AppError::NotFound)?, asked, place).await
}

#[component]
fn Calls(asked: UsageAsk, place: Place, drill: Drill, links: Links) -> impl IntoView {
    let Drill { time_zone, days, threads, calls, names, own } = drill;
    let mut all = chips(&asked, &names, |asked| links.calls(asked, &place));
    let without = |place: Place| links.calls(&asked, &Place { after: None, ..place });
    all.extend(place.thread.map(|thread| Chip {
        kind: "Thread",
        name: short(&thread.to_string()).to_owned(),
        without: without(Place { thread: None, ..place.clone() }),
    }));
    all.extend(place.run.map(|run| Chip {
        kind: "Run",
        name: short(&run.to_string()).to_owned(),
        without: without(Place { run: None, ..place.clone() }),
    }));
    let next = calls.next.map(|after| links.calls(&asked, &Place { after: Some(after), ..place.clone() }));
    let first_page = place.after.is_none();
    let too_long = threads.is_none() && place.thread.is_none() && place.run.is_none() && first_page;
    let threads = threads.filter(|threads| first_page && !threads.is_empty());
    let rows =
        calls.items.into_iter().map(|call| view! { <CallRow call asked=asked.clone() links=links.clone()/> }).collect::<Vec<_>>();
    let empty = rows.is_empty();
    view! {
        <PeriodLine days before=None time_zone own/>
        <FilterChips chips=all/>
        {too_long.then(|| view! { <p class="field-hint">"Choose 31 days or fewer to see which threads cost the most."</p> })}
        {threads.map(|threads| view! { <ThreadRows threads asked=asked.clone() links=links.clone()/> })}
        <section class="panel" aria-labelledby="calls-title">
            <header class="panel-head">
                <h2 class="panel-title" id="calls-title">"Calls, newest first"</h2>
                <a class="quiet-link" href=links.overview(&asked)>"Back to the sums"</a>
            </header>
            {if empty {
                view! { <Empty icon=IconName::Chart title="No calls" text="No model was called in this period, or not in this way."/> }.into_any()
            } else {
                view! { <ol class="calls">{rows}</ol> }.into_any()
            }}
            {next.map(|next| view! { <a class="btn more" href=next>"Older calls"</a> })}
        </section>
    }
}
