//! The HTML shell, the providers, and the map of URLs to pages.

use leptos::prelude::*;

pub fn shell(_options: LeptosOptions) -> impl IntoView {
    view! { <App/> }
}

#[component]
pub fn App() -> impl IntoView {
    view! { <p>"…"</p> }
}
