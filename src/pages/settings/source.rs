//! One source: where it is, its tools, and what can be done with it.

use super::{sources::SourceEvents, tool_choice::ToolChoice};
use crate::{
    api::tool_sources::{refresh_tool_source, remove_tool_source},
    components::{
        dialog::ConfirmDialog,
        icon::{Icon, IconName},
        notice::use_notices,
        time::Time,
    },
    model::{
        group::Slug,
        tool_source::{SecretPlace, SourceKind, ToolSource},
    },
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn SourceCard(slug: Slug, source: ToolSource, events: SourceEvents) -> impl IntoView {
    let kind = match source.kind {
        SourceKind::Mcp => "MCP server",
        SourceKind::OpenApi => "HTTP API",
        SourceKind::Command => "Local command",
    };
    let place = |place| match (source.kind, place) {
        (SourceKind::Command, _) => "variable",
        (_, SecretPlace::Header) => "header",
        (_, SecretPlace::Query) => "query parameter",
    };
    let title = format!("source-{}", source.id);
    let secret = source.secret.as_ref().map(|carrier| format!("Secret in the {} {}", place(carrier.place), carrier.name));
    view! {
        <li class="tool-source">
            <header class="tool-source-head">
                <h3 class="tool-source-name" id=title>{source.name.clone()}</h3>
                <span class="flag">{kind}</span>
                <SourceActs slug=slug.clone() source=source.clone() events/>
            </header>
            <p class="tool-source-facts">
                <span class="tool-source-url">{source.url.clone()}</span>
                <span>{secret.unwrap_or_else(|| "No secret".to_owned())}</span>
                <span>"Looked at "<Time at=source.checked_at/></span>
            </p>
            <LookFailed error=source.error.clone()/>
            <ToolChoice slug source events/>
        </li>
    }
}

#[component]
fn LookFailed(error: Option<String>) -> impl IntoView {
    error.map(|error| {
        view! {
            <div class="callout notice-tone" role="status">
                <Icon name=IconName::Alert size=20/>
                <div class="callout-words">
                    <p class="callout-title">"The last look at its tools failed. What is picked stays picked."</p>
                    <p>{error}</p>
                </div>
            </div>
        }
    })
}

#[component]
fn SourceActs(slug: Slug, source: ToolSource, events: SourceEvents) -> impl IntoView {
    let notices = use_notices();
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (id, name) = (source.id, source.name.clone());
    let of = slug.clone();
    let refresh = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let slug = of.clone();
        spawn_local(async move {
            match refresh_tool_source(slug, id).await {
                Ok(source) => events.changed.run(source),
                Err(error) => notices.fail(error),
            }
            busy.try_set(false);
        });
    };
    let remove = Callback::new(move |()| {
        let (slug, name) = (slug.clone(), name.clone());
        spawn_local(async move {
            match remove_tool_source(slug, id).await {
                Ok(()) => {
                    events.removed.run(id);
                    notices.say(format!("Removed {name}"));
                }
                Err(error) => notices.fail(error),
            }
        });
    });
    let (title, label) = (format!("Remove {}?", source.name), source.name.clone());
    let described = (source.kind == SourceKind::OpenApi).then(|| source.clone());
    view! {
        <div class="tool-source-acts needs-script">
            <button class="btn" type="button" class:busy=move || busy.get() aria-label=format!("Refresh {label}")
                aria-disabled=move || busy.get().then_some("true") on:click=refresh>"Refresh"</button>
            {described.map(|source| view! {
                <button class="btn" type="button" aria-label=format!("Replace the document of {}", source.name)
                    on:click=move |_| events.document.run(source.clone())>"Document"</button>
            })}
            <button class="btn" type="button" aria-label=format!("Set the secret of {label}")
                on:click=move |_| events.secret.run(source.clone())>"Secret"</button>
            <button class="btn" type="button" aria-label=format!("Remove {label}") on:click=move |_| asking.set(true)>"Remove"</button>
        </div>
        <ConfirmDialog open=asking id=format!("remove-{id}") title confirm="Remove"
            text="Agents go on without its tools. What was said with them stays." on_confirm=remove/>
    }
}
