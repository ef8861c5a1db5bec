//! The log of a conversation: it stays at its end while the reader is there, lets go when they scroll up, loads older
//! messages without a jump, and never reads out a text that is still being written.

use super::icon::{Icon, IconName};
use crate::browser::{clipboard, scroll::Scroller};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys::Element};

#[component]
pub fn ConversationLog(
    /// Whether older messages exist.
    #[prop(into)]
    earlier: Signal<bool>,
    #[prop(into)] loading: Signal<bool>,
    /// Where a reader without a script finds them.
    earlier_href: String,
    on_earlier: Callback<()>,
    /// Whether an answer is being written.
    #[prop(into)]
    streaming: Signal<bool>,
    /// Changes when the reader sent something: they want to see it.
    #[prop(into)]
    sent: Signal<usize>,
    children: Children,
) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    let content = NodeRef::<html::Div>::new();
    let scroller = Scrolls(StoredValue::new(None));
    let at_end = RwSignal::new(true);
    let to_end = move || {
        at_end.set(true);
        scroller.with(Scroller::to_end);
    };
    Effect::new(move |_| {
        if let (Some(log), Some(content)) = (log.get(), content.get()) {
            scroller.set(Scroller::new(log.into(), content.unchecked_ref::<Element>()));
        }
    });
    Effect::new(move |before: Option<usize>| {
        let sent = sent.get();
        if before.is_some_and(|before| before < sent) {
            to_end();
        }
        sent
    });
    let load = move || {
        scroller.with(Scroller::pin);
        on_earlier.run(());
    };
    let scrolled = move |_| {
        let Some((end, near)) = scroller.with(|scroller| (scroller.scrolled(), scroller.near_start())) else { return };
        if at_end.get_untracked() != end {
            at_end.set(end);
        }
        if near && !end && earlier.get_untracked() && !loading.get_untracked() {
            load();
        }
    };
    let show_earlier = move |click: ev::MouseEvent| {
        click.prevent_default();
        load();
    };
    view! {
        <div class="log-frame">
            <div
                class="log"
                role="log"
                aria-label="Conversation"
                aria-live="off"
                aria-busy=move || streaming.get().to_string()
                tabindex="0"
                node_ref=log
                on:scroll=scrolled
                on:click=copy_code
            >
                <div class="log-content" node_ref=content>
                    <div class="log-start" class:gone=move || !earlier.get()>
                        <a class="btn" href=earlier_href aria-disabled=move || loading.get().to_string() on:click=show_earlier>
                            {move || if loading.get() { "Loading…" } else { "Show earlier messages" }}
                        </a>
                    </div>
                    {children()}
                </div>
            </div>
            <button class="jump btn" class:gone=move || at_end.get() type="button" on:click=move |_| to_end()>
                <Icon name=IconName::ArrowDown/>
                "Jump to latest"
            </button>
        </div>
    }
    .into_any()
}

/// The log's scroller, once there is one. It is made in an effect, and so in the browser only: the server drops a page
/// on whatever thread it likes, and a value that is bound to its thread would panic there.
#[derive(Clone, Copy)]
struct Scrolls(StoredValue<Option<StoredValue<Scroller, LocalStorage>>>);

impl Scrolls {
    /// Call it from an effect, which then owns the scroller.
    fn set(self, scroller: Scroller) {
        self.0.set_value(Some(StoredValue::new_local(scroller)));
    }

    fn with<T>(self, act: impl FnOnce(&Scroller) -> T) -> Option<T> {
        self.0.try_get_value()??.try_with_value(act)
    }
}

/// Copy buttons of code stand inside rendered Markdown, so the log listens for all of them.
fn copy_code(click: ev::MouseEvent) {
    if let Some((button, code)) = clipboard::code_of(&click) {
        clipboard::copy(code, move |done| {
            if done {
                clipboard::mark_copied(button.clone());
            }
        });
    }
}
