//! The palette: finds threads, agents, documents, pages and actions by a few letters.

mod item;

use super::use_group;
use crate::{
    api::{agents::agents, knowledge::documents, threads::threads},
    browser,
    components::{
        dialog::ModalFrame,
        icon::{Icon, IconName},
    },
    model::{
        agent::AgentStatus,
        document::{Document, DocumentFilter},
        group::Slug,
        thread::{Thread, ThreadFilter},
    },
};
use item::{Item, Target, items};
use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::hooks::use_navigate;

#[component]
pub fn Palette(open: RwSignal<bool>, help: RwSignal<bool>) -> impl IntoView {
    // What is chosen is an item and not a row: rows that arrive late move no other item under the choice.
    let (query, chosen) = (RwSignal::new(String::new()), RwSignal::new(None::<Target>));
    let found = found_items(open, query);
    let at = Memo::new(move |_| chosen.with(|chosen| found.with(|items| place_of(items, chosen.as_ref()))));
    let choose = chooser(open, help);
    Effect::new(move |_| {
        if open.get() {
            query.set(String::new());
            chosen.set(None);
        }
    });
    let press = move |press: KeyboardEvent| {
        let to = |at: usize| chosen.set(found.with(|items| items.get(at).map(|item| item.target.clone())));
        match press.key().as_str() {
            "ArrowDown" => to((at.get_untracked() + 1).min(found.with(|items| items.len().saturating_sub(1)))),
            "ArrowUp" => to(at.get_untracked().saturating_sub(1)),
            "Enter" if !press.is_composing() => {
                if let Some(item) = found.with(|items| items.get(at.get_untracked()).cloned()) {
                    choose.run(item.target);
                }
            }
            _ => return,
        }
        press.prevent_default();
        if let Some(row) = browser::document::element(&option_id(at.get_untracked())) {
            row.scroll_into_view_with_bool(false);
        }
    };
    view! {
        <ModalFrame open id="palette".to_owned() class="palette" labelled_by="palette-title".to_owned()>
            <h2 class="visually-hidden" id="palette-title">"Search"</h2>
            <div class="palette-head">
                <Icon name=IconName::Search size=20/>
                <input class="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                    aria-autocomplete="list" aria-label="Search threads, agents, documents, pages and actions" autocomplete="off" autofocus
                    placeholder="Find a thread, an agent, a document…" aria-activedescendant=move || option_id(at.get())
                    prop:value=move || query.get() on:keydown=press
                    on:input=move |typed| { query.set(event_target_value(&typed)); chosen.set(None); }/>
            </div>
            <ul class="palette-list" id="palette-list" role="listbox" aria-label="Found">
                {move || open.get().then(|| found.get().into_iter().enumerate().map(|(row, item)| {
                    view! { <PaletteRow row item at chosen choose/> }
                }).collect_view())}
            </ul>
            {move || (open.get() && found.with(Vec::is_empty)).then(|| view! {
                <p class="palette-empty" role="status">"Nothing has these words."</p>
            })}
        </ModalFrame>
    }
}

#[component]
fn PaletteRow(
    row: usize,
    item: Item,
    at: Memo<usize>,
    chosen: RwSignal<Option<Target>>,
    choose: Callback<Target>,
) -> impl IntoView {
    let Item { icon, label, detail, target } = item;
    let pointed = target.clone();
    view! {
        <li class="palette-row" id=option_id(row) role="option" aria-selected=move || (at.get() == row).to_string()
            on:pointermove=move |_| if at.get_untracked() != row { chosen.set(Some(pointed.clone())) } on:click=move |_| choose.run(target.clone())>
            <Icon name=icon/><span class="row-text" dir="auto">{label}</span><span class="palette-detail">{detail}</span>
        </li>
    }
}

/// The row of the chosen item; the first one where none is chosen, or it is not found any more.
fn place_of(items: &[Item], chosen: Option<&Target>) -> usize {
    chosen.and_then(|chosen| items.iter().position(|item| item.target == *chosen)).unwrap_or(0)
}

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

fn chooser(open: RwSignal<bool>, help: RwSignal<bool>) -> Callback<Target> {
    let navigate = use_navigate();
    Callback::new(move |target: Target| {
        open.set(false);
        match target {
            Target::Page(path) => navigate(&path, Default::default()),
            Target::Help => help.set(true),
        }
    })
}

/// Everything that matches now. Without letters: the newest threads and where one can go.
fn found_items(open: RwSignal<bool>, query: RwSignal<String>) -> Memo<Vec<Item>> {
    let group = use_group();
    let slug = StoredValue::new(group.slug.clone());
    let agents = LocalResource::new(move || {
        let wanted = open.get().then(|| slug.get_value());
        async move {
            match wanted {
                Some(slug) => agents(slug, AgentStatus::Active).await.unwrap_or_default(),
                None => Vec::new(),
            }
        }
    });
    let matches = LocalResource::new(move || find_threads(slug.get_value(), query.get()));
    let known = LocalResource::new(move || find_documents(slug.get_value(), query.get()));
    Memo::new(move |_| {
        let recent = group.threads.with(|list| list.items.iter().take(6).cloned().collect::<Vec<_>>());
        let words = query.get();
        let threads = if words.trim().is_empty() { recent } else { matches.get().unwrap_or_default() };
        items(&group, &words, &agents.get().unwrap_or_default(), &threads, &known.get().unwrap_or_default())
    })
}

async fn find_threads(slug: Slug, words: String) -> Vec<Thread> {
    if words.trim().is_empty() {
        return Vec::new();
    }
    let filter = ThreadFilter { q: Some(words), ..ThreadFilter::default() };
    threads(slug, filter, None).await.map(|page| page.items).unwrap_or_default()
}

async fn find_documents(slug: Slug, words: String) -> Vec<Document> {
    if words.trim().is_empty() {
        return Vec::new();
    }
    documents(slug, DocumentFilter { q: Some(words) }, None).await.map(|page| page.items).unwrap_or_default()
}
