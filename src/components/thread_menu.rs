//! What can be done with a thread as a whole.

use super::{
    dialog::{ConfirmDialog, Dialog},
    icon::{Icon, IconName},
};
use crate::{
    browser::dialog::close_menus,
    model::thread::{ThreadStatus, thread_title},
};
use leptos::{ev, html, prelude::*};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadAct {
    Rename(String),
    Archive,
    Restore,
    Delete,
}

#[component]
pub fn ThreadMenu(title: RwSignal<String>, status: RwSignal<ThreadStatus>, on_act: Callback<ThreadAct>) -> impl IntoView {
    let (renaming, deleting) = (RwSignal::new(false), RwSignal::new(false));
    let archived = move || status.get() == ThreadStatus::Archived;
    let item = move |act: Callback<()>| {
        move |_: ev::MouseEvent| {
            close_menus();
            act.run(());
        }
    };
    let toggle = Callback::new(move |()| {
        let archived = status.get_untracked() == ThreadStatus::Archived;
        on_act.run(if archived { ThreadAct::Restore } else { ThreadAct::Archive });
    });
    let rename = Callback::new(move |()| renaming.set(true));
    let delete = Callback::new(move |()| deleting.set(true));
    view! {
        <details class="menu thread-menu needs-script">
            <summary class="icon-button" aria-label="Thread menu"><Icon name=IconName::More size=20/></summary>
            <div class="menu-list">
                <button class="menu-item" class:gone=archived type="button" on:click=item(rename)><Icon name=IconName::Edit/>"Rename"</button>
                <button class="menu-item" type="button" on:click=item(toggle)>
                    {move || {
                        let (name, label) = if archived() { (IconName::Restore, "Restore") } else { (IconName::Archive, "Archive") };
                        view! { <Icon name/>{label} }
                    }}
                </button>
                <button class="menu-item bad" type="button" on:click=item(delete)><Icon name=IconName::Trash/>"Delete"</button>
            </div>
        </details>
        <RenameDialog open=renaming title on_act/>
        <ConfirmDialog
            open=deleting
            id="delete-thread"
            title="Delete this thread?"
            text="Its messages are gone for good. What it used stays in the group's usage."
            confirm="Delete thread"
            on_confirm=Callback::new(move |()| on_act.run(ThreadAct::Delete))
        />
    }
}

#[component]
fn RenameDialog(open: RwSignal<bool>, title: RwSignal<String>, on_act: Callback<ThreadAct>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let error = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let (true, Some(input)) = (open.get(), input.get()) {
            error.set(None);
            input.set_value(&title.get_untracked());
            input.select();
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        match thread_title(&typed) {
            Ok(title) => {
                open.set(false);
                on_act.run(ThreadAct::Rename(title));
            }
            Err(refused) => error.set(Some(refused.to_string())),
        }
    };
    view! {
        <Dialog open id="rename-thread" title="Rename thread">
            <form class="form" on:submit=submit>
                <div class="field">
                    <label class="field-label" for="thread-title">"Title"</label>
                    <input class="input" id="thread-title" name="title" maxlength="120" autocomplete="off"
                        aria-describedby="thread-title-error" node_ref=input/>
                    <p class="field-error" id="thread-title-error" role="alert">{move || error.get()}</p>
                </div>
                <div class="dialog-actions">
                    <button class="btn" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                    <button class="btn main" type="submit">"Rename"</button>
                </div>
            </form>
        </Dialog>
    }
}
