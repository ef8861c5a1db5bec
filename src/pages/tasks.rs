//! `/g/{slug}/tasks`: what is to be done in the group, made by members and by agents for them.

mod filter;
mod list;
mod new;
mod row;

use super::{
    group::{GroupContext, use_group},
    params::slug_param,
};
use crate::{
    api::tasks::{people, tasks},
    components::{empty::Empty, failure::PageFailure, icon::IconName, page_bar::PageBar, skeleton::SkeletonRows},
    error::{AppError, Result},
    ids::PersonId,
    model::{
        group::Slug,
        page::Page,
        task::{Named, Task, TaskFilter},
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
use list::TaskDesk;
use new::NewTaskButton;
use row::TaskRow;

page!(agents, show_tasks);

struct Loaded {
    asked: Memo<Asked>,
    page: Resource<Result<Page<Task>>>,
    people: Resource<Result<Vec<Named<PersonId>>>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked) = (slug_param(), asked());
        Self {
            asked,
            page: resource(move || (slug.get(), asked.get()), |(slug, asked)| page(slug, asked)),
            people: resource(move || slug.get(), everybody),
        }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_tasks() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    view! {
        <Title text="Tasks"/>
        <Transition fallback=|| view! { <PageBar title="Tasks"/><div class="page"><SkeletonRows count=8/></div> }>
            {move || {
                let (group, asked) = (group.clone(), this.asked.get());
                Suspend::new(async move {
                    match (this.page.await, this.people.await) {
                        (Ok(page), Ok(people)) => view! { <Tasks group asked page people/> }.into_any(),
                        (Err(error), _) | (_, Err(error)) => {
                            view! { <PageBar title="Tasks"/><div class="page"><PageFailure error/></div> }.into_any()
                        }
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

async fn page(slug: Option<Slug>, asked: Asked) -> Result<Page<Task>> {
    tasks(slug.ok_or(AppError::NotFound)?, asked.filter, asked.after).await
}

async fn everybody(slug: Option<Slug>) -> Result<Vec<Named<PersonId>>> {
    people(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn Tasks(group: GroupContext, asked: Asked, page: Page<Task>, people: Vec<Named<PersonId>>) -> impl IntoView {
    let desk = TaskDesk::new(&group, asked.filter.clone(), page, people.clone());
    let (action, here) = (group.path("/tasks"), group.path("/tasks"));
    let empty = move || desk.items.with(Vec::is_empty);
    let filter = asked.filter.clone();
    view! {
        <PageBar title="Tasks"><NewTaskButton desk/></PageBar>
        <div class="page">
            <FilterForm action=action.clone() filter=asked.filter me=group.me.person.id people/>
            <ul class="list tasks" class:gone=empty>
                <For each=move || desk.items.get() key=|task| task.id let:task>
                    <TaskRow task desk/>
                </For>
            </ul>
            {move || empty().then(|| view! { <Nothing filter=filter.clone() all=action.clone()/> })}
            <More next=desk.next load=move |after| desk.page(after) add=move |page| desk.append(page)
                href=move |after| Asked { filter: desk.filter.get_value(), after: Some(after) }.path(&here)/>
        </div>
    }
}

#[component]
fn Nothing(filter: TaskFilter, all: String) -> impl IntoView {
    if filter == TaskFilter::default() {
        let text = "Tasks are what is to be done. Write one yourself, or let an agent that has the tool “Create task” write them for you.";
        return view! { <Empty icon=IconName::Task title="Nothing to do" text/> }.into_any();
    }
    view! {
        <Empty icon=IconName::Search title="No task matches" text="Try another status, priority or person.">
            <a class="btn" href=all>"Show all open tasks"</a>
        </Empty>
    }
    .into_any()
}
