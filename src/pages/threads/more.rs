//! The way to the next page of the list.

use super::filter::Asked;
use crate::{
    api::threads::threads,
    components::notice::use_notices,
    model::{group::Slug, thread_list::ThreadList},
};
use leptos::{prelude::*, task::spawn_local};

/// A link to the next page, which the browser puts under this one instead of going there.
#[component]
pub fn More(slug: Slug, list: RwSignal<ThreadList>, action: String) -> impl IntoView {
    let notices = use_notices();
    let pending = RwSignal::new(false);
    let load = move |slug: Slug, after: String| {
        pending.set(true);
        spawn_local(async move {
            let filter = list.with_untracked(|list| list.filter().clone());
            match threads(slug, filter, Some(after)).await {
                Ok(page) => _ = list.try_update(|list| list.append(page)),
                Err(error) => notices.fail(error),
            }
            pending.try_set(false);
        });
    };
    move || {
        let after = list.with(|list| list.next.clone())?;
        let href = list.with_untracked(|list| Asked { filter: list.filter().clone(), after: Some(after.clone()) }.path(&action));
        let slug = slug.clone();
        let click = move |click: leptos::ev::MouseEvent| {
            click.prevent_default();
            if !pending.get_untracked() {
                load(slug.clone(), after.clone());
            }
        };
        Some(view! { <a class="btn more" class:busy=move || pending.get() href=href on:click=click>"Show more"</a> })
    }
}
