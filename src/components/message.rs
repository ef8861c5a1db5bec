//! One message of a conversation.

mod body;
mod ending;
mod pending;
mod tools;

use super::{
    approval::ApprovalDesk,
    run_button::{RunAct, RunButton, RunDesk},
    time::Time,
};
use crate::{
    ids::MessageId,
    model::{
        activity::Activity,
        message::{Message, MessageStatus, Role},
        thread_event::{RunUsage, ToolDraft},
    },
};
use body::Body;
use ending::Ending;
use leptos::prelude::*;
pub use pending::{PendingAct, PendingMessage};
use tools::Tools;

/// A message that is shown, with a signal of its own: what arrives for one does not touch the others.
#[derive(Clone)]
pub struct Row {
    pub id: MessageId,
    pub message: ArcRwSignal<Message>,
}

/// What all messages of a thread share.
#[derive(Clone)]
pub struct MessageDesk {
    pub run: RunDesk,
    pub approvals: ApprovalDesk,
    /// Calls whose input is being written.
    pub drafts: Signal<Vec<ToolDraft>>,
    pub activity: Signal<Activity>,
    pub usage: Signal<Vec<RunUsage>>,
}

#[component]
pub fn MessageView(row: Row, desk: MessageDesk) -> impl IntoView {
    let Message { role, author, created_at, run_id, id, .. } = row.message.get_untracked();
    let message: Signal<Message> = row.message.into();
    let status = Memo::new(move |_| message.read().status);
    let activity = desk.activity;
    let queued = Memo::new(move |_| role == Role::User && activity.read().queued.contains(&run_id));
    let mark = {
        let run = desk.run.clone();
        move || {
            queued.get().then(|| {
                view! {
                    <span class="mark-chip">"Queued"</span>
                    <RunButton act=RunAct::Cancel run=run_id desk=run.clone() class="text-button"/>
                }
            })
        }
    };
    let answer = (role == Role::Assistant).then(|| view! { <Ending message status desk=desk.clone()/> });
    view! {
        <article
            class=turn_class(role)
            class:writing=move || status.get() == MessageStatus::Streaming
            class:queued=move || queued.get()
            id=format!("m-{id}")
            data-line=""
        >
            <div class="who">
                <h2 class="who-name" dir="auto">{if role == Role::User { "You".to_owned() } else { author }}</h2>
                <Time at=created_at/>
                {mark}
            </div>
            <Body message status desk=desk.clone()/>
            {answer}
            <Tools message status desk/>
        </article>
    }
    .into_any()
}

fn turn_class(role: Role) -> &'static str {
    match role {
        Role::User => "turn user",
        Role::Assistant => "turn",
        Role::Operator => "turn operator",
    }
}
