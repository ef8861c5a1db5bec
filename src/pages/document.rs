//! `/g/{slug}/knowledge/{id}?start=&end=`: a document's text, at the passage that somebody cited. It is rendered whole by
//! the server: links to passages work without a script.

mod acts;
mod kept;
mod text;

use super::{
    group::use_group,
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
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use acts::DocumentActs;
use kept::Kept;
use leptos::{prelude::*, task::spawn_local, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use text::DocumentText;

/// How often a document that is being read is looked at.
const LOOK: Duration = Duration::from_millis(1_200);

page!(agents, show_document);

#[derive(Clone, Copy)]
struct Loaded {
    cited_at: Memo<Option<Millis>>,
    excerpt: Resource<Result<DocumentExcerpt>>,
    again: Again,
}

/// Keeps what is shown up to date.
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
    let kept = StoredValue::new(Kept::default());
    let shown = move || {
        let answer = this.excerpt.get()?;
        kept.try_update_value(|kept| kept.after(answer, this.again.place.get_untracked().0))
    };
    // Keyed by document: a newer answer about the same one changes its parts, and a dialog over them stays open.
    view! {
        <Transition fallback=|| view! { <PageBar title="Document"/><div class="page"><SkeletonRows count=8/></div> }>
            <For each=shown key=kept::subject children=move |first| document_view(first, this)/>
        </Transition>
    }
    .into_any()
}

fn document_view(first: Result<DocumentExcerpt>, this: Loaded) -> AnyView {
    match first {
        Ok(first) => view! { <DocumentPage first this/> }.into_any(),
        Err(error) => view! { <PageBar title="Document"/><div class="page"><PageFailure error/></div> }.into_any(),
    }
}

async fn excerpt(slug: Option<Slug>, id: Option<DocumentId>, wanted: Wanted) -> Result<DocumentExcerpt> {
    document_excerpt(slug.ok_or(AppError::NotFound)?, id.ok_or(AppError::NotFound)?, wanted).await
}

impl Again {
    /// Looks in a while, again and again, at how far the document is. Its text is asked for only when something else serves.
    fn look_soon(self, shown: RwSignal<Document>) {
        let look = async move {
            let (Some(Some(slug)), Some(before)) = (self.slug.try_get_untracked(), shown.try_get_untracked()) else { return };
            // Without an answer the same is looked at again.
            let now = match documents_now(slug, vec![before.id]).await {
                // It is gone, which the page says once it has asked.
                Ok(found) if found.is_empty() => return self.changed(),
                Ok(mut found) => found.remove(0),
                Err(_) => return self.look_soon(shown),
            };
            let ended = !now.working() && now.status != before.status;
            let (working, other) = (now.working(), ended || now.updated_at != before.updated_at || now.title != before.title);
            if now != before {
                shown.try_set(now);
            }
            if other {
                self.changed();
            }
            if working {
                self.look_soon(shown);
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
fn DocumentPage(first: DocumentExcerpt, this: Loaded) -> impl IntoView {
    let (group, again, document) = (use_group(), this.again, first.document.clone());
    let excerpt = newest(first, this);
    let shown = RwSignal::new(document.clone());
    Effect::new(move |_| shown.set(excerpt.with(|excerpt| excerpt.document.clone())));
    let working = Memo::new(move |_| excerpt.with(|excerpt| excerpt.document.working()));
    Effect::new(move |_| {
        if working.get() {
            again.look_soon(shown);
        }
    });
    let title = Memo::new(move |_| excerpt.with(|excerpt| excerpt.document.title.clone()));
    let mine = document.person.as_ref().is_some_and(|person| person.id == group.me.person.id);
    let here = group.path(&format!("/knowledge/{}", document.id));
    let back = group.path("/knowledge");
    let acts = (group.role.manages() || mine).then(|| view! { <DocumentActs group document/> });
    view! {
        <Title text=move || title.get()/>
        {move || view! { <PageBar title=title.get()/> }}
        <div class="page narrow">
            <a class="back" href=back><Icon name=IconName::ArrowLeft/>"Knowledge"</a>
            {move || view! { <Facts document=shown.get()/> }}
            {acts}
            {move || view! { <Troubles document=shown.get()/> }}
            {move || view! { <Moved excerpt=excerpt.get() cited_at=this.cited_at.get()/> }}
            {move || view! { <DocumentText excerpt=excerpt.get() here=here.clone() first=move || again.is_first()/> }}
        </div>
    }
}

/// The newest answer about the document that is shown. While another is asked for, it stays as it is.
fn newest(first: DocumentExcerpt, this: Loaded) -> Memo<DocumentExcerpt> {
    let id = first.document.id;
    Memo::new(move |last: Option<&DocumentExcerpt>| {
        let newest = this.excerpt.get().and_then(Result::ok).filter(|newest| newest.document.id == id);
        newest.or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
    })
}

/// What was cited is what stood there then.
#[component]
fn Moved(excerpt: DocumentExcerpt, cited_at: Option<Millis>) -> impl IntoView {
    let moved = !excerpt.passage.is_empty() && cited_at.zip(excerpt.served_at).is_some_and(|(cited, served)| cited < served);
    moved.then(|| {
        view! {
            <div class="callout notice-tone"><div class="callout-words">
                <p>"This document was replaced after it was cited. The passage may stand elsewhere now."</p>
            </div></div>
        }
    })
}

#[component]
fn Facts(document: Document) -> impl IntoView {
    let content = document.content();
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
            {content.map(|content| view! { <span>{content}</span> })}
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
