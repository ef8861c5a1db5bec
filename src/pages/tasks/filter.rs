//! The filter of the list of tasks.

use crate::{
    browser,
    ids::PersonId,
    model::task::{Named, Priority, TaskFilter, TaskStatus},
    pages::filter,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
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
        let chosen = &self.filter;
        let pairs = [
            ("status", chosen.status.map(|status| status.as_str().to_owned())),
            ("priority", chosen.priority.map(|priority| priority.as_str().to_owned())),
            ("assignee", chosen.assignee.map(|person| person.to_string())),
            ("after", self.after.clone()),
        ];
        filter::path(page, pairs)
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
    let page = action.clone();
    let asks = |fields: Fields| Asked { filter: fields.filter(), after: None };
    let submit = filter::submitter(asked(), asks, move |asked| asked.path(&page));
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
