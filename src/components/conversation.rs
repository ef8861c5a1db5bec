//! The log of a conversation: it stays at its end while the reader is there, lets go when they scroll up, loads older
//! messages without a jump, and never reads out a text that is still being written.

use super::icon::{Icon, IconName};
use crate::browser::{clipboard, scroll::Scroller};
use leptos::reactive::send_wrapper_ext::SendOption;
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
    // On the server it stays empty, and may be dropped by another thread than the one that rendered the page.
    let scroller = StoredValue::new(SendOption::<Scroller>::new_local(None));
    let at_end = RwSignal::new(true);
    let to_end = move || {
        at_end.set(true);
        scroller.with_value(|scroller| scroller.as_ref().map(Scroller::to_end));
    };
    Effect::new(move |_| {
        if let (Some(log), Some(content)) = (log.get(), content.get()) {
            let made = Scroller::new(log.into(), content.unchecked_ref::<Element>());
            scroller.update_value(|scroller| scroller.update(|scroller| *scroller = Some(made)));
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
        scroller.with_value(|scroller| scroller.as_ref().map(Scroller::pin));
        on_earlier.run(());
    };
    let scrolled = move |_| {
        let Some((end, near)) = scroller.with_value(|scroller| scroller.as_ref().map(|s| (s.scrolled(), s.near_start()))) else {
            return;
        };
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
