//! The fields of the form that starts a thread: a message, the agent that answers it, and the button.

use super::{
    field::{FormError, FormErrorSignal},
    icon::{Icon, IconName},
};
use crate::{
    browser,
    model::{agent::Agent, group::Slug},
    pages::start::ASK_ID,
};
use leptos::{ev::KeyboardEvent, html, prelude::*};

#[component]
pub fn AskFields(slug: Slug, agents: Vec<Agent>, #[prop(into)] pending: Signal<bool>, error: FormErrorSignal) -> impl IntoView {
    let placeholder = match agents.as_slice() {
        [only] => format!("Ask {}…", only.draft.name),
        _ => "Ask an agent…".to_owned(),
    };
    let text = NodeRef::<html::Textarea>::new();
    text.on_load(|text| {
        // It exists, but stands in the page only from the next frame on.
        request_animation_frame(move || {
            if browser::document::has_fine_pointer() {
                _ = text.focus();
            }
        });
    });
    let button = NodeRef::<html::Button>::new();
    // Enter sends, but not while an input method still composes a word.
    let press = move |press: KeyboardEvent| {
        if press.key() == "Enter" && !press.shift_key() && !press.is_composing() {
            press.prevent_default();
            if let Some(button) = button.get() {
                button.click();
            }
        }
    };
    view! {
        <input type="hidden" name="slug" value=slug.to_string()/>
        <div class="ask-box">
            <textarea node_ref=text class="ask-text" id=ASK_ID name="text" rows="3" required dir="auto" aria-label="Message" autofocus
                placeholder=placeholder on:keydown=press></textarea>
            <div class="ask-acts">
                <AgentSelect agents/>
                <span class="ask-hint">"Enter sends · Shift Enter for a new line"</span>
                <button node_ref=button class="round" type="submit" aria-label="Send" title="Send" disabled=move || pending.get()>
                    <Icon name=IconName::Send size=20/>
                </button>
            </div>
        </div>
        <FormError error/>
    }
}

/// Which agent answers. With one there is nothing to choose.
#[component]
fn AgentSelect(agents: Vec<Agent>) -> impl IntoView {
    if let [only] = agents.as_slice() {
        return view! {
            <input type="hidden" name="agent_id" value=only.id.to_string()/>
            <span class="ask-agent" dir="auto">{only.draft.name.clone()}</span>
        }
        .into_any();
    }
    view! {
        <select class="select ask-agent" name="agent_id" aria-label="Agent">
            {agents.into_iter().map(|agent| view! { <option value=agent.id.to_string()>{agent.draft.name}</option> }).collect_view()}
        </select>
    }
    .into_any()
}
