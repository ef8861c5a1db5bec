//! `/g/{slug}/agents/{id}`: an agent, to read for every member and to change for those who manage.

mod editor;
mod status;

use super::{
    group::{GroupContext, use_group},
    params::{id_param, slug_param},
    start::StartButton,
};
use crate::{
    api::{
        agents::{agent, agent_versions},
        providers::providers,
        threads::StartThread,
        tools::tools,
    },
    components::{agent_history::AgentHistory, failure::PageFailure, page_bar::PageBar, skeleton::SkeletonPage},
    error::{AppError, Result},
    ids::AgentId,
    model::{
        agent::{Agent, AgentStatus, AgentVersion},
        group::Slug,
        provider::ProviderInfo,
        tool::ToolInfo,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use editor::Editor;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};
use leptos_meta::Title;
use status::{RetiredNotice, StatusButtons};

type Asked = (Option<Slug>, Option<AgentId>);

page!(agents, show_agent);

struct Loaded {
    agent: Resource<Result<Agent>>,
    versions: Resource<Result<Vec<AgentVersion>>>,
    providers: Resource<Result<Vec<ProviderInfo>>>,
    tools: Resource<Result<Vec<ToolInfo>>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, id) = (slug_param(), id_param::<AgentId>());
        Self {
            agent: resource(move || (slug.get(), id.get()), one),
            versions: resource(move || (slug.get(), id.get()), history),
            providers: resource(move || slug.get(), offers),
            tools: resource(move || slug.get(), toolbox),
        }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_agent() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let action = ServerAction::<StartThread>::new();
    view! {
        <Transition fallback=SkeletonPage>
            {move || {
                let group = group.clone();
                Suspend::new(async move {
                    match (this.agent.await, this.versions.await, this.providers.await, this.tools.await) {
                        (Ok(agent), Ok(versions), Ok(providers), Ok(tools)) => {
                            view! { <AgentPage group agent versions providers tools action/> }.into_any()
                        }
                        (Err(error), ..) | (_, Err(error), ..) | (_, _, Err(error), _) | (.., Err(error)) => view! { <PageBar title="Agent"/><div class="page"><PageFailure error/></div> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

async fn one((slug, id): Asked) -> Result<Agent> {
    agent(slug.ok_or(AppError::NotFound)?, id.ok_or(AppError::NotFound)?).await
}

async fn history((slug, id): Asked) -> Result<Vec<AgentVersion>> {
    agent_versions(slug.ok_or(AppError::NotFound)?, id.ok_or(AppError::NotFound)?).await
}

async fn offers(slug: Option<Slug>) -> Result<Vec<ProviderInfo>> {
    providers(slug.ok_or(AppError::NotFound)?).await
}

async fn toolbox(slug: Option<Slug>) -> Result<Vec<ToolInfo>> {
    tools(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn AgentPage(
    group: GroupContext,
    agent: Agent,
    versions: Vec<AgentVersion>,
    providers: Vec<ProviderInfo>,
    tools: Vec<ToolInfo>,
    action: ServerAction<StartThread>,
) -> impl IntoView {
    let (id, slug, name) = (agent.id, group.slug.clone(), agent.draft.name.clone());
    let manages = group.role.manages();
    let status = RwSignal::new(agent.status);
    let versions = RwSignal::new(versions);
    let on_saved = refresher(versions, slug.clone(), id);
    let start = {
        let slug = slug.clone();
        move || {
            (status.get() == AgentStatus::Active).then(|| {
                view! {
                    <StartButton action slug=slug.clone() agent_id=id class="btn main">"Start thread"</StartButton>
                }
            })
        }
    };
    let buttons = manages.then(|| view! { <StatusButtons slug=slug.clone() id name=name.clone() status/> });
    view! {
        <Title text=name.clone()/>
        <PageBar title=name>{buttons}{start}</PageBar>
        <div class="page narrow">
            <RetiredNotice status/>
            {(!manages).then(|| view! {
                <p class="soft">"Owners and administrators of the group can change this agent."</p>
            })}
            <Editor slug id agent providers tools manages on_saved/>
            <section class="section" aria-labelledby="history">
                <h2 class="section-title" id="history">"History"</h2>
                {move || view! { <AgentHistory versions=versions.get()/> }}
            </section>
        </div>
    }
}

/// Fetches the history again after a save. Only the list changes: the form beside it may have been written on since.
fn refresher(versions: RwSignal<Vec<AgentVersion>>, slug: Slug, id: AgentId) -> Callback<()> {
    Callback::new(move |()| {
        let slug = slug.clone();
        spawn_local(async move {
            if let Ok(newest) = agent_versions(slug, id).await {
                versions.try_set(newest);
            }
        });
    })
}
