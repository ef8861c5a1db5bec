//! The end of a list: the way to its next page.

use crate::{components::notice::use_notices, error::Result, model::page::Page};
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

/// A link to the next page, which the browser puts under this one instead of going there.
#[component]
pub fn More<T, Answer>(
    /// The cursor of the next page; `None` at the end.
    #[prop(into)]
    next: Signal<Option<String>>,
    /// Where the page behind a cursor is.
    href: impl Fn(String) -> String + Send + 'static,
    load: impl Fn(String) -> Answer + Copy + Send + 'static,
    add: impl Fn(Page<T>) + Copy + Send + 'static,
) -> impl IntoView
where
    T: 'static,
    Answer: Future<Output = Result<Page<T>>> + 'static,
{
    let (notices, pending) = (use_notices(), RwSignal::new(false));
    let load = move |after: String| {
        pending.set(true);
        spawn_local(async move {
            match load(after).await {
                Ok(page) => add(page),
                Err(error) => notices.fail(error),
            }
            pending.try_set(false);
        });
    };
    move || {
        let after = next.get()?;
        let href = href(after.clone());
        let click = move |click: MouseEvent| {
            click.prevent_default();
            if !pending.get_untracked() {
                load(after.clone());
            }
        };
        Some(view! { <a class="btn more" class:busy=move || pending.get() href=href on:click=click>"Show more"</a> })
    }
}
