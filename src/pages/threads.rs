//! `/g/{slug}/threads`: every thread of the viewer, by agent, status and words of the title.

mod filter;

use super::{
    follow::follow,
    group::{GroupContext, use_group},
    params::slug_param,
};
use crate::{
    api::{
        agents::agents,
        threads::{set_thread_status, threads},
    },
    browser,
    components::{
        empty::Empty,
        failure::PageFailure,
        icon::IconName,
        notice::{Notices, use_notices},
        page_bar::PageBar,
        skeleton::SkeletonRows,
        thread_row::ThreadRow,
    },
    error::{AppError, Result},
    model::{
        agent::{Agent, AgentStatus},
        group::Slug,
        page::Page,
        thread::{Thread, ThreadFilter, ThreadStatus},
        thread_list::ThreadList,
    },
};
use filter::{Asked, FilterForm, asked};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

pub struct ThreadsRoute {
    asked: Memo<Asked>,
    page: Resource<Result<Page<Thread>>>,
    agents: Resource<Result<Vec<Agent>>>,
}

#[lazy_route]
impl LazyRoute for ThreadsRoute {
    fn data() -> Self {
        let (slug, asked) = (slug_param(), asked());
        Self {
            asked,
            page: Resource::new(move || (slug.get(), asked.get()), |(slug, asked)| page(slug, asked)),
            agents: Resource::new(move || slug.get(), all_agents),
        }
    }

    fn view(this: Self) -> AnyView {
        let group = use_group();
        view! {
            <Title text="Threads"/>
            <PageBar title="Threads"/>
            <div class="page">
                <Transition fallback=|| view! { <SkeletonRows count=10/> }>
                    {move || {
                        let (group, asked) = (group.clone(), this.asked.get());
                        Suspend::new(async move {
                            match (this.page.await, this.agents.await) {
                                (Ok(page), Ok(agents)) => view! { <Threads group asked page agents/> }.into_any(),
                                (Err(error), _) | (_, Err(error)) => view! { <PageFailure error/> }.into_any(),
                            }
                        })
                    }}
                </Transition>
            </div>
        }
        .into_any()
    }
}

async fn page(slug: Option<Slug>, asked: Asked) -> Result<Page<Thread>> {
    threads(slug.ok_or(AppError::NotFound)?, asked.filter, asked.after).await
}

/// Retired agents too: their threads stay.
async fn all_agents(slug: Option<Slug>) -> Result<Vec<Agent>> {
    let slug = slug.ok_or(AppError::NotFound)?;
    let mut all = agents(slug.clone(), AgentStatus::Active).await?;
    all.extend(agents(slug, AgentStatus::Retired).await?);
    Ok(all)
}

#[component]
fn Threads(group: GroupContext, asked: Asked, page: Page<Thread>, agents: Vec<Agent>) -> impl IntoView {
    let list = RwSignal::new(ThreadList::new(asked.filter.clone(), page));
    // A page in the middle does not know what stands before it, so only the first one follows what happens.
    if asked.after.is_none() {
        follow(list, group.slug.clone(), group.group.id);
    }
    let action = group.path("/threads");
    let empty = move || list.with(|list| list.items.is_empty());
    let filter = asked.filter.clone();
    view! {
        <FilterForm action=action.clone() filter=asked.filter.clone() agents/>
        <Rows group=group.clone() list/>
        {move || empty().then(|| view! { <Nothing group=group.clone() filter=filter.clone()/> })}
        <More slug=group.slug.clone() list action/>
    }
}

#[component]
fn Rows(group: GroupContext, list: RwSignal<ThreadList>) -> impl IntoView {
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
                notices.offer(format!("{done} “{title}”"), "Undo", move || put_back(list, slug.clone(), thread.clone(), notices));
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

#[component]
fn Nothing(group: GroupContext, filter: ThreadFilter) -> impl IntoView {
    if filter == ThreadFilter::default() {
        let text = "A thread is a conversation with one agent. It is yours alone, and it stays until you delete it.";
        return view! {
            <Empty icon=IconName::Thread title="No threads yet" text>
                <a class="btn main" href=group.path("")>"Start thread"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=IconName::Search title="No thread matches" text="Try fewer words, or another agent or status.">
            <a class="btn" href=group.path("/threads")>"Show all active threads"</a>
        </Empty>
    }
    .into_any()
}

/// A link to the next page, which the browser puts under this one instead of going there.
#[component]
fn More(slug: Slug, list: RwSignal<ThreadList>, action: String) -> impl IntoView {
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
