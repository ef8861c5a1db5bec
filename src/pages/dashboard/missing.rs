//! What a group lacks before anybody can be answered, and who can change that.

use crate::{
    components::{
        empty::Empty,
        icon::{Icon, IconName},
    },
    pages::group::GroupContext,
};
use leptos::prelude::*;

/// Without a model nothing answers: what whoever runs the server can do about it.
#[component]
pub fn NoModel() -> impl IntoView {
    view! {
        <section class="callout notice-tone" aria-labelledby="no-model">
            <Icon name=IconName::Alert size=20/>
            <div class="callout-words">
                <h2 class="callout-title" id="no-model">"No model can answer yet"</h2>
                <p>"You can write messages; answers come once the server has a model. Whoever runs it can either"</p>
                <ul class="bullets">
                    <li>"run "<code>"guildhall models fetch"</code>" to get a small model that needs no key, or"</li>
                    <li>
                        "set "<code>"GUILDHALL_OPENAI_API_KEY"</code>" or "<code>"GUILDHALL_ANTHROPIC_API_KEY"</code>
                        " and start the server again."
                    </li>
                </ul>
            </div>
        </section>
    }
}

#[component]
pub fn NoAgent(group: GroupContext) -> impl IntoView {
    let manages = group.role.manages();
    let text = if manages {
        "An agent answers in threads: it has a model, instructions and limits. Create one to start."
    } else {
        "An agent answers in threads. An administrator of the group can create one."
    };
    view! {
        <Empty icon=IconName::Agent title="No agent yet" text>
            {manages.then(|| view! { <a class="btn main" href=group.path("/agents/new")>"Create agent"</a> })}
        </Empty>
    }
}
