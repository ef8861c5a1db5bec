//! The filter of the list of threads. It stands in the URL: it can be kept, shared, and gone back to.

use crate::{
    components::icon::{Icon, IconName},
    model::{
        agent::Agent,
        thread::{ThreadFilter, ThreadStatus},
    },
};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlFormElement};
use leptos_router::{components::Form, hooks::use_query_map, location::Url};

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

/// The query of the URL, parsed. What cannot be parsed is as if it were not there.
pub fn asked() -> Memo<Asked> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let text = |key: &str| query.get_str(key).map(str::trim).filter(|text| !text.is_empty());
            let filter = ThreadFilter {
                agent_id: text("agent").and_then(|raw| raw.parse().ok()),
                status: text("status").and_then(|raw| ThreadStatus::parse(raw).ok()).unwrap_or_default(),
                q: text("q").map(str::to_owned),
            };
            Asked { filter, after: text("after").map(str::to_owned) }
        })
    })
}

#[component]
pub fn FilterForm(action: String, filter: ThreadFilter, agents: Vec<Agent>) -> impl IntoView {
    let status = filter.status;
    view! {
        <Form method="GET" action=action attr:class="filters" attr:role="search" on:change=submit_on_change>
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
        </Form>
    }
}

fn submit_on_change(change: leptos::ev::Event) {
    if let Some(form) = change.current_target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) {
        _ = form.request_submit();
    }
}
