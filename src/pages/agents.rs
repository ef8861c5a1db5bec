//! `/g/{slug}/agents`: who answers here.

use super::{
    dashboard::NoAgent,
    group::{GroupContext, use_group},
    params::slug_param,
    start::StartCard,
};
use crate::{
    api::{agents::agents, threads::StartThread},
    browser,
    components::{
        empty::Empty, failure::PageFailure, field::FormError, icon::IconName, page_bar::PageBar, skeleton::SkeletonRows,
    },
    error::{AppError, Result},
    model::{
        agent::{Agent, AgentStatus},
        group::Slug,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

page!(agents, show_agents);

struct Loaded {
    status: Memo<AgentStatus>,
    agents: Resource<Result<Vec<Agent>>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, query) = (slug_param(), use_query_map());
        let status = Memo::new(move |_| match query.with(|query| query.get_str("status") == Some("retired")) {
            true => AgentStatus::Retired,
            false => AgentStatus::Active,
        });
        Self { status, agents: resource(move || (slug.get(), status.get()), |(slug, status)| list(slug, status)) }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_agents() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let action = ServerAction::<StartThread>::new();
    let new = group.role.manages().then(|| view! { <a class="btn main" href=group.path("/agents/new")>"New agent"</a> });
    let tabs = group.path("/agents");
    view! {
        <Title text="Agents"/>
        <PageBar title="Agents">{new}</PageBar>
        <div class="page">
            <Tabs path=tabs status=this.status/>
            <FormError error=Signal::derive(move || action.value().get().and_then(Result::err))/>
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let (group, status) = (group.clone(), this.status.get());
                    Suspend::new(async move {
                        match this.agents.await {
                            Ok(agents) if agents.is_empty() => view! { <NoAgents group status/> }.into_any(),
                            Ok(agents) => view! { <Cards group agents action/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

async fn list(slug: Option<Slug>, status: AgentStatus) -> Result<Vec<Agent>> {
    agents(slug.ok_or(AppError::NotFound)?, status).await
}

#[component]
fn Tabs(path: String, status: Memo<AgentStatus>) -> impl IntoView {
    let current = move |tab| move || (status.get() == tab).then_some("page");
    view! {
        <nav class="segments" aria-label="Status">
            <a class="segment" href=path.clone() aria-current=current(AgentStatus::Active)>"Active"</a>
            <a class="segment" href=format!("{path}?status=retired") aria-current=current(AgentStatus::Retired)>"Retired"</a>
        </nav>
    }
}

#[component]
fn Cards(group: GroupContext, agents: Vec<Agent>, action: ServerAction<StartThread>) -> impl IntoView {
    view! {
        <ul class="cards" on:keydown=move |press| browser::focus::move_in_list(&press)>
            {agents.into_iter().map(|agent| view! { <StartCard action group=group.clone() agent/> }).collect_view()}
        </ul>
    }
}

#[component]
fn NoAgents(group: GroupContext, status: AgentStatus) -> impl IntoView {
    if status == AgentStatus::Retired {
        let text = "An agent that is retired answers no more. Its threads stay readable, and it can be brought back.";
        return view! { <Empty icon=IconName::Agent title="No retired agents" text/> }.into_any();
    }
    view! { <NoAgent group/> }.into_any()
}
