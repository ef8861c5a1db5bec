//! The form that adds a budget.

use super::Acts;
use crate::{
    components::field::{FieldNotes, FormError, FormErrorSignal, Submit, TextField, described_by, error_of},
    model::{budget::Choice, group::Slug},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn AddBudgetForm(slug: Slug, agents: Vec<Choice>, people: Vec<Choice>, keys: Vec<Choice>, acts: Acts) -> impl IntoView {
    let error: FormErrorSignal = Signal::derive(move || acts.add.value().get().and_then(Result::err));
    // The form is made anew once a budget was added, and begins empty.
    let cap = RwSignal::new(String::new());
    view! {
        <section class="section" aria-labelledby="add-budget">
            <h2 class="section-title" id="add-budget">"Add a budget"</h2>
            <ActionForm action=acts.add attr:class="form">
                <FormError error fields=&["whom", "cap", "effect"]/>
                <input type="hidden" name="slug" value=slug.to_string()/>
                <div class="field">
                    <label class="field-label" for="whom">"For"</label>
                    <select class="select wide" id="whom" name="whom" aria-describedby=described_by("whom")>
                        <option value="group" selected>"The whole group"</option>
                        <Choices label="Agents" scope="agent" choices=agents/>
                        <Choices label="People" scope="person" choices=people/>
                        <Choices label="API keys" scope="key" choices=keys/>
                    </select>
                    <FieldNotes name="whom" hint=None error=error_of(error, "whom")/>
                </div>
                <div class="limits">
                    <TextField name="cap" label="Cap" inputmode="decimal" error value=cap hint="Such as 25, or 200,000 tokens."/>
                    <Select name="unit" label="Counted in" options=&[("microusd", "Dollars"), ("tokens", "Tokens")]/>
                    <Select name="period" label="For each" options=&[("month", "Month"), ("day", "Day")]/>
                </div>
                <Select name="effect" label="When it is used up"
                    options=&[("hard", "Refuse what would exceed it"), ("soft", "Only warn admins")]/>
                <div class="form-foot"><Submit label="Add budget" pending=acts.add.pending()/></div>
            </ActionForm>
        </section>
    }
}

#[component]
fn Choices(label: &'static str, scope: &'static str, choices: Vec<Choice>) -> impl IntoView {
    (!choices.is_empty()).then(|| {
        let options =
            choices.into_iter().map(|choice| view! { <option value=format!("{scope}:{}", choice.id)>{choice.name}</option> });
        view! { <optgroup label=label>{options.collect_view()}</optgroup> }
    })
}

/// A choice of which the first is usual.
#[component]
fn Select(name: &'static str, label: &'static str, options: &'static [(&'static str, &'static str)]) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <select class="select wide" id=name name=name>
                {options.iter().enumerate().map(|(at, (value, words))| view! {
                    <option value=*value selected=at == 0>{*words}</option>
                }).collect_view()}
            </select>
        </div>
    }
}
