//! `/g/{slug}/usage/budgets`: how much may be used, and how much of it is.

mod add;
mod alerts;
pub mod gauges;
mod row;
mod webhook;

use super::frame::{Tab, UsageFrame};
use crate::{
    api::budgets::{AddBudget, ChangeBudget, RemoveBudget, budgets},
    components::{
        empty::Empty, failure::PageFailure, field::FormError, icon::IconName, notice::use_notices, skeleton::SkeletonRows,
    },
    error::{AppError, Result},
    model::{
        budget::{Budget, BudgetPage, PlanView},
        group::Slug,
    },
    pages::{
        bundle::page,
        group::{GroupContext, use_group},
        not_found::NotFound,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use add::AddBudgetForm;
use alerts::Alerts;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use row::BudgetRow;
use webhook::WebhookSection;

page!(usage, show_budgets);

struct Loaded {
    page: Resource<Result<BudgetPage>>,
    acts: Acts,
}

/// What the forms of the page do. Without a script they are plain forms.
#[derive(Clone, Copy)]
pub struct Acts {
    pub add: ServerAction<AddBudget>,
    pub change: ServerAction<ChangeBudget>,
    pub remove: ServerAction<RemoveBudget>,
    /// Counts what was changed: the page is fetched again.
    pub changed: RwSignal<u32>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, changed) = (slug_param(), RwSignal::new(0));
        let page = resource(move || (slug.get(), changed.get()), |(slug, _)| all(slug));
        let acts = Acts { add: ServerAction::new(), change: ServerAction::new(), remove: ServerAction::new(), changed };
        Self { page, acts }
    }
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_budgets() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    this.acts.follow();
    view! {
        <Title text="Budgets"/>
        <UsageFrame tab=Tab::Budgets>
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match this.page.await {
                            Ok(page) => view! { <Budgets group page acts=this.acts/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn all(slug: Option<Slug>) -> Result<BudgetPage> {
    budgets(slug.ok_or(AppError::NotFound)?).await
}

impl Acts {
    /// Says what was done, and has the page fetched again.
    fn follow(self) {
        let notices = use_notices();
        let done = move |words: &'static str| {
            notices.say(words);
            self.changed.update(|changed| *changed += 1);
        };
        Effect::new(move |_| {
            if let Some(Ok(_)) = self.add.value().get() {
                done("Added the budget");
            }
        });
        Effect::new(move |_| {
            if let Some(Ok(_)) = self.change.value().get() {
                done("Changed the budget");
            }
        });
        Effect::new(move |_| {
            if let Some(Ok(())) = self.remove.value().get() {
                done("Removed the budget");
            }
        });
    }

    /// Why the last change or removal was refused.
    fn error(self) -> Signal<Option<AppError>> {
        Signal::derive(move || {
            let changed = self.change.value().get().and_then(Result::err);
            changed.or_else(|| self.remove.value().get().and_then(Result::err))
        })
    }
}

#[component]
fn Budgets(group: GroupContext, page: BudgetPage, acts: Acts) -> impl IntoView {
    let BudgetPage { budgets, time_zone, agents, people, keys, alerts, webhook, plan } = page;
    let slug = group.slug.clone();
    view! {
        <div class="budget-page">
        <p class="soft">
            "A day or a month begins at midnight in the group’s time zone, "<b>{time_zone}</b>". What goes on counts with the most that it may use."
        </p>
        <PlanFacts plan/>
        <section class="section" aria-labelledby="budgets">
            <h2 class="section-title" id="budgets">"Budgets"</h2>
            <FormError error=acts.error()/>
            <List slug=slug.clone() budgets acts/>
        </section>
        <AddBudgetForm slug=slug.clone() agents people keys acts/>
        <Alerts alerts/>
        <WebhookSection slug webhook/>
        </div>
    }
}

#[component]
fn List(slug: Slug, budgets: Vec<Budget>, acts: Acts) -> impl IntoView {
    if budgets.is_empty() {
        let text = "Nothing limits what the group uses. Add a budget below: it warns admins, or refuses what would exceed it.";
        return view! { <Empty icon=IconName::Sliders title="No budgets yet" text/> }.into_any();
    }
    let rows = budgets.into_iter().map(|budget| view! { <BudgetRow slug=slug.clone() budget acts/> }).collect_view();
    view! { <ul class="budgets">{rows}</ul> }.into_any()
}

/// What the group's plan limits, where it does.
#[component]
fn PlanFacts(plan: PlanView) -> impl IntoView {
    (!plan.limits.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="plan">
                <h2 class="section-title" id="plan">"Plan "{plan.name}</h2>
                <ul class="plan-limits">{plan.limits.into_iter().map(|limit| view! { <li>{limit}</li> }).collect_view()}</ul>
                <p class="field-hint">"The operator of this server decides which plan the group has."</p>
            </section>
        }
    })
}
