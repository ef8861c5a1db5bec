//! What strangers and lost people see: there is nothing here, or it is not theirs, and they cannot tell which.

use crate::components::{empty::Empty, icon::IconName, page_status::set_page_status};
use leptos::prelude::*;
use leptos_meta::Title;

/// A whole page, outside of any group.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <main class="lone" id="main"><NotFound/></main> }
}

/// The same inside a frame.
#[component]
pub fn NotFound() -> impl IntoView {
    set_page_status(404);
    view! {
        <Title text="Not found"/>
        <Empty icon=IconName::Search title="There is nothing here" text="It may have been deleted, or it is not yours to see.">
            <a class="btn" href="/">"Go to the start page"</a>
        </Empty>
    }
}
