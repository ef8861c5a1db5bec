//! The rows of the list, and moving a thread to the archive and back.

use crate::{
    api::threads::set_thread_status,
    browser,
    components::{
        notice::{Notices, use_notices},
        thread_row::ThreadRow,
    },
    model::{
        group::Slug,
        thread::{Thread, ThreadStatus},
        thread_list::ThreadList,
    },
    pages::group::GroupContext,
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn Rows(group: GroupContext, list: RwSignal<ThreadList>) -> impl IntoView {
    let notices = use_notices();
    let slug = group.slug.clone();
    let on_move = Callback::new(move |thread: Thread| move_thread(list, slug.clone(), thread, notices));
    let base = group.path("/threads");
    view! {
        <ul class="list" class:gone=move || list.with(|list| list.items.is_empty())
            on:keydown=move |press| browser::focus::move_in_list(&press)>
            // Whatever a row shows is in its key: a changed thread gets a new row.
            <For each=move || list.get().items key=|thread| (thread.id, thread.updated_at, thread.answering, thread.title.clone()) let:thread>
                <ThreadRow href=format!("{base}/{}", thread.id) thread on_move/>
            </For>
        </ul>
    }
}

/// Archives or restores at once, and offers the way back; what the server refused is put back with a word about it.
fn move_thread(list: RwSignal<ThreadList>, slug: Slug, thread: Thread, notices: Notices) {
    let (to, done) = match thread.status {
        ThreadStatus::Active => (ThreadStatus::Archived, "Archived"),
        ThreadStatus::Archived => (ThreadStatus::Active, "Restored"),
    };
    list.update(|list| list.remove(thread.id));
    spawn_local(async move {
        match set_thread_status(slug.clone(), thread.id, to).await {
            Ok(_) => {
                let title = thread.title.clone();
                notices.offer(format!("{done} “{title}”"), "Undo", move || {
                    put_back(list, slug.clone(), thread.clone(), notices)
                });
            }
            Err(error) => {
                list.try_update(|list| list.put(thread));
                notices.fail(error);
            }
        }
    });
}

fn put_back(list: RwSignal<ThreadList>, slug: Slug, thread: Thread, notices: Notices) {
    spawn_local(async move {
        match set_thread_status(slug, thread.id, thread.status).await {
            Ok(thread) => _ = list.try_update(|list| list.put(thread)),
            Err(error) => notices.fail(error),
        }
    });
}
