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
    let shown = move || match status.get() {
        MessageStatus::Streaming => false,
        // Complete as far as it goes, but it reached a limit.
        MessageStatus::Completed => message.read().error.is_some(),
        _ => true,
    };
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

/// Whether to offer Continue and Retry. Without a word said there is nothing to continue, except where a limit ended what
/// the agent did: it goes on with what its tools brought.
fn offers(status: MessageStatus, message: &Message) -> (bool, bool) {
    let said = message.parts.iter().any(|part| matches!(part, Part::Text { text } if !text.trim().is_empty()));
    let cut_off = message.error.as_ref().is_some_and(|error| error.code == "cut_off");
    match status {
        MessageStatus::Stopped | MessageStatus::Interrupted => (said, true),
        MessageStatus::Failed => (limited(message) || (said && cut_off), true),
        // Retry stands below a complete answer anyway.
        MessageStatus::Completed => (limited(message), false),
        MessageStatus::Streaming => (false, false),
    }
}

/// Whether a limit ended the answer: its steps, its time, its length, or going in circles.
fn limited(message: &Message) -> bool {
    message.error.as_ref().is_some_and(|error| error.code.starts_with("limit_"))
}

fn words(status: MessageStatus, message: &Message) -> (String, &'static str) {
    let told = message.error.as_ref().map(|error| error.message.clone());
    match status {
        MessageStatus::Stopped => ("Stopped".to_owned(), "quiet"),
        MessageStatus::Interrupted => {
            ("Interrupted: the server restarted. What was said until then is kept.".to_owned(), "quiet")
        }
        _ if limited(message) => (told.unwrap_or_default(), "quiet"),
        _ => (told.unwrap_or_else(|| "The agent could not answer. Your message is safe.".to_owned()), "bad"),
    }
}
