//! The filter of the list of threads.

use crate::{
    browser,
    components::icon::{Icon, IconName},
    model::{
        agent::Agent,
        thread::{ThreadFilter, ThreadStatus},
    },
    pages::filter,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
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
        let chosen = &self.filter;
        let pairs = [
            ("q", chosen.q.clone()),
            ("agent", chosen.agent_id.map(|id| id.to_string())),
            ("status", (chosen.status != ThreadStatus::default()).then(|| chosen.status.as_str().to_owned())),
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
            let fields = Fields { q: text("q"), agent: text("agent"), status: text("status") };
            Asked { filter: fields.filter(), after: query.get("after") }
        })
    })
}

#[component]
pub fn FilterForm(action: String, filter: ThreadFilter, agents: Vec<Agent>) -> impl IntoView {
    let status = filter.status;
    let page = action.clone();
    let asks = |fields: Fields| Asked { filter: fields.filter(), after: None };
    let submit = filter::submitter(asked(), asks, move |asked| asked.path(&page));
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
