//! One budget: how it stands, and the two things that can be done with it. Both work without a script.

use super::Acts;
use crate::{
    components::{budget_gauge::BudgetGauge, field::Submit},
    model::{
        budget::{Budget, Scope, Unit, cap_text, words},
        group::Slug,
    },
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn BudgetRow(slug: Slug, budget: Budget, acts: Acts) -> impl IntoView {
    let title = capital(&words(budget.draft.scope, budget.name.as_deref(), budget.draft.period));
    let kind = match budget.draft.scope {
        Scope::Group => None,
        scope => Some(scope.as_str()),
    };
    let effect = if budget.draft.hard { ("Refuses", "flag") } else { ("Only warns", "flag") };
    let acts = if budget.by_plan {
        view! { <p class="field-hint">"It comes with the group’s plan."</p> }.into_any()
    } else {
        view! { <RowActs slug budget=budget.clone() acts title=title.clone()/> }.into_any()
    };
    view! {
        <li class="budget">
            <header class="budget-head">
                <h3 class="budget-name" dir="auto">{title}</h3>
                {kind.map(|kind| view! { <span class="flag">{kind}</span> })}
                <span class=effect.1>{effect.0}</span>
            </header>
            <BudgetGauge budget/>
            {acts}
        </li>
    }
}

pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[component]
fn RowActs(slug: Slug, budget: Budget, acts: Acts, title: String) -> impl IntoView {
    let removed = title.clone();
    view! {
        <div class="budget-acts">
            <details class="budget-act">
                <summary class="quiet-link" aria-label=format!("Change {title}")>"Change"</summary>
                <CapForm slug=slug.to_string() budget=budget.clone() acts/>
            </details>
            <details class="budget-act">
                <summary class="quiet-link" aria-label=format!("Remove {removed}")>"Remove"</summary>
                <RemoveForm slug=slug.to_string() id=budget.id.to_string() acts/>
            </details>
        </div>
    }
}

#[component]
fn CapForm(slug: String, budget: Budget, acts: Acts) -> impl IntoView {
    let Budget { id, draft, .. } = budget;
    let (field, target) = (format!("cap-{id}"), format!("cap-{id}"));
    let (label, inputmode) = match draft.unit {
        Unit::Microusd => ("Cap in dollars", "decimal"),
        Unit::Tokens => ("Cap in tokens", "numeric"),
    };
    view! {
        <ActionForm action=acts.change attr:class="budget-form">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="unit" value=draft.unit.as_str()/>
            <div class="field">
                <label class="field-label" for=target>{label}</label>
                <input class="input" id=field name="cap" required inputmode=inputmode autocomplete="off"
                    value=cap_text(draft.unit, draft.cap)/>
            </div>
            <Submit label="Save cap" pending=acts.change.pending()/>
        </ActionForm>
    }
}

/// What stands in front of the button is the question: it is opened first, with a script or without.
#[component]
fn RemoveForm(slug: String, id: String, acts: Acts) -> impl IntoView {
    view! {
        <ActionForm action=acts.remove attr:class="budget-form">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="id" value=id/>
            <p class="soft">"Nothing is limited by it any more, and its alerts go. What was used stays in the ledger."</p>
            <button class="btn danger" type="submit">"Remove budget"</button>
        </ActionForm>
    }
}
