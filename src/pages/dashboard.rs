//! `/g/{slug}`: a place to ask, what went on lately, and who answers.

mod missing;

use super::{
    group::{GroupContext, use_group},
    params::slug_param,
    start::{StartButton, StartCard},
};
use crate::{
    api::{agents::agents, budgets::budget_alerts, providers::providers, threads::StartThread},
    components::{
        ask::AskFields, budget_alerts::BudgetAlerts, failure::PageFailure, page_bar::PageBar, skeleton::SkeletonRows,
        thread_row::ThreadRow,
    },
    error::{AppError, Result},
    model::{
        agent::{Agent, AgentStatus},
        budget::Alert,
        group::Slug,
        provider::ProviderInfo,
        thread::Thread,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{form::ActionForm, prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
pub use missing::NoAgent;
use missing::NoModel;

/// What any language model can do with nothing but the question: no tool and no knowledge is promised here.
const SUGGESTIONS: [(&str, &str); 3] = [
    ("Draft a message", "Help me write a short, friendly message. Ask me first who it is for and what it should say."),
    ("Explain an idea", "Explain to me in plain words, with one example, how interest on a loan is calculated."),
    ("Plan a meeting", "Help me plan a 30-minute meeting: suggest an agenda with times, and ask what it is about."),
];

/// How many threads stand under "Recent threads".
const RECENT: usize = 5;

page!(room, show_dashboard);

struct Loaded {
    agents: Resource<Result<Vec<Agent>>>,
    providers: Resource<Result<Vec<ProviderInfo>>>,
    alerts: Resource<Vec<Alert>>,
}

impl Loaded {
    fn new() -> Self {
        let slug = slug_param();
        Self {
            agents: resource(move || slug.get(), active_agents),
            providers: resource(move || slug.get(), all_providers),
            alerts: resource(move || slug.get(), alerts),
        }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_dashboard() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let action = ServerAction::<StartThread>::new();
    let (name, first) = (group.group.name.clone(), first_name(&group.me.person.name));
    view! {
        <Title text=name.clone()/>
        <PageBar title=name/>
        <div class="page narrow">
            <p class="greeting">"Hello, "<bdi>{first}</bdi>". What is on your mind?"</p>
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        let alerts = this.alerts.await;
                        match (this.agents.await, this.providers.await) {
                            (Ok(agents), Ok(providers)) => view! { <Dashboard group agents providers alerts action/> }.into_any(),
                            (Err(error), _) | (_, Err(error)) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

async fn active_agents(slug: Option<Slug>) -> Result<Vec<Agent>> {
    agents(slug.ok_or(AppError::NotFound)?, AgentStatus::Active).await
}

async fn all_providers(slug: Option<Slug>) -> Result<Vec<ProviderInfo>> {
    providers(slug.ok_or(AppError::NotFound)?).await
}

/// None for those who do not manage the group.
async fn alerts(slug: Option<Slug>) -> Vec<Alert> {
    match slug {
        Some(slug) => budget_alerts(slug).await.unwrap_or_default(),
        None => Vec::new(),
    }
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

#[component]
fn Dashboard(
    group: GroupContext,
    agents: Vec<Agent>,
    providers: Vec<ProviderInfo>,
    alerts: Vec<Alert>,
    action: ServerAction<StartThread>,
) -> impl IntoView {
    let no_model = providers.iter().all(|provider| provider.models.is_empty());
    view! {
        {no_model.then(|| view! { <NoModel/> })}
        <BudgetAlerts alerts href=group.path("/usage/budgets")/>
        {if agents.is_empty() {
            view! { <NoAgent group=group.clone()/> }.into_any()
        } else {
            view! { <Ask group=group.clone() agents=agents.clone() action/> }.into_any()
        }}
        <Recent group=group.clone()/>
        <Agents group agents action/>
    }
}

/// The form, and under it three first questions for those who do not know what to ask.
#[component]
fn Ask(group: GroupContext, agents: Vec<Agent>, action: ServerAction<StartThread>) -> impl IntoView {
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    let agents = guide_first(agents);
    let guide = agents.first().map(|agent| agent.id);
    let slug = group.slug.clone();
    view! {
        <ActionForm action attr:class="ask">
            <AskFields slug=group.slug agents pending=action.pending() error/>
        </ActionForm>
        {guide.map(|agent_id| view! {
            <ul class="suggestions" aria-label="Suggestions">
                {SUGGESTIONS.into_iter().map(|(label, text)| view! {
                    <li><StartButton action slug=slug.clone() agent_id text class="suggestion">
                        <span class="suggestion-label">{label}</span><span class="suggestion-text">{text}</span>
                    </StartButton></li>
                }).collect_view()}
            </ul>
        })}
    }
}

/// The Guide stands first, so that the form asks whom the suggestions under it ask.
fn guide_first(mut agents: Vec<Agent>) -> Vec<Agent> {
    if let Some(at) = agents.iter().position(|agent| agent.draft.name == "Guide") {
        agents[..=at].rotate_right(1);
    }
    agents
}

#[component]
fn Recent(group: GroupContext) -> impl IntoView {
    let threads = group.threads;
    let all = group.path("/threads");
    let rows = move || {
        let newest = threads.with(|list| list.items.iter().take(RECENT).cloned().collect::<Vec<_>>());
        let href = |thread: &Thread| group.path(&format!("/threads/{}", thread.id));
        newest.into_iter().map(|thread| view! { <ThreadRow href=href(&thread) thread/> }).collect_view()
    };
    view! {
        <section class="section" class:gone=move || threads.with(|list| list.items.is_empty()) aria-labelledby="recent">
            <header class="section-head">
                <h2 class="section-title" id="recent">"Recent threads"</h2><a class="quiet-link" href=all>"All threads"</a>
            </header>
            <ul class="list" on:keydown=move |press| crate::browser::focus::move_in_list(&press)>{rows}</ul>
        </section>
    }
}

#[component]
fn Agents(group: GroupContext, agents: Vec<Agent>, action: ServerAction<StartThread>) -> impl IntoView {
    let all = group.path("/agents");
    (!agents.is_empty()).then(|| view! {
        <section class="section" aria-labelledby="agents">
            <header class="section-head">
                <h2 class="section-title" id="agents">"Agents"</h2><a class="quiet-link" href=all>"All agents"</a>
            </header>
            <ul class="cards">
                {agents.into_iter().take(6).map(|agent| view! { <StartCard action group=group.clone() agent/> }).collect_view()}
            </ul>
        </section>
    })
}
