//! `/g/{slug}/knowledge/{id}?start=&end=`: a document's text, at the passage that somebody cited. It is rendered whole by
//! the server: links to passages work without a script.

mod acts;
mod text;

use super::{
    group::{GroupContext, use_group},
    params::{id_param, slug_param},
};
use crate::{
    api::knowledge::{document_excerpt, documents_now},
    components::{
        document_state::DocumentState,
        failure::PageFailure,
        icon::{Icon, IconName},
        page_bar::PageBar,
        skeleton::SkeletonRows,
        time::Time,
    },
    error::{AppError, Result},
    ids::DocumentId,
    model::{
        Millis,
        document::{Document, DocumentExcerpt, Wanted},
        group::Slug,
        size,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use acts::DocumentActs;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use text::DocumentText;

/// How often a document that is being read is looked at.
const LOOK: Duration = Duration::from_millis(1_200);

page!(agents, show_document);

struct Loaded {
    cited_at: Memo<Option<Millis>>,
    excerpt: Resource<Result<DocumentExcerpt>>,
    again: Again,
}

/// What stays when the page is built again.
#[derive(Clone, Copy)]
struct Again {
    slug: Memo<Option<Slug>>,
    /// Counts how often something else served than what is shown.
    changes: RwSignal<u32>,
    /// What is asked for, and what was come to already: nobody is taken back to where they were before.
    place: Signal<Place>,
    reached: StoredValue<Option<Place>>,
}

type Place = (Option<DocumentId>, Wanted);

impl Loaded {
    fn new() -> Self {
        let (slug, id, query) = (slug_param(), id_param(), use_query_map());
        let number = move |name: &str| query.with(|query| query.get(name).and_then(|raw| raw.parse::<i64>().ok()));
        let wanted = Memo::new(move |_| Wanted { start: number("start"), end: number("end"), from: number("from") });
        let changes = RwSignal::new(0);
        let place = Signal::derive(move || (id.get(), wanted.get()));
        Self {
            again: Again { slug, changes, place, reached: StoredValue::new(None) },
            cited_at: Memo::new(move |_| number("cited")),
            excerpt: resource(
                move || (slug.get(), id.get(), wanted.get(), changes.get()),
                |(slug, id, wanted, _)| excerpt(slug, id, wanted),
            ),
        }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_document() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    view! {
        <Transition fallback=|| view! { <PageBar title="Document"/><div class="page"><SkeletonRows count=8/></div> }>
            {move || {
                let (group, cited_at) = (group.clone(), this.cited_at.get());
                Suspend::new(async move {
                    match this.excerpt.await {
                        Ok(excerpt) => view! { <DocumentPage group excerpt cited_at again=this.again/> }.into_any(),
                        Err(error) => {
                            view! { <PageBar title="Document"/><div class="page"><PageFailure error/></div> }.into_any()
                        }
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

async fn excerpt(slug: Option<Slug>, id: Option<DocumentId>, wanted: Wanted) -> Result<DocumentExcerpt> {
    document_excerpt(slug.ok_or(AppError::NotFound)?, id.ok_or(AppError::NotFound)?, wanted).await
}

impl Again {
    /// Looks in a while at how far the document is. The page is built again only when something else serves: until then it
    /// keeps its place, and a dialog that is open.
    fn look_soon(self, shown: RwSignal<Document>) {
        let look = async move {
            let (Some(Some(slug)), Some(before)) = (self.slug.try_get_untracked(), shown.try_get_untracked()) else { return };
            // Without an answer the same is looked at again.
            let now = match documents_now(slug, vec![before.id]).await {
                // It is gone, which the page says once it is built again.
                Ok(found) if found.is_empty() => return self.changed(),
                Ok(mut found) => found.remove(0),
                Err(_) => return self.look_soon(shown),
            };
            let ended = !now.working() && now.status != before.status;
            let (working, other) = (now.working(), ended || now.updated_at != before.updated_at || now.title != before.title);
            if now != before {
                shown.try_set(now);
            }
            match (other, working) {
                (true, _) => self.changed(),
                (false, true) => self.look_soon(shown),
                (false, false) => {}
            }
        };
        // The page may be left by then, and its signals gone.
        set_timeout(move || spawn_local(look), LOOK);
    }

    fn changed(self) {
        self.changes.try_update(|changes| *changes += 1);
    }

    /// Whether nobody was taken to the passage yet that is asked for now.
    fn is_first(self) -> bool {
        let Some(place) = self.place.try_get_untracked() else { return false };
        self.reached.try_update_value(|reached| reached.replace(place) != Some(place)).unwrap_or(false)
    }
}

#[component]
fn DocumentPage(group: GroupContext, excerpt: DocumentExcerpt, cited_at: Option<Millis>, again: Again) -> impl IntoView {
    let document = excerpt.document.clone();
    let shown = RwSignal::new(document.clone());
    let working = document.working();
    Effect::new(move |_| {
        if working {
            again.look_soon(shown);
        }
    });
    let title = document.title.clone();
    let mine = document.person.as_ref().is_some_and(|person| person.id == group.me.person.id);
    let acts = (group.role.manages() || mine).then(|| view! { <DocumentActs group=group.clone() document=document.clone()/> });
    // What was cited is what stood there then.
    let moved = !excerpt.passage.is_empty() && cited_at.zip(excerpt.served_at).is_some_and(|(cited, served)| cited < served);
    let here = group.path(&format!("/knowledge/{}", document.id));
    view! {
        <Title text=title.clone()/>
        <PageBar title/>
        <div class="page narrow">
            <a class="back" href=group.path("/knowledge")><Icon name=IconName::ArrowLeft/>"Knowledge"</a>
            {move || view! { <Facts document=shown.get()/> }}
            {acts}
            {move || view! { <Troubles document=shown.get()/> }}
            {moved.then(|| view! {
                <div class="callout notice-tone"><div class="callout-words">
                    <p>"This document was replaced after it was cited. The passage may stand elsewhere now."</p>
                </div></div>
            })}
            <DocumentText excerpt here first=move || again.is_first()/>
        </div>
    }
}

#[component]
fn Facts(document: Document) -> impl IntoView {
    let size = format!("{} · {}", document.kind.word(), size::words(document.size));
    let passages = match document.chunks {
        0 => None,
        1 => Some("1 passage".to_owned()),
        many => Some(format!("{many} passages")),
    };
    let (person, created_at, file_name) = (document.person.clone(), document.created_at, document.file_name.clone());
    let source = document.source_url.clone().map(|url| {
        view! { <a href=url.clone() target="_blank" rel="noopener noreferrer nofollow" dir="ltr">{url.clone()}</a> }
    });
    view! {
        <p class="document-facts">
            <DocumentState document/>
            <span>{size}</span>
            {passages.map(|passages| view! { <span>{passages}</span> })}
            {file_name.map(|name| view! { <span dir="auto">{name}</span> })}
            {source}
            {person.map(|person| view! { <span dir="auto">{format!("Added by {}", person.name)}</span> })}
            <Time at=created_at/>
        </p>
    }
}

/// Why it could not be read, or not be replaced.
#[component]
fn Troubles(document: Document) -> impl IntoView {
    let replaced = document.replacement.and_then(|new| new.error).map(|why| format!("The new content was not taken. {why}"));
    document.error.or(replaced).map(|why| {
        view! { <div class="form-error" role="alert"><p class="form-error-text"><Icon name=IconName::Alert/><span>{why}</span></p></div> }
    })
}
