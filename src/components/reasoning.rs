//! What a model thought before it answered: open while it thinks, folded a second later, unless the reader chose.

use std::time::Duration;

use super::icon::{Icon, IconName};
use crate::browser::time::now;
use leptos::prelude::*;

/// `thinking` is whether more is to come.
#[component]
pub fn Reasoning(#[prop(into)] text: Signal<String>, #[prop(into)] thinking: Signal<bool>) -> impl IntoView {
    let open = RwSignal::new(thinking.get_untracked());
    let by_hand = StoredValue::new(false);
    let took = RwSignal::new(None::<i64>);
    // A page that comes into the middle of a thought does not know when it began.
    let from_start = text.read_untracked().len() < 40;
    Effect::new(move |since: Option<Option<i64>>| {
        let since = since.flatten();
        if thinking.get() {
            return since.or_else(|| Some(now().at));
        }
        if let Some(since) = since {
            took.set(Some(now().at - since).filter(|_| from_start));
            fold_later(open, by_hand);
        }
        None
    });
    let label = move || match (thinking.get(), took.get()) {
        (true, _) => "Thinking…".to_owned(),
        (false, Some(ms)) => format!("Thought for {} s", (ms + 500).max(1_000) / 1_000),
        // Read again later: nobody noted how long it took.
        (false, None) => "Thought for a while".to_owned(),
    };
    view! {
        <details class="step" open=move || open.get()>
            <summary class="step-head" on:click=move |_| by_hand.set_value(true)>
                <Icon name=IconName::ChevronRight/>
                <span class="step-title" class:pulse=move || thinking.get()>{label}</span>
            </summary>
            <p class="step-thought" dir="auto">{move || text.get()}</p>
        </details>
    }
}

fn fold_later(open: RwSignal<bool>, by_hand: StoredValue<bool>) {
    let fold = move || {
        if by_hand.try_get_value() == Some(false) {
            open.try_set(false);
        }
    };
    set_timeout(fold, Duration::from_secs(1));
}
