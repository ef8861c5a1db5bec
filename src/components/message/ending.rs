//! How an answer ended, where it did not simply end: what happened, and what can be done about it.

use super::MessageDesk;
use crate::{
    components::{
        icon::{Icon, IconName},
        run_button::{RunAct, RunButton},
    },
    model::message::{Message, MessageStatus, Part},
};
use leptos::prelude::*;

#[component]
pub fn Ending(message: Signal<Message>, status: Memo<MessageStatus>, desk: MessageDesk) -> impl IntoView {
    let (id, run) = message.with_untracked(|message| (message.id, message.run_id));
    let activity = desk.activity;
    let last = Memo::new(move |_| activity.read().last_answer == Some(id));
    let acts = move || {
        let button = |act| view! { <RunButton act run desk=desk.run.clone()/> };
        let (go_on, retry) = if last.get() { offers(status.get(), &message.read()) } else { (false, false) };
        (go_on.then(|| button(RunAct::Continue)), retry.then(|| button(RunAct::Retry)))
    };
    let shown = move || !matches!(status.get(), MessageStatus::Streaming | MessageStatus::Completed);
    move || {
        shown().then(|| {
            let (text, tone) = words(status.get(), &message.read());
            let acts = acts.clone();
            view! {
                <div class=format!("ending {tone}")>
                    <Icon name=if tone == "bad" { IconName::Alert } else { IconName::Info }/>
                    <p class="ending-text">{text}</p>
                    <div class="ending-acts">{acts()}</div>
                </div>
            }
        })
    }
}

/// Whether to offer Continue and Retry. Without a word said there is nothing to continue.
fn offers(status: MessageStatus, message: &Message) -> (bool, bool) {
    let said = message.parts.iter().any(|part| matches!(part, Part::Text { text } if !text.trim().is_empty()));
    let cut_off = message.error.as_ref().is_some_and(|error| error.code == "cut_off");
    match status {
        MessageStatus::Stopped | MessageStatus::Interrupted => (said, true),
        MessageStatus::Failed => (said && cut_off, true),
        MessageStatus::Streaming | MessageStatus::Completed => (false, false),
    }
}

fn words(status: MessageStatus, message: &Message) -> (String, &'static str) {
    let told = message.error.as_ref().map(|error| error.message.clone());
    match status {
        MessageStatus::Stopped => ("Stopped".to_owned(), "quiet"),
        MessageStatus::Interrupted => {
            ("Interrupted: the server restarted. What was said until then is kept.".to_owned(), "quiet")
        }
        _ => (told.unwrap_or_else(|| "The agent could not answer. Your message is safe.".to_owned()), "bad"),
    }
}
