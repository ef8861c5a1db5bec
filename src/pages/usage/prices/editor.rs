//! Writing down a price. It works as a plain form, too.

use crate::{
    api::usage::SavePrice,
    components::{
        field::{FieldNotes, FormError, FormErrorSignal, Submit, described_by, error_of},
        notice::use_notices,
    },
    error::Result,
    model::{calendar::Date, group::Slug},
};
use leptos::{form::ActionForm, prelude::*};

const FIELDS: [&str; 8] = ["provider", "model", "from", "input", "cache_read", "cache_write", "output", "reasoning"];

#[component]
pub fn NewPrice(slug: Slug, today: Date, save: ServerAction<SavePrice>) -> impl IntoView {
    let notices = use_notices();
    let error: FormErrorSignal = Signal::derive(move || save.value().get().and_then(Result::err));
    Effect::new(move |before: Option<usize>| {
        let version = save.version().get();
        if before.is_some_and(|before| before != version) && matches!(save.value().get_untracked(), Some(Ok(()))) {
            notices.say("Price saved");
        }
        version
    });
    view! {
        <section class="panel" aria-labelledby="new-price">
            <header class="panel-head"><h2 class="panel-title" id="new-price">"Write down a price"</h2></header>
            <p class="soft">"It counts for every call from its day on, instead of the built-in one. Leave all amounts empty to let the built-in price count again."</p>
            <ActionForm action=save attr:class="form">
                <FormError error fields=&FIELDS/>
                <input type="hidden" name="slug" value=slug.to_string()/>
                <div class="price-fields">
                    <Field name="provider" label="Provider" error required=true/>
                    <Field name="model" label="Model" error required=true/>
                    <Field name="from" label="From" kind="date" value=today.to_string() error required=true/>
                </div>
                <div class="price-fields">
                    <Field name="input" label="Input, $" inputmode="decimal" error/>
                    <Field name="output" label="Output, $" inputmode="decimal" error/>
                    <Field name="cache_read" label="From cache, $" inputmode="decimal" hint="Empty: as input." error/>
                    <Field name="cache_write" label="To cache, $" inputmode="decimal" hint="Empty: as input." error/>
                    <Field name="reasoning" label="Reasoning, $" inputmode="decimal" hint="Empty: as output." error/>
                </div>
                <div class="form-foot"><Submit label="Save price" pending=save.pending()/></div>
            </ActionForm>
        </section>
    }
}

#[component]
fn Field(
    name: &'static str,
    label: &'static str,
    error: FormErrorSignal,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] value: Option<String>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let error = error_of(error, name);
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <input class="input" id=name name=format!("draft[{name}]") type=kind value=value inputmode=inputmode required=required autocomplete="off"
                aria-invalid=move || error.get().map(|_| "true") aria-describedby=described_by(name)/>
            <FieldNotes name hint error/>
        </div>
    }
}
