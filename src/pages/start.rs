//! Starting a thread, from wherever one is. Plain forms: they work before the page is interactive.

use crate::{
    api::threads::StartThread,
    browser,
    components::agent_card::AgentCard,
    ids::AgentId,
    model::{
        agent::{Agent, AgentStatus},
        group::Slug,
    },
    pages::group::GroupContext,
};
use leptos::{form::ActionForm, prelude::*};

/// The field where a new thread's first message is written.
pub const ASK_ID: &str = "ask";

/// Puts the keyboard there, now or when the dashboard has appeared.
pub fn focus_ask() {
    browser::document::focus(ASK_ID);
}

/// A button that starts a thread with an agent, with a first message or without.
#[component]
pub fn StartButton(
    action: ServerAction<StartThread>,
    slug: Slug,
    agent_id: AgentId,
    #[prop(optional, into)] text: Option<String>,
    #[prop(default = "btn")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <ActionForm action>
            <input type="hidden" name="slug" value=slug.to_string()/>
            <input type="hidden" name="agent_id" value=agent_id.to_string()/>
            {text.map(|text| view! { <input type="hidden" name="text" value=text/> })}
            <button class=class type="submit" disabled=move || action.pending().get()>{children()}</button>
        </ActionForm>
    }
}

/// An agent that one can start a thread with right here, unless it is retired.
#[component]
pub fn StartCard(action: ServerAction<StartThread>, group: GroupContext, agent: Agent) -> impl IntoView {
    let (href, agent_id) = (group.path(&format!("/agents/{}", agent.id)), agent.id);
    let start = (agent.status == AgentStatus::Active).then(|| {
        let with = format!(" with {}", agent.draft.name);
        view! {
            <StartButton action slug=group.slug agent_id>
                "Start thread"<span class="visually-hidden">{with}</span>
            </StartButton>
        }
    });
    view! { <AgentCard agent href>{start}</AgentCard> }
}
