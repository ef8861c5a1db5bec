//! An agent, as the dashboard and the list of agents show it.

use super::icon::{Icon, IconName};
use crate::model::agent::{Agent, AgentStatus};
use leptos::prelude::*;

/// `children` are what can be done with the agent right here.
#[component]
pub fn AgentCard(agent: Agent, href: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let retired = agent.status == AgentStatus::Retired;
    view! {
        <li class="agent-card">
            <a class="agent-link" href=href data-row="">
                <span class="agent-icon"><Icon name=IconName::Agent size=20/></span>
                <span class="agent-words">
                    <span class="agent-name" dir="auto">{agent.draft.name.clone()}</span>
                    <span class="agent-model">{model_words(&agent)}</span>
                </span>
                {retired.then(|| view! { <span class="flag">"Retired"</span> })}
            </a>
            <p class="agent-about" dir="auto">{about(&agent)}</p>
            {children.map(|children| view! { <div class="agent-acts">{children()}</div> })}
        </li>
    }
}

fn model_words(agent: &Agent) -> String {
    let tools = match agent.draft.tools.len() {
        0 => String::new(),
        1 => " · 1 tool".to_owned(),
        many => format!(" · {many} tools"),
    };
    format!("{} · {}{tools}", agent.draft.model, agent.draft.provider)
}

/// The first line of the instructions says what an agent is for.
fn about(agent: &Agent) -> String {
    let line = agent.draft.instructions.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or("No instructions yet.").to_owned()
}
