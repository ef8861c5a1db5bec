//! The query, which stands in the URL.

use crate::model::retrieval::{QUERY_MAX, SearchMode};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

/// What the URL asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub query: String,
    pub mode: SearchMode,
}

/// The modes by the words of the URL, and those of the page.
const MODES: [(SearchMode, &str, &str); 3] = [
    (SearchMode::Both, "both", "Words and likeness"),
    (SearchMode::Text, "text", "Words alone"),
    (SearchMode::Vectors, "vectors", "Likeness alone"),
];

pub fn asked() -> Memo<Asked> {
    let map = use_query_map();
    Memo::new(move |_| {
        map.with(|map| {
            let query = map.get_str("q").unwrap_or_default().trim().chars().take(QUERY_MAX).collect();
            let named = map.get_str("mode").unwrap_or_default();
            let mode = MODES.iter().find(|(_, word, _)| *word == named).map_or_else(SearchMode::default, |(mode, ..)| *mode);
            Asked { query, mode }
        })
    })
}

#[component]
pub fn QueryForm(action: String, asked: Asked) -> impl IntoView {
    view! {
        <Form method="GET" action=action attr:class="filters" attr:role="search">
            <input class="input retrieval-query" type="search" name="q" value=asked.query maxlength=QUERY_MAX.to_string()
                aria-label="Query" placeholder="What would somebody ask?" required dir="auto"/>
            <select class="select" name="mode" aria-label="Search by">
                {MODES.map(|(mode, word, label)| view! { <option value=word selected=mode == asked.mode>{label}</option> }).collect_view()}
            </select>
            <button class="btn main" type="submit">"Try"</button>
        </Form>
    }
}
