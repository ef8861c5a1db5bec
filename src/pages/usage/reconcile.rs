//! `/g/{slug}/usage/reconcile`: the ledger beside what a provider says, day by day.

mod days;

use super::frame::{Tab, UsageFrame};
use crate::{
    api::usage::{SaveProviderTotals, reconciliation},
    components::{
        failure::PageFailure,
        field::{FieldNotes, FormError, FormErrorSignal, Submit, described_by, error_of},
        skeleton::SkeletonRows,
    },
    error::{AppError, Result},
    model::{calendar::Month, group::Slug, usage::statement::Reconciliation},
    pages::{
        bundle::page,
        group::{GroupContext, use_group},
        not_found::NotFound,
        params::slug_param,
        resource::{Resource, resource},
    },
};
use days::DayTable;
use leptos::{form::ActionForm, prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

type Asked = (Option<String>, Option<Month>);

page!(usage, show_reconcile);

struct Loaded {
    save: ServerAction<SaveProviderTotals>,
    found: Resource<Result<Reconciliation>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked, save) = (slug_param(), asked(), ServerAction::<SaveProviderTotals>::new());
        let found = resource(move || (slug.get(), asked.get(), save.version().get()), |(slug, asked, _)| load(slug, asked));
        Self { save, found }
    }
}

fn asked() -> Memo<Asked> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let text = |name| query.get(name).filter(|text| !text.is_empty());
            (text("provider"), text("month").and_then(|raw| Month::parse(&raw)))
        })
    })
}

#[wasm_split(usage, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_reconcile() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <Title text="Reconcile"/>
        <UsageFrame tab=Tab::Reconcile>
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match this.found.await {
                            Ok(found) => view! { <Reconcile group found save=this.save/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </UsageFrame>
    }
    .into_any()
}

async fn load(slug: Option<Slug>, (provider, month): Asked) -> Result<Reconciliation> {
    reconciliation(slug.ok_or(AppError::NotFound)?, provider, month).await
}

#[component]
fn Reconcile(group: GroupContext, found: Reconciliation, save: ServerAction<SaveProviderTotals>) -> impl IntoView {
    let Reconciliation { mut providers, provider, month, days } = found;
    // One that was never called can have totals even so.
    if !provider.is_empty() && !providers.contains(&provider) {
        providers.push(provider.clone());
    }
    let action = group.path("/usage/reconcile");
    let current = provider.clone();
    let options = providers
        .into_iter()
        .map(|name| view! { <option value=name.clone() selected=name == current>{name.clone()}</option> })
        .collect_view();
    view! {
        <p class="soft usage-about">"Paste what a provider says that its days cost, and see where the ledger differs. Days are counted in UTC here, as providers do."</p>
        <form class="filters" method="get" action=action>
            <select class="select" name="provider" aria-label="Provider">{options}</select>
            <input class="input month-input" type="month" name="month" value=month.to_string() aria-label="Month" required/>
            <button class="btn" type="submit">"Show month"</button>
        </form>
        <DayTable provider=provider.clone() month days/>
        <PasteForm slug=group.slug provider save/>
    }
}

#[component]
fn PasteForm(slug: Slug, provider: String, save: ServerAction<SaveProviderTotals>) -> impl IntoView {
    let error: FormErrorSignal = Signal::derive(move || save.value().get().and_then(Result::err));
    let (of_provider, of_totals) = (error_of(error, "provider"), error_of(error, "totals"));
    view! {
        <section class="panel" aria-labelledby="paste-title">
            <header class="panel-head"><h2 class="panel-title" id="paste-title">"A provider’s daily totals"</h2></header>
            <ActionForm action=save attr:class="form">
                <FormError error fields=&["provider", "totals"]/>
                <input type="hidden" name="slug" value=slug.to_string()/>
                <div class="field">
                    <label class="field-label" for="provider">"Provider"</label>
                    <input class="input" id="provider" name="provider" value=provider required autocomplete="off"
                        aria-invalid=move || of_provider.get().map(|_| "true") aria-describedby=described_by("provider")/>
                    <FieldNotes name="provider" hint=None error=of_provider/>
                </div>
                <div class="field">
                    <label class="field-label" for="totals">"Totals"</label>
                    <textarea class="input code-input short" id="totals" name="totals" rows="8" required spellcheck="false"
                        aria-invalid=move || of_totals.get().map(|_| "true") aria-describedby=described_by("totals")></textarea>
                    <FieldNotes name="totals" error=of_totals
                        hint=Some("A line for each day: date, dollars, and tokens if there are any, such as 2026-11-28,12.34. Lines of one day are added up; days that are here already are replaced.")/>
                </div>
                <div class="form-foot"><Submit label="Compare" pending=save.pending()/></div>
            </ActionForm>
        </section>
    }
}
