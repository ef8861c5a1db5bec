//! The bar over a page: its heading, and what can be done with the whole page.

use leptos::prelude::*;

#[component]
pub fn PageBar(#[prop(into)] title: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <header class="bar">
            <h1 class="bar-title" dir="auto">{title}</h1>
            <div class="bar-actions">{children.map(|children| children())}</div>
        </header>
    }
}
