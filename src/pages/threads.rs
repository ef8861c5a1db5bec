//! `/g/{slug}/threads`: every thread of the viewer, by agent, status and words of the title.

mod filter;
mod rows;

use super::{
    follow::follow,
    group::{GroupContext, use_group},
    params::slug_param,
};
use crate::{
    api::{agents::agents, threads::threads},
    components::{empty::Empty, failure::PageFailure, icon::IconName, page_bar::PageBar, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        agent::{Agent, AgentStatus},
        group::Slug,
        page::Page,
        thread::{Thread, ThreadFilter, ThreadStatus},
        thread_list::ThreadList,
    },
    pages::{
        bundle::page,
        more::More,
        resource::{Resource, resource},
    },
};
use filter::{Asked, FilterForm, asked};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use rows::Rows;

page!(room, show_threads);

struct Loaded {
    asked: Memo<Asked>,
    page: Resource<Result<Page<Thread>>>,
    agents: Resource<Result<Vec<Agent>>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked) = (slug_param(), asked());
        Self {
            asked,
            page: resource(move || (slug.get(), asked.get()), |(slug, asked)| page(slug, asked)),
            agents: resource(move || slug.get(), all_agents),
        }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_threads() -> AnyView {
    let this = Loaded::new();
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

async fn page(slug: Option<Slug>, asked: Asked) -> Result<Page<Thread>> {
    threads(slug.ok_or(AppError::NotFound)?, asked.filter, asked.after).await
}

async fn next_page(slug: StoredValue<Slug>, list: RwSignal<ThreadList>, after: String) -> Result<Page<Thread>> {
    let filter = list.with_untracked(|list| list.filter().clone());
    threads(slug.get_value(), filter, Some(after)).await
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
    let (filter, slug) = (asked.filter.clone(), StoredValue::new(group.slug.clone()));
    view! {
        <FilterForm action=action.clone() filter=asked.filter.clone() agents/>
        <Rows group=group.clone() list/>
        {move || empty().then(|| view! { <Nothing group=group.clone() filter=filter.clone()/> })}
        <More next=Signal::derive(move || list.with(|list| list.next.clone())) load=move |after| next_page(slug, list, after)
            add=move |page| _ = list.try_update(|list| list.append(page))
            href=move |after| Asked { filter: asked.filter.clone(), after: Some(after) }.path(&action)/>
    }
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
    if filter == (ThreadFilter { status: ThreadStatus::Archived, ..ThreadFilter::default() }) {
        let text = "Archive a thread to get it out of the way. It stays here, readable, until you restore or delete it.";
        return view! {
            <Empty icon=IconName::Archive title="Nothing is archived" text>
                <a class="btn" href=group.path("/threads")>"Show active threads"</a>
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
