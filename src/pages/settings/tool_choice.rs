//! Which tools of a source agents may be given.

use super::sources::SourceEvents;
use crate::{
    api::tool_sources::pick_tools,
    components::{
        field::{FormError, Submit},
        notice::use_notices,
    },
    error::AppError,
    model::{
        group::Slug,
        tool_source::{Mark, SourceTool, ToolSource},
    },
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use std::collections::BTreeSet;

#[component]
pub fn ToolChoice(slug: Slug, source: ToolSource, events: SourceEvents) -> impl IntoView {
    let notices = use_notices();
    let picked: BTreeSet<String> = source.tools.iter().filter(|tool| tool.picked).map(|tool| tool.name.clone()).collect();
    let picked = RwSignal::new(picked);
    let (error, pending) = (RwSignal::new(None::<AppError>), RwSignal::new(false));
    let (id, version) = (source.id, source.version);
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        let (slug, tools) = (slug.clone(), picked.get_untracked().into_iter().collect());
        spawn_local(async move {
            match pick_tools(slug, id, version, tools).await {
                Ok(source) => {
                    notices.say(format!("Saved which tools of {} agents may use", source.name));
                    events.changed.run(source);
                }
                Err(refused) => {
                    error.try_set(Some(refused));
                }
            }
            pending.try_set(false);
        });
    };
    view! {
        <form class="form" method="post" on:submit=submit>
            <FormError error=error.into()/>
            <Unread tools=source.tools.clone()/>
            <fieldset class="tool-choices">
                <legend class="visually-hidden">{format!("Tools of {}", source.name)}</legend>
                {source.tools.into_iter().map(|tool| view! { <ToolRow tool picked/> }).collect_view()}
            </fieldset>
            <div class="form-foot needs-script"><Submit label="Save tools" pending/></div>
        </form>
    }
}

/// Says what saving means where the source has changed.
#[component]
fn Unread(tools: Vec<SourceTool>) -> impl IntoView {
    tools.iter().any(|tool| tool.mark.is_some()).then(|| {
        view! {
            <p class="soft">
                "The source has changed. Agents go on with the tools as you last saved them; saving takes over what stands here."
            </p>
        }
    })
}

#[component]
fn ToolRow(tool: SourceTool, picked: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let disabled = tool.problem.is_some() || tool.mark == Some(Mark::Gone);
    let mark = tool.mark.map(|mark| match mark {
        Mark::New => ("New", "flag good"),
        Mark::Changed => ("Changed", "flag notice"),
        Mark::Gone => ("Gone", "flag bad"),
    });
    let (name, toggled) = (tool.name.clone(), tool.name.clone());
    let checked = move || picked.with(|picked| picked.contains(&name));
    let toggle = move |_| {
        picked.update(|picked| {
            if !picked.remove(&toggled) {
                picked.insert(toggled.clone());
            }
        });
    };
    view! {
        <label class="tool-choice">
            <input type="checkbox" checked=tool.picked prop:checked=checked disabled=disabled on:change=toggle/>
            <span class="tool-choice-words">
                <span class="tool-choice-name">
                    <code>{tool.qualified}</code>
                    {mark.map(|(word, class)| view! { <span class=class>{word}</span> })}
                    {(!tool.effects).then(|| view! { <span class="flag">"Only reads"</span> })}
                </span>
                <span class="tool-choice-about">{tool.description}</span>
                {tool.problem.map(|problem| view! { <span class="field-error">{problem}</span> })}
            </span>
        </label>
    }
}
