//! The form of an agent that exists. Saving says which version was changed: nobody overwrites another's work unknowingly.

use crate::{
    api::agents::{agent as fetch_agent, save_agent},
    components::{
        agent_form::{AgentFields, AgentForm},
        icon::{Icon, IconName},
        notice::use_notices,
    },
    error::{AppError, Result},
    ids::AgentId,
    model::{
        agent::{Agent, AgentDraft},
        group::Slug,
        provider::ProviderInfo,
        tool::ToolInfo,
    },
};
use leptos::prelude::*;

#[component]
pub fn Editor(
    slug: Slug,
    id: AgentId,
    agent: Agent,
    providers: Vec<ProviderInfo>,
    tools: Vec<ToolInfo>,
    manages: bool,
    on_saved: Callback<()>,
) -> impl IntoView {
    let notices = use_notices();
    let fields = AgentFields::new(&agent.draft);
    let version = RwSignal::new(agent.version);
    let save = {
        let slug = slug.clone();
        Action::new(move |draft: &AgentDraft| save_agent(slug.clone(), id, version.get_untracked(), draft.clone()))
    };
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    Effect::new(move |_| {
        if let Some(Ok(saved)) = save.value().get() {
            version.set(saved.version);
            notices.say(format!("Saved as version {}", saved.version));
            on_saved.run(());
        }
    });
    let on_save = Callback::new(move |draft| {
        save.dispatch(draft);
    });
    let verb = manages.then_some("Save agent");
    view! {
        <Conflict slug id fields version error on_save/>
        <AgentForm fields providers tools error=hide_conflict(error) pending=save.pending() verb on_save/>
    }
}

/// The conflict has a place of its own, with a way out.
fn hide_conflict(error: Signal<Option<AppError>>) -> Signal<Option<AppError>> {
    Signal::derive(move || error.get().filter(|error| !matches!(error, AppError::Conflict { .. })))
}

/// Somebody saved since. What was typed stays in the form; the other version can be read beside it, and then replaced.
#[component]
fn Conflict(
    slug: Slug,
    id: AgentId,
    fields: AgentFields,
    version: RwSignal<i64>,
    error: Signal<Option<AppError>>,
    on_save: Callback<AgentDraft>,
) -> impl IntoView {
    let notices = use_notices();
    let theirs = format!("/g/{slug}/agents/{id}");
    let replace = Action::new(move |()| {
        let slug = slug.clone();
        async move {
            match fetch_agent(slug, id).await.and_then(|newest| Ok((newest.version, fields.draft()?))) {
                Ok((newest, draft)) => {
                    version.set(newest);
                    on_save.run(draft);
                }
                Err(error) => notices.fail(error),
            }
        }
    });
    let message = move || match error.get() {
        Some(AppError::Conflict { message }) => Some(message),
        _ => None,
    };
    move || {
        message().map(|message| view! {
            <div class="callout notice-tone" role="alert">
                <Icon name=IconName::Alert size=20/>
                <div class="callout-words">
                    <p class="callout-title">{message}</p>
                    <p>"Nothing that you wrote is lost: it stands in the form below."</p>
                    <div class="callout-acts">
                        <a class="btn" href=theirs.clone() target="_blank" rel="external">"Read the newer version"</a>
                        <button class="btn" type="button" on:click=move |_| { replace.dispatch(()); }>"Save mine over it"</button>
                    </div>
                </div>
            </div>
        })
    }
}
