//! `/g/{slug}/agents/new`.

use super::{
    group::{GroupContext, use_group},
    not_found::NotFound,
    params::slug_param,
};
use crate::{
    api::{agents::create_agent, providers::providers, tools::tools},
    components::{
        agent_form::{AgentFields, AgentForm},
        failure::PageFailure,
        notice::use_notices,
        page_bar::PageBar,
        skeleton::SkeletonRows,
    },
    error::{AppError, Result},
    model::{
        agent::{AgentDraft, Limits},
        group::Slug,
        provider::ProviderInfo,
        tool::ToolInfo,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

page!(agents, show_new_agent);

struct Loaded {
    providers: Resource<Result<Vec<ProviderInfo>>>,
    tools: Resource<Result<Vec<ToolInfo>>>,
}

impl Loaded {
    fn new() -> Self {
        let slug = slug_param();
        Self { providers: resource(move || slug.get(), offers), tools: resource(move || slug.get(), toolbox) }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_new_agent() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    let agents = group.path("/agents");
    view! {
        <Title text="New agent"/>
        <PageBar title="New agent"><a class="btn" href=agents>"Cancel"</a></PageBar>
        <div class="page narrow">
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match (this.providers.await, this.tools.await) {
                            (Ok(providers), Ok(tools)) => view! { <NewAgent group providers tools/> }.into_any(),
                            (Err(error), _) | (_, Err(error)) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

async fn offers(slug: Option<Slug>) -> Result<Vec<ProviderInfo>> {
    providers(slug.ok_or(AppError::NotFound)?).await
}

async fn toolbox(slug: Option<Slug>) -> Result<Vec<ToolInfo>> {
    tools(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn NewAgent(group: GroupContext, providers: Vec<ProviderInfo>, tools: Vec<ToolInfo>) -> impl IntoView {
    let (notices, navigate) = (use_notices(), use_navigate());
    let fields = AgentFields::new(&first_draft(&providers));
    let slug = group.slug.clone();
    let create = Action::new(move |draft: &AgentDraft| create_agent(slug.clone(), draft.clone()));
    let error = Signal::derive(move || create.value().get().and_then(Result::err));
    Effect::new(move |_| {
        if let Some(Ok(agent)) = create.value().get() {
            notices.say(format!("Created {}", agent.draft.name));
            navigate(&group.path(&format!("/agents/{}", agent.id)), Default::default());
        }
    });
    let on_save = Callback::new(move |draft| {
        create.dispatch(draft);
    });
    view! { <AgentForm fields providers tools error pending=create.pending() verb=Some("Create agent") on_save/> }
}

/// Empty, with the first model that there is.
fn first_draft(providers: &[ProviderInfo]) -> AgentDraft {
    let first = providers.iter().flat_map(|provider| &provider.models).next();
    let (provider, model) = first.map(|info| (info.provider.clone(), info.model.clone())).unwrap_or_default();
    AgentDraft {
        name: String::new(),
        provider,
        model,
        instructions: String::new(),
        tools: Vec::new(),
        ask_first: Vec::new(),
        look_first: false,
        limits: Limits::default(),
    }
}
