//! The section of tools: the group's sources, and the form that adds one.

use super::{add_source::AddSource, document::DocumentDialog, secret::SecretDialog, source::SourceCard};
use crate::{
    components::{empty::Empty, icon::IconName},
    ids::ToolSourceId,
    model::{group::Slug, tool_source::ToolSource},
};
use leptos::prelude::*;

/// What a part of the section tells the whole.
#[derive(Clone, Copy)]
pub struct SourceEvents {
    /// A source was added, or is now like this.
    pub changed: Callback<ToolSource>,
    pub removed: Callback<ToolSourceId>,
    /// Its secret is to be set.
    pub secret: Callback<ToolSource>,
    /// Its document is to be replaced.
    pub document: Callback<ToolSource>,
}

#[component]
pub fn Sources(slug: Slug, sources: Vec<ToolSource>, commands: Vec<String>) -> impl IntoView {
    let (sources, secret_of) = (RwSignal::new(sources), RwSignal::new(None::<ToolSource>));
    let document_of = RwSignal::new(None::<ToolSource>);
    let events = SourceEvents {
        changed: Callback::new(move |source| {
            sources.try_update(|sources| put(sources, source));
        }),
        removed: Callback::new(move |id| {
            sources.try_update(|sources| sources.retain(|source| source.id != id));
        }),
        secret: Callback::new(move |source| secret_of.set(Some(source))),
        document: Callback::new(move |source| document_of.set(Some(source))),
    };
    let cards_slug = slug.clone();
    view! {
        <section class="section" aria-labelledby="tools">
            <h2 class="section-title" id="tools">"Tools"</h2>
            <p class="soft">
                "Agents use the built-in tools and those that are picked here. Each agent’s own page says which it is given."
            </p>
            {move || sources.with(Vec::is_empty).then(|| view! {
                <Empty icon=IconName::Sliders title="No tools of your own yet"
                    text="Add an MCP server or an HTTP API below, then pick which of its tools agents may use."/>
            })}
            <ul class="tool-sources">
                <For each=move || sources.get() key=shown let:source>
                    <SourceCard slug=cards_slug.clone() source events/>
                </For>
            </ul>
            <SecretDialog slug=slug.clone() of=secret_of events/>
            <DocumentDialog slug=slug.clone() of=document_of events/>
        </section>
        <AddSource slug commands events/>
    }
}

/// A card is made anew when its source changed.
fn shown(source: &ToolSource) -> (ToolSourceId, i64, i64, Option<String>) {
    (source.id, source.version, source.checked_at, source.error.clone())
}

/// In the order of names.
fn put(sources: &mut Vec<ToolSource>, source: ToolSource) {
    sources.retain(|other| other.id != source.id);
    let at = sources.partition_point(|other| other.name < source.name);
    sources.insert(at, source);
}
