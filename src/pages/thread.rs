//! `/g/{slug}/threads/{id}`: a conversation with an agent.

mod acts;
mod follow;
mod room;
mod sending;
mod view;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::params::{id_param, slug_param};
use crate::{
    api::{messages::earlier_messages, threads::thread},
    components::{failure::PageFailure, skeleton::SkeletonPage},
    error::{AppError, Result},
    ids::ThreadId,
    model::{group::Slug, thread::ThreadPage},
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use view::RoomView;

page!(thread, show_thread);

struct Loaded {
    shown: Resource<Result<Shown>>,
}

/// A thread as its page first shows it, with the place that it was asked for at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    slug: Slug,
    back: u32,
    page: ThreadPage,
}

/// Which thread, and how many pages of older messages a reader without a script asked for.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    slug: Slug,
    id: ThreadId,
    back: u32,
}

impl Loaded {
    fn new() -> Self {
        let (slug, id, query) = (slug_param(), id_param(), use_query_map());
        let back = Memo::new(move |_| query.with(|query| query.get_str("back").and_then(|raw| raw.parse().ok())).unwrap_or(0));
        let place = Memo::new(move |_| Some(Place { slug: slug.get()?, id: id.get()?, back: back.get() }));
        Self { shown: resource(move || place.get(), load) }
    }
}

#[wasm_split(thread, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_thread() -> AnyView {
    let this = Loaded::new();
    let shown = move || this.shown.get();
    // Keyed by thread: another thread is another page, with signals, drafts and a field of its own, and what belonged to
    // the one before goes in the same moment as its elements.
    view! {
        <Transition fallback=SkeletonPage>
            <For each=shown key=thread_of children=thread_view/>
        </Transition>
    }
    .into_any()
}

fn thread_of(shown: &Result<Shown>) -> Option<ThreadId> {
    shown.as_ref().ok().map(|shown| shown.page.thread.id)
}

fn thread_view(shown: Result<Shown>) -> AnyView {
    match shown {
        Ok(Shown { slug, back, page }) => view! { <RoomView slug back page/> }.into_any(),
        Err(error) => view! { <PageFailure error/> }.into_any(),
    }
}

/// More pages of older messages than this are not loaded at once.
const BACK_MAX: u32 = 25;

async fn load(place: Option<Place>) -> Result<Shown> {
    let Place { slug, id, back } = place.ok_or(AppError::NotFound)?;
    let mut page = thread(slug.clone(), id).await?;
    for _ in 0..back.min(BACK_MAX) {
        let Some(first) = page.snapshot.messages.first().filter(|_| page.snapshot.earlier) else { break };
        let older = earlier_messages(slug.clone(), id, first.seq).await?;
        page.snapshot.messages.splice(0..0, older.messages);
        page.snapshot.earlier = older.earlier;
    }
    Ok(Shown { slug, back, page })
}
