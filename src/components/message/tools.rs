//! What can be done with a message, and what it took: quiet until the reader comes near.

use super::MessageDesk;
use crate::{
    browser::clipboard,
    components::{
        icon::{Icon, IconName},
        run_button::{RunAct, RunButton},
        run_details::RunDetails,
    },
    model::message::{Message, MessageStatus, Part, Role},
};
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub fn Tools(message: Signal<Message>, status: Memo<MessageStatus>, desk: MessageDesk) -> impl IntoView {
    let (id, run, role) = message.with_untracked(|message| (message.id, message.run_id, message.role));
    let activity = desk.activity;
    // An answer that failed before its first word has nothing to copy.
    let has_text = Memo::new(move |_| {
        message.with(|message| message.parts.iter().any(|part| matches!(part, Part::Text { text } if !text.is_empty())))
    });
    let settled = move || status.get() != MessageStatus::Streaming;
    let again = Memo::new(move |_| status.get() == MessageStatus::Completed && activity.read().last_answer == Some(id));
    let run_desk = desk.run;
    let retry =
        move || again.get().then(|| view! { <RunButton act=RunAct::Retry run desk=run_desk.clone() class="text-button"/> });
    let usage = desk.usage;
    let details = (role == Role::Assistant).then(|| {
        let used = Memo::new(move |_| usage.read().iter().find(|usage| usage.run_id == run).cloned());
        view! { <RunDetails message used/> }
    });
    view! {
        <div class="tools" class:gone=move || !settled()>
            {move || has_text.get().then(|| view! { <CopyButton message/> })}
            {retry}
            {details}
        </div>
    }
}

#[component]
fn CopyButton(message: Signal<Message>) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        clipboard::copy(message.read_untracked().text(), move |done| {
            copied.try_set(done);
            set_timeout(move || _ = copied.try_set(false), Duration::from_secs(2));
        });
    };
    view! {
        <button class="text-button needs-script" type="button" on:click=copy>
            <Icon name=IconName::Copy/>
            {move || if copied.get() { "Copied" } else { "Copy" }}
        </button>
    }
}
