//! `/g/{slug}/usage/statements/{month}`: one month as a bill, made to be printed.

use super::{
    figures,
    frame::{Tab, UsageFrame},
};
use crate::{
    api::usage::statement,
    components::{failure::PageFailure, skeleton::SkeletonRows, time::Time},
    error::{AppError, Result},
    model::{
        calendar::{Date, Month},
        group::Slug,
        money,
        usage::{
            Key, Sums,
            statement::{Line, Statement},
        },
    },
    pages::{
        bundle::page,
        group::use_group,
        not_found::NotFound,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

page!(usage, show_statement);

struct Loaded {
    statement: Resource<Result<Statement>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, params) = (slug_param(), use_params_map());
        let month = Memo::new(move |_| params.with(|params| params.get_str("month").and_then(Month::parse)));
        Self { statement: resource(move || (slug.get(), month.get()), |(slug, month)| load(slug, month)) }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_statement() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <UsageFrame tab=Tab::Statements>
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || Suspend::new(async move {
                    match this.statement.await {
                        Ok(statement) => view! { <Bill statement/> }.into_any(),
                        Err(error) => view! { <PageFailure error/> }.into_any(),
                    }
                })}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn load(slug: Option<Slug>, month: Option<Month>) -> Result<Statement> {
    statement(slug.ok_or(AppError::NotFound)?, month.ok_or(AppError::NotFound)?).await
}

#[component]
fn Bill(statement: Statement) -> impl IntoView {
    let Statement { group, month, time_zone, closed_at, totals, models, agents, people, purposes } = statement;
    let last = Date::of(month.days().end - 1);
    let state = match closed_at {
        Some(at) => view! { <p class="bill-state">"Closed "<Time at/>". It does not change any more."</p> }.into_any(),
        None => view! {
            <p class="bill-state"><span class="flag unpriced">"open"</span>" The month is not closed yet: these figures still grow."</p>
        }
        .into_any(),
    };
    let unknown = (totals.unknown_price_calls > 0).then(|| {
        let words = format!(
            "The price of {} is not known. What they cost is not in any sum of this statement.",
            figures::calls_words(totals.unknown_price_calls)
        );
        view! { <p class="callout">{words}</p> }
    });
    view! {
        <Title text=format!("{} · Statement", month.words())/>
        <article class="bill num">
            <header class="bill-head">
                <h2 class="bill-title">{format!("Statement for {}", month.words())}</h2>
                <p class="bill-group" dir="auto">{group}</p>
                <p class="soft">{format!("{} – {}, days of {time_zone}. Amounts in US dollars.", month.first().short(), last.words())}</p>
                {state}
            </header>
            <p class="bill-total"><span>"Total"</span><b>{money::ledger(totals.cost_microusd)}</b></p>
            {unknown}
            <Lines title="By model" id="bill-models" lines=models totals/>
            <Lines title="By agent" id="bill-agents" lines=agents totals/>
            <Lines title="By person" id="bill-people" lines=people totals/>
            <Lines title="By purpose" id="bill-purposes" lines=purposes totals/>
        </article>
    }
}

#[component]
fn Lines(title: &'static str, id: &'static str, lines: Vec<Line>, totals: Sums) -> impl IntoView {
    let row = |line: Line| {
        let provider = match line.key {
            Key::Model { provider, .. } => Some(provider),
            _ => None,
        };
        view! {
            <tr>
                <th scope="row"><span dir="auto">{line.name}</span>{provider.map(|provider| view! { " "<span class="table-note">{provider}</span> })}</th>
                {cells(&line.sums)}
            </tr>
        }
    };
    view! {
        <section class="bill-part" aria-labelledby=id>
            <h3 class="panel-title" id=id>{title}</h3>
            <div class="table-frame">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col"><span class="visually-hidden">"Name"</span></th>
                            <th class="n" scope="col">"Calls"</th>
                            <th class="n wide-only" scope="col">"Input"</th>
                            <th class="n wide-only" scope="col">"Cached"</th>
                            <th class="n wide-only" scope="col">"Output"</th>
                            <th class="n" scope="col">"Cost"</th>
                        </tr>
                    </thead>
                    <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
                    <tfoot><tr><th scope="row">"Total"</th>{cells(&totals)}</tr></tfoot>
                </table>
            </div>
        </section>
    }
}

/// On a bill nothing is rounded.
fn cells(sums: &Sums) -> impl IntoView + use<> {
    let whole = |count: i64| money::grouped(count.unsigned_abs());
    let usage = sums.usage;
    let cost = if sums.unknown_price_calls == sums.calls && sums.calls > 0 {
        view! { <span class="flag unpriced">"unknown price"</span> }.into_any()
    } else {
        view! { <span>{money::ledger(sums.cost_microusd)}</span> }.into_any()
    };
    view! {
        <td class="n">{whole(sums.calls)}</td>
        <td class="n wide-only">{whole(usage.input_tokens)}</td>
        <td class="n wide-only">{whole(usage.cache_read_tokens + usage.cache_write_tokens)}</td>
        <td class="n wide-only">{whole(usage.output_tokens + usage.reasoning_tokens)}</td>
        <td class="n">{cost}</td>
    }
}
