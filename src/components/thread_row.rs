//! A thread in a list: its title, its agent, its newest activity, and whether an answer is being written.

use super::{
    icon::{Icon, IconName},
    time::Time,
};
use crate::model::thread::{Thread, ThreadStatus};
use leptos::prelude::*;

/// `on_move` archives an active thread and restores an archived one.
#[component]
pub fn ThreadRow(thread: Thread, href: String, on_move: Callback<Thread>) -> impl IntoView {
    let (verb, icon) = match thread.status {
        ThreadStatus::Active => ("Archive", IconName::Archive),
        ThreadStatus::Archived => ("Restore", IconName::Restore),
    };
    let label = format!("{verb} “{}”", thread.title);
    let click = {
        let thread = thread.clone();
        move |_| on_move.run(thread.clone())
    };
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
            <button class="icon-button needs-script" type="button" aria-label=label title=verb on:click=click><Icon name=icon/></button>
        </li>
    }
}
