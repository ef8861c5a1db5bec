//! Modal dialogs on the browser's own `<dialog>`: it traps the focus, closes on Escape, and gives the focus back.

use super::icon::{Icon, IconName};
use crate::browser;
use leptos::{ev, html, prelude::*};

/// A titled dialog. `open` shows and closes it, and is false again however it was closed.
#[component]
pub fn Dialog(open: RwSignal<bool>, #[prop(into)] id: String, #[prop(into)] title: String, children: Children) -> impl IntoView {
    let title_id = format!("{id}-title");
    view! {
        <ModalFrame open id class="dialog" labelled_by=title_id.clone()>
            <header class="dialog-head">
                <h2 class="dialog-title" id=title_id>{title}</h2>
                <button class="icon-button" type="button" aria-label="Close" on:click=move |_| open.set(false)>
                    <Icon name=IconName::Close/>
                </button>
            </header>
            {children()}
        </ModalFrame>
    }
}

/// The dialog element itself, for those that draw all of what is in it.
#[component]
pub fn ModalFrame(
    open: RwSignal<bool>,
    id: String,
    class: &'static str,
    labelled_by: String,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        if let Some(dialog) = node.get() {
            browser::dialog::set_open(&dialog, open);
        }
    });
    // The browser says that it closed a moment after it did; by then it may be open again.
    let closed = move |_| open.set(node.get_untracked().is_some_and(|dialog| dialog.open()));
    let click = move |click: ev::MouseEvent| {
        if browser::dialog::hits_backdrop(&click) {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=node class=class id=id aria-labelledby=labelled_by on:close=closed on:click=click>
            {children()}
        </dialog>
    }
}

/// Asks before something that cannot simply be taken back.
#[component]
pub fn ConfirmDialog(
    open: RwSignal<bool>,
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// What will happen, and what stays.
    #[prop(into)]
    text: String,
    /// The verb on the button.
    #[prop(into)]
    confirm: String,
    on_confirm: Callback<()>,
) -> impl IntoView {
    let yes = move |_| {
        open.set(false);
        on_confirm.run(());
    };
    view! {
        <Dialog open id title>
            <p class="dialog-text">{text}</p>
            <div class="dialog-actions">
                <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                <button class="btn danger" type="button" on:click=yes>{confirm}</button>
            </div>
        </Dialog>
    }
}
