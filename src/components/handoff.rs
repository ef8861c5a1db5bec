//! A thread whose agent asked for a person.

use super::{
    icon::{Icon, IconName},
    time::Time,
};
use crate::model::escalation::{EscalationStatus, Handoff};
use leptos::prelude::*;

/// The region is always there, so that a screen reader hears what comes into it.
#[component]
pub fn HandoffBanner(#[prop(into)] handoff: Signal<Option<Handoff>>) -> impl IntoView {
    view! { <div class="handoff-place" role="status">{move || handoff.get().map(banner)}</div> }
}

fn banner(handoff: Handoff) -> impl IntoView {
    let Handoff { status, reason, created_at, .. } = handoff;
    let title = match status {
        EscalationStatus::Claimed => "A person is looking into it",
        EscalationStatus::Open | EscalationStatus::Resolved => "A person was asked to help",
    };
    view! {
        <div class="handoff">
            <Icon name=IconName::Person size=20/>
            <div class="handoff-words">
                <p class="handoff-title">{title} <Time at=created_at/></p>
                <p class="handoff-reason" dir="auto" tabindex="0">{reason}</p>
                <p class="handoff-note">"You can go on writing."</p>
            </div>
        </div>
    }
}
