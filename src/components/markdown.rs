//! Markdown that may still grow. Finished blocks are left alone; only what changed is put into the page again.

use std::sync::Arc;

use crate::model::markdown::{Definition, Document};
use leptos::prelude::*;

type Block = ArcRwSignal<Arc<str>>;

#[component]
pub fn Markdown(
    #[prop(into)] text: Signal<String>,
    /// What `[1]` and the like lead to.
    #[prop(optional)]
    citations: Option<Signal<Vec<Definition>>>,
) -> impl IntoView {
    let mut document = Document::default();
    if let Some(citations) = citations {
        document.cite(&citations.read_untracked());
    }
    document.update(&text.read_untracked());
    let blocks = RwSignal::new(document.blocks().iter().cloned().map(Block::new).collect::<Vec<_>>());
    let document = StoredValue::new(document);
    Effect::new(move |_| {
        let text = text.read();
        document.update_value(|document| {
            if let Some(citations) = citations {
                document.cite(&citations.read());
            }
            let first = document.update(&text);
            show(blocks, document.blocks(), first);
        });
    });
    let numbers = move || 0..blocks.with(Vec::len);
    let block = move |number: usize| {
        let html = blocks.with_untracked(|blocks| blocks[number].clone());
        view! { <div class="block" inner_html=move || html.get()></div> }
    };
    view! {
        <div class="md" dir="auto">
            <For each=numbers key=|number| *number children=block/>
        </div>
    }
}

/// Blocks before `first` are as they were.
fn show(shown: RwSignal<Vec<Block>>, blocks: &[Arc<str>], first: usize) {
    let common = shown.with_untracked(Vec::len).min(blocks.len());
    shown.with_untracked(|shown| {
        for (block, html) in shown[..common].iter().zip(blocks).skip(first) {
            if block.with_untracked(|shown| shown != html) {
                block.set(html.clone());
            }
        }
    });
    if shown.with_untracked(Vec::len) != blocks.len() {
        shown.update(|shown| {
            shown.truncate(blocks.len());
            shown.extend(blocks[common..].iter().cloned().map(Block::new));
        });
    }
}
