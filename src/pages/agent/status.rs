//! Retiring an agent, and bringing it back.

use crate::{
    api::agents::set_agent_status,
    components::{
        dialog::ConfirmDialog,
        icon::{Icon, IconName},
        notice::use_notices,
    },
    ids::AgentId,
    model::{agent::AgentStatus, group::Slug},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn StatusButtons(slug: Slug, id: AgentId, name: String, status: RwSignal<AgentStatus>) -> impl IntoView {
    let notices = use_notices();
    let asking = RwSignal::new(false);
    let set = Callback::new({
        let name = name.clone();
        move |to: AgentStatus| {
            let (slug, name) = (slug.clone(), name.clone());
            spawn_local(async move {
                match set_agent_status(slug, id, to).await {
                    Ok(agent) => {
                        status.try_set(agent.status);
                        notices.say(format!("{} {name}", if to == AgentStatus::Retired { "Retired" } else { "Restored" }));
                    }
                    Err(error) => notices.fail(error),
                }
            });
        }
    });
    let button = move || match status.get() {
        AgentStatus::Active => view! {
            <button class="btn needs-script" type="button" on:click=move |_| asking.set(true)>"Retire"</button>
        }
        .into_any(),
        AgentStatus::Retired => view! {
            <button class="btn needs-script" type="button" on:click=move |_| set.run(AgentStatus::Active)>"Restore"</button>
        }
        .into_any(),
    };
    view! {
        {button}
        <ConfirmDialog open=asking id="retire" title=format!("Retire {name}?") confirm="Retire"
            text="It answers no more, and new threads cannot be started with it. Its threads stay readable. You can restore it at any time."
            on_confirm=Callback::new(move |()| set.run(AgentStatus::Retired))/>
    }
}

#[component]
pub fn RetiredNotice(status: RwSignal<AgentStatus>) -> impl IntoView {
    move || {
        (status.get() == AgentStatus::Retired).then(|| {
            view! {
                <div class="callout" role="status">
                    <Icon name=IconName::Archive size=20/>
                    <p class="callout-words">"This agent is retired. It answers no more; its threads stay readable."</p>
                </div>
            }
        })
    }
}
