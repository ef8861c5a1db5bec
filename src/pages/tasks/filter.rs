//! The filter of the list of tasks. It stands in the URL, and works before the page does.

use crate::{
    browser,
    ids::PersonId,
    model::task::{Named, Priority, TaskFilter, TaskStatus},
};
use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_router::{
    hooks::{use_navigate, use_query_map},
    location::Url,
};
use serde::Deserialize;

/// What the URL asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub filter: TaskFilter,
    /// The cursor of a later page.
    pub after: Option<String>,
}

impl Asked {
    /// The URL that asks for this.
    pub fn path(&self, page: &str) -> String {
        let filter = &self.filter;
        let pairs = [
            ("status", filter.status.map(|status| status.as_str().to_owned())),
            ("priority", filter.priority.map(|priority| priority.as_str().to_owned())),
            ("assignee", filter.assignee.map(|person| person.to_string())),
            ("after", self.after.clone()),
        ];
        let pairs: Vec<_> =
            pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", Url::escape(&value?)))).collect();
        if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
    }
}

/// The query of the URL, parsed.
pub fn asked() -> Memo<Asked> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let text = |key: &str| query.get_str(key).unwrap_or_default().to_owned();
            let fields = Fields { status: text("status"), priority: text("priority"), assignee: text("assignee") };
            Asked { filter: fields.filter(), after: query.get("after") }
        })
    })
}

#[component]
pub fn FilterForm(action: String, filter: TaskFilter, me: PersonId, people: Vec<Named<PersonId>>) -> impl IntoView {
    let submit = submitter(action.clone());
    let TaskFilter { status, priority, assignee } = filter;
    let others = people.into_iter().filter(move |person| person.id != me);
    view! {
        <form class="filters" role="search" method="get" action=action on:change=browser::form::submit_on_change on:submit=submit>
            <select class="select" name="status" aria-label="Status">
                <option value="" selected=status.is_none()>"To do"</option>
                {TaskStatus::ALL.map(|one| view! {
                    <option value=one.as_str() selected=status == Some(one)>{status_word(one)}</option>
                }).collect_view()}
            </select>
            <select class="select" name="priority" aria-label="Priority">
                <option value="" selected=priority.is_none()>"Any priority"</option>
                {Priority::ALL.map(|one| view! {
                    <option value=one.as_str() selected=priority == Some(one)>{priority_word(one)}</option>
                }).collect_view()}
            </select>
            <select class="select" name="assignee" aria-label="Assigned to">
                <option value="" selected=assignee.is_none()>"Anybody"</option>
                <option value=me.to_string() selected=assignee == Some(me)>"Me"</option>
                {others.map(|person| view! {
                    <option value=person.id.to_string() selected=assignee == Some(person.id)>{person.name}</option>
                }).collect_view()}
            </select>
            <button class="btn without-script" type="submit">"Filter"</button>
        </form>
    }
}

pub fn status_word(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Open => "Open",
        TaskStatus::InProgress => "In progress",
        TaskStatus::Done => "Done",
        TaskStatus::Cancelled => "Cancelled",
    }
}

pub fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "Low",
        Priority::Medium => "Medium",
        Priority::High => "High",
    }
}

/// Goes where the form points, by the shortest URL that says it, and not twice to the same.
fn submitter(page: String) -> impl Fn(SubmitEvent) {
    let (navigate, shown) = (use_navigate(), asked());
    move |submit| {
        submit.prevent_default();
        let Ok(fields) = Fields::from_event(&submit) else { return };
        let wanted = Asked { filter: fields.filter(), after: None };
        // A form that is about to go may send once more, as its field loses the focus; what it showed is gone by then.
        if shown.try_get_untracked().is_some_and(|shown| wanted != shown) {
            navigate(&wanted.path(&page), Default::default());
        }
    }
}

/// The form's fields, or the URL's query, as text. What cannot be parsed is as if it were not there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    status: String,
    priority: String,
    assignee: String,
}

impl Fields {
    fn filter(&self) -> TaskFilter {
        TaskFilter {
            status: TaskStatus::parse(&self.status).ok(),
            priority: Priority::parse(&self.priority).ok(),
            assignee: self.assignee.parse().ok(),
        }
    }
}
