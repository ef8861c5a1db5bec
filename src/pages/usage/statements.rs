//! `/g/{slug}/usage/statements`: the months, each of which is a statement.

use super::{
    figures::calls_words,
    frame::{Tab, UsageFrame},
};
use crate::{
    api::usage::statements,
    components::{empty::Empty, failure::PageFailure, icon::IconName, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{group::Slug, money, usage::statement::MonthSum},
    pages::{
        bundle::page,
        group::{GroupContext, use_group},
        not_found::NotFound,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;

page!(usage, show_statements);

struct Loaded {
    months: Resource<Result<Vec<MonthSum>>>,
}

impl Loaded {
    fn new() -> Self {
        let slug = slug_param();
        Self { months: resource(move || slug.get(), load) }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_statements() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <Title text="Statements"/>
        <UsageFrame tab=Tab::Statements>
            <Transition fallback=|| view! { <SkeletonRows count=6/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match this.months.await {
                            Ok(months) => view! { <Months group months/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn load(slug: Option<Slug>) -> Result<Vec<MonthSum>> {
    statements(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn Months(group: GroupContext, months: Vec<MonthSum>) -> impl IntoView {
    if months.is_empty() {
        let text = "A month becomes a statement an hour after it is over, and never changes again.";
        return view! { <Empty icon=IconName::Chart title="No month yet" text/> }.into_any();
    }
    let row = |sum: MonthSum| {
        let href = group.path(&format!("/usage/statements/{}", sum.month));
        let state = if sum.closed { ("flag good", "closed") } else { ("flag", "open") };
        let unknown = (sum.unknown_price_calls > 0).then(
            || view! { <span class="flag unpriced">{format!("+ {} unknown", calls_words(sum.unknown_price_calls))}</span> },
        );
        view! {
            <tr>
                <th scope="row"><a class="table-link" href=href>{sum.month.words()}</a></th>
                <td><span class=state.0>{state.1}</span></td>
                <td class="n">{money::grouped(sum.calls.unsigned_abs())}</td>
                <td class="n"><span class="usage-cost">{money::dollars(sum.cost_microusd)}{unknown}</span></td>
            </tr>
        }
    };
    view! {
        <p class="soft usage-about">"A month is closed an hour after it is over. From then on it stands as it was, whatever is renamed or deleted later."</p>
        <section class="panel" aria-labelledby="months-title">
            <header class="panel-head"><h2 class="panel-title" id="months-title">"Months"</h2></header>
            <div class="table-frame">
                <table class="table num">
                    <thead>
                        <tr>
                            <th scope="col">"Month"</th><th scope="col">"State"</th>
                            <th class="n" scope="col">"Calls"</th><th class="n" scope="col">"Cost"</th>
                        </tr>
                    </thead>
                    <tbody>{months.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
