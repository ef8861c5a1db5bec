//! The filter of the list of threads. It stands in the URL: it can be kept, shared, and gone back to.

use crate::{
    browser,
    components::icon::{Icon, IconName},
    model::{
        agent::Agent,
        thread::{ThreadFilter, ThreadStatus},
    },
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
    pub filter: ThreadFilter,
    /// The cursor of a later page.
    pub after: Option<String>,
}

impl Asked {
    /// The URL that asks for this.
    pub fn path(&self, page: &str) -> String {
        let filter = &self.filter;
        let pairs = [
            ("q", filter.q.clone()),
            ("agent", filter.agent_id.map(|id| id.to_string())),
            ("status", (filter.status != ThreadStatus::default()).then(|| filter.status.as_str().to_owned())),
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
            let fields = Fields { q: text("q"), agent: text("agent"), status: text("status") };
            Asked { filter: fields.filter(), after: query.get("after") }
        })
    })
}

#[component]
pub fn FilterForm(action: String, filter: ThreadFilter, agents: Vec<Agent>) -> impl IntoView {
    let status = filter.status;
    let submit = submitter(action.clone());
    view! {
        <form class="filters" role="search" method="get" action=action on:change=browser::form::submit_on_change on:submit=submit>
            <label class="search-field">
                <Icon name=IconName::Search/><span class="visually-hidden">"Words of the title"</span>
                <input class="input" type="search" name="q" value=filter.q placeholder="Find by title" dir="auto"/>
            </label>
            <select class="select" name="agent" aria-label="Agent">
                <option value="" selected=filter.agent_id.is_none()>"All agents"</option>
                {agents.into_iter().map(|agent| view! {
                    <option value=agent.id.to_string() selected=filter.agent_id == Some(agent.id)>{agent.draft.name}</option>
                }).collect_view()}
            </select>
            <select class="select" name="status" aria-label="Status">
                <option value="active" selected=status == ThreadStatus::Active>"Active"</option>
                <option value="archived" selected=status == ThreadStatus::Archived>"Archived"</option>
            </select>
            <button class="btn without-script" type="submit">"Filter"</button>
        </form>
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

/// The form's fields, or the URL's query, as text.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    q: String,
    agent: String,
    status: String,
}

impl Fields {
    /// What cannot be parsed is as if it were not there.
    fn filter(&self) -> ThreadFilter {
        ThreadFilter {
            agent_id: self.agent.parse().ok(),
            status: ThreadStatus::parse(&self.status).unwrap_or_default(),
            q: Some(self.q.trim().to_owned()).filter(|words| !words.is_empty()),
        }
    }
}
