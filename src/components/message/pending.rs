//! A message on its way to the server: shown at once, and never lost.

use crate::{
    components::{
        icon::{Icon, IconName},
        markdown::Markdown,
    },
    model::outbox::{Outgoing, SendState},
};
use leptos::prelude::*;

/// What a member does about a message that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingAct {
    Retry(String),
    /// Back to the composer.
    Edit(String),
}

#[component]
pub fn PendingMessage(key: String, outbox: RwSignal<Vec<Outgoing>>, on_act: Callback<PendingAct>) -> impl IntoView {
    let find = {
        let key = key.clone();
        move |outbox: &Vec<Outgoing>| outbox.iter().find(|message| message.key == key).cloned()
    };
    let text = outbox.with_untracked(|outbox| find(outbox)).map(|message| message.text).unwrap_or_default();
    let state = Memo::new(move |_| outbox.with(|outbox| find(outbox)).map(|message| message.state).unwrap_or_default());
    let note = move || match state.get() {
        SendState::Sending => Some("Sending…"),
        SendState::Limited { .. } => Some("Waiting for the rate limit…"),
        SendState::Waiting { .. } => Some("The server cannot be reached. Trying again…"),
        SendState::Sent(_) | SendState::Failed(_) => None,
    };
    let failure = move || {
        let SendState::Failed(error) = state.get() else { return None };
        let (retry, edit) = (key.clone(), key.clone());
        Some(view! {
            <div class="ending bad" role="alert">
                <Icon name=IconName::Alert/>
                <p class="ending-text">"Not sent. " {error.to_string()}</p>
                <div class="ending-acts">
                    <button class="btn" type="button" on:click=move |_| on_act.run(PendingAct::Retry(retry.clone()))>"Retry"</button>
                    <button class="btn" type="button" on:click=move |_| on_act.run(PendingAct::Edit(edit.clone()))>"Edit"</button>
                </div>
            </div>
        })
    };
    view! {
        <article class="turn user pending" data-line="">
            <div class="who"><h2 class="who-name">"You"</h2><span class="who-note">{note}</span></div>
            <div class="body"><Markdown text=Signal::stored(text)/></div>
            {failure}
        </article>
    }
}
