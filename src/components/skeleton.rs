//! What stands in a list's place while it loads, as high as the list will be.

use leptos::prelude::*;

/// Grey rows. Nothing shows for the first moment, so that quick answers do not flicker.
#[component]
pub fn SkeletonRows(#[prop(default = 6)] count: usize) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..count).map(|_| view! { <div class="skeleton-row"></div> }).collect_view()}
        </div>
        <p class="visually-hidden" role="status">"Loading"</p>
    }
}

/// A page with its bar.
#[component]
pub fn SkeletonPage() -> impl IntoView {
    view! {
        <header class="bar"><div class="skeleton-title" aria-hidden="true"></div></header>
        <div class="page"><SkeletonRows/></div>
    }
}
