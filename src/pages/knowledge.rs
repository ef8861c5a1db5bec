//! `/g/{slug}/knowledge`: what the group knows. Documents are added here, and seen as they are read.

mod add;
mod desk;
mod drop;
mod row;

use super::{
    group::{GroupContext, use_group},
    params::slug_param,
};
use crate::{
    api::knowledge::documents,
    components::{empty::Empty, failure::PageFailure, icon::IconName, page_bar::PageBar, skeleton::SkeletonRows},
    error::{AppError, Result},
    ids::DocumentId,
    model::{
        document::{Document, DocumentFilter, DocumentStatus},
        group::Slug,
        page::Page,
    },
    pages::{
        bundle::page,
        more::More,
        resource::{Resource, resource},
    },
};
use add::AddTyped;
use desk::KnowledgeDesk;
use drop::DropZone;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use row::DocumentRow;

page!(agents, show_knowledge);

struct Loaded {
    page: Resource<Result<Page<Document>>>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, query) = (slug_param(), use_query_map());
        let after = Memo::new(move |_| query.with(|query| query.get("after")));
        Self { page: resource(move || (slug.get(), after.get()), |(slug, after)| page(slug, after)) }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_knowledge() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    let retrieval = group.path("/knowledge/retrieval");
    let retrieval = group.role.manages().then(|| view! { <a class="btn" href=retrieval>"Retrieval"</a> });
    view! {
        <Title text="Knowledge"/>
        <PageBar title="Knowledge">{retrieval}</PageBar>
        <div class="page">
            <Transition fallback=|| view! { <SkeletonRows count=8/> }>
                {move || {
                    let group = group.clone();
                    Suspend::new(async move {
                        match this.page.await {
                            Ok(page) => view! { <Knowledge group page/> }.into_any(),
                            Err(error) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

async fn page(slug: Option<Slug>, after: Option<String>) -> Result<Page<Document>> {
    documents(slug.ok_or(AppError::NotFound)?, DocumentFilter::default(), after).await
}

#[component]
fn Knowledge(group: GroupContext, page: Page<Document>) -> impl IntoView {
    let desk = KnowledgeDesk::new(&group, page);
    let empty = move || desk.items.with(Vec::is_empty);
    view! {
        <Refused/>
        <DropZone desk/>
        <AddTyped desk/>
        <ul class="list documents" class:gone=empty>
            <For each=move || desk.items.get() key=look let:document>
                <DocumentRow document desk/>
            </For>
        </ul>
        {move || empty().then(|| view! { <Nothing/> })}
        <More next=desk.next load=move |after| desk.page(after) add=move |page| desk.append(page)
            href=move |after| format!("{}?after={after}", desk.base.get_value())/>
    }
}

/// What a row shows that changes: a row is made anew with it.
fn look(document: &Document) -> (DocumentId, DocumentStatus, Option<DocumentStatus>, String) {
    let replacing = document.replacement.as_ref().map(|new| new.status);
    (document.id, document.status, replacing, document.title.clone())
}

#[component]
fn Nothing() -> impl IntoView {
    let text = "Add what the group knows: handbooks, price lists, minutes. Agents that have the tool “Search knowledge” answer \
        from it, and show the passage that each answer comes from.";
    view! { <Empty icon=IconName::Book title="Nothing is known yet" text/> }
}

/// Why a plain form came back without having added anything.
#[component]
fn Refused() -> impl IntoView {
    let query = use_query_map();
    let text = move || {
        Some(match query.with(|query| query.get("problem"))?.as_str() {
            "too_large" => "A document can have 25 MB at most. Split it, or add only the part that is needed.",
            "invalid" => "This file cannot be read. What can be: txt, md, html, pdf, docx, csv and json.",
            "conflict" => "The group has this content already.",
            "rate_limited" => "Too many documents of this group wait to be read. Add more when some of them are ready.",
            "forbidden" => "Only whoever added a document, and the group’s admins and owners, can replace or delete it.",
            _ => "The file was not added. Try again.",
        })
    };
    move || text().map(|text| view! { <div class="form-error" role="alert"><p class="form-error-text">{text}</p></div> })
}
