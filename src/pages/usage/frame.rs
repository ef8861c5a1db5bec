//! What all pages of usage have around them: the bar, and the way to the others.

use crate::{components::page_bar::PageBar, pages::group::use_group};
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Overview,
    Calls,
    Budgets,
    Prices,
    Statements,
    Reconcile,
}

/// Plain members have two of them: what they used themselves, and its calls.
#[component]
pub fn UsageFrame(tab: Tab, children: Children) -> impl IntoView {
    let group = use_group();
    let link = |of: Tab, label: &'static str, rest: &str| {
        let href = group.path(&format!("/usage{rest}"));
        view! { <a class="segment" href=href aria-current=(tab == of).then_some("page")>{label}</a> }
    };
    let more = group.role.manages().then(|| {
        view! {
            {link(Tab::Budgets, "Budgets", "/budgets")}
            {link(Tab::Prices, "Prices", "/prices")}
            {link(Tab::Statements, "Statements", "/statements")}
            {link(Tab::Reconcile, "Reconcile", "/reconcile")}
        }
    });
    view! {
        <PageBar title="Usage"/>
        <div class="page usage">
            <nav class="segments usage-tabs" aria-label="Pages of usage">
                {link(Tab::Overview, "Overview", "")}
                {link(Tab::Calls, "Calls", "/calls")}
                {more}
            </nav>
            {children()}
        </div>
    }
}
