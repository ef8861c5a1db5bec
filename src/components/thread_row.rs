//! A thread in a list: its title, its agent, its newest activity, and whether an answer is being written.

use super::{
    icon::{Icon, IconName},
    time::Time,
};
use crate::model::thread::{Thread, ThreadStatus};
use leptos::prelude::*;

/// `on_move` archives an active thread and restores an archived one; without it the row is only a link.
#[component]
pub fn ThreadRow(thread: Thread, href: String, #[prop(optional)] on_move: Option<Callback<Thread>>) -> impl IntoView {
    let button = on_move.map(|on_move| view! { <MoveButton thread=thread.clone() on_move/> });
    view! {
        <li class="list-row">
            <a class="list-link" href=href data-row="">
                <span class="list-title" dir="auto">{thread.title}</span>
                <span class="list-facts">
                    {thread.answering.then(|| view! { <span class="answering"><span class="live"></span>"Answering"</span> })}
                    <span class="list-agent" dir="auto">{thread.agent_name}</span>
                    <Time at=thread.updated_at/>
                </span>
            </a>
            {button}
        </li>
    }
}

#[component]
fn MoveButton(thread: Thread, on_move: Callback<Thread>) -> impl IntoView {
    let (verb, icon) = match thread.status {
        ThreadStatus::Active => ("Archive", IconName::Archive),
        ThreadStatus::Archived => ("Restore", IconName::Restore),
    };
    let label = format!("{verb} “{}”", thread.title);
    view! {
        <button class="icon-button needs-script" type="button" aria-label=label title=verb
            on:click=move |_| on_move.run(thread.clone())>
            <Icon name=icon/>
        </button>
    }
}
