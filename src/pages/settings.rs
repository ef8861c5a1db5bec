//! `/g/{slug}/settings`: what those who manage a group decide for all of it.

mod add_source;
mod approvals;
mod document;
mod secret;
mod source;
mod sources;
mod time_zone;
mod tool_choice;

use super::{
    group::{GroupContext, use_group},
    not_found::NotFound,
    params::slug_param,
};
use crate::{
    api::{
        groups::{approval_time, time_zone},
        tool_sources::{tool_commands, tool_sources},
    },
    components::{failure::PageFailure, page_bar::PageBar, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        Millis,
        group::{GroupZone as Zone, Slug},
        tool_source::ToolSource,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use approvals::Approvals;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use sources::Sources;
use time_zone::TimeZone;

page!(agents, show_settings);

struct Loaded {
    tools: Resource<Result<(Vec<ToolSource>, Vec<String>)>>,
    approval_time: Resource<Result<Millis>>,
    time_zone: Resource<Result<Zone>>,
}

impl Loaded {
    fn new() -> Self {
        let slug = slug_param();
        Self {
            tools: resource(move || slug.get(), sources_and_commands),
            approval_time: resource(move || slug.get(), time_of_approvals),
            time_zone: resource(move || slug.get(), zone_of_group),
        }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_settings() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <Title text="Settings"/>
        <PageBar title="Settings"/>
        <div class="page narrow">
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match (this.tools.await, this.approval_time.await, this.time_zone.await) {
                            (Ok((sources, commands)), Ok(time), Ok(zone)) => {
                                view! { <Settings group sources commands time zone/> }.into_any()
                            }
                            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

async fn sources_and_commands(slug: Option<Slug>) -> Result<(Vec<ToolSource>, Vec<String>)> {
    let slug = slug.ok_or(AppError::NotFound)?;
    Ok((tool_sources(slug.clone()).await?, tool_commands(slug).await?))
}

async fn time_of_approvals(slug: Option<Slug>) -> Result<Millis> {
    approval_time(slug.ok_or(AppError::NotFound)?).await
}

async fn zone_of_group(slug: Option<Slug>) -> Result<Zone> {
    time_zone(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn Settings(group: GroupContext, sources: Vec<ToolSource>, commands: Vec<String>, time: Millis, zone: Zone) -> impl IntoView {
    view! {
        <p class="field-hint without-script">"Changing settings needs JavaScript."</p>
        <Sources slug=group.slug.clone() sources commands/>
        <Approvals slug=group.slug.clone() time/>
        <TimeZone slug=group.slug zone/>
    }
}
