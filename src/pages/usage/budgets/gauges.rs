//! The fullest budgets, on the overview of usage.

use super::row::capital;
use crate::{
    components::budget_gauge::BudgetGauge,
    model::budget::{Budget, words},
    pages::group::use_group,
};
use leptos::prelude::*;

/// How many are shown; the rest are on their own page.
const SHOWN: usize = 4;

#[component]
pub fn Gauges(gauges: Vec<Budget>) -> impl IntoView {
    let all = use_group().path("/usage/budgets");
    let mut budgets = gauges;
    budgets.sort_by_key(|budget| std::cmp::Reverse(budget.percent(budget.spent)));
    (!budgets.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="gauges">
                <header class="panel-head">
                    <h2 class="panel-title" id="gauges">"Budgets"</h2><a class="quiet-link" href=all>"All budgets"</a>
                </header>
                <ul class="budgets inside">{budgets.into_iter().take(SHOWN).map(|budget| view! { <Gauge budget/> }).collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn Gauge(budget: Budget) -> impl IntoView {
    let title = capital(&words(budget.draft.scope, budget.name.as_deref(), budget.draft.period));
    view! {
        <li class="budget">
            <h3 class="budget-name" dir="auto">{title}</h3>
            <BudgetGauge budget/>
        </li>
    }
}
