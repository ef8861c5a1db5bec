//! Adding what is typed: a text that is pasted, or an address to fetch. Both are plain forms, too.

use super::desk::KnowledgeDesk;
use crate::{
    api::knowledge::AddDocument,
    components::{
        field::{FieldNotes, FormError, FormErrorSignal, Submit, TextField, described_by, error_of},
        notice::use_notices,
    },
    model::document::DocumentStatus,
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn AddTyped(desk: KnowledgeDesk) -> impl IntoView {
    view! {
        <div class="add-typed">
            <details class="add"><summary class="btn">"Paste text"</summary><PasteForm desk/></details>
            <details class="add"><summary class="btn">"Add a web address"</summary><AddressForm desk/></details>
        </div>
    }
}

/// Shows what was added, and empties the form for the next.
fn follow(action: ServerAction<AddDocument>, desk: KnowledgeDesk, fields: [RwSignal<String>; 2]) -> FormErrorSignal {
    let notices = use_notices();
    Effect::new(move |_| {
        if let Some(Ok(document)) = action.value().get() {
            let words = if document.status == DocumentStatus::Ready { "is known already" } else { "was added" };
            notices.say(format!("“{}” {words}", document.title));
            fields.iter().for_each(|field| field.set(String::new()));
            desk.put(document);
        }
    });
    Signal::derive(move || action.value().get().and_then(Result::err))
}

#[component]
fn PasteForm(desk: KnowledgeDesk) -> impl IntoView {
    let action = ServerAction::<AddDocument>::new();
    let (title, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = follow(action, desk, [title, text]);
    let text_error = error_of(error, "text");
    view! {
        <ActionForm action attr:class="form">
            <input type="hidden" name="slug" value=desk.slug().to_string()/>
            <FormError error fields=&["title", "text"]/>
            <TextField name="title" label="Title" value=title max=200 error/>
            <div class="field">
                <label class="field-label" for="text">"Text"</label>
                <textarea class="input" id="text" name="text" rows="8" required dir="auto"
                    aria-invalid=move || text_error.get().map(|_| "true") aria-describedby=described_by("text")
                    prop:value=move || text.get() on:input=move |typed| text.set(event_target_value(&typed))></textarea>
                <FieldNotes name="text" hint=None error=text_error/>
            </div>
            <div class="form-foot"><Submit label="Add text" pending=action.pending()/></div>
        </ActionForm>
    }
}

#[component]
fn AddressForm(desk: KnowledgeDesk) -> impl IntoView {
    let action = ServerAction::<AddDocument>::new();
    let (url, unused) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = follow(action, desk, [url, unused]);
    view! {
        <ActionForm action attr:class="form">
            <input type="hidden" name="slug" value=desk.slug().to_string()/>
            <FormError error fields=&["url"]/>
            <TextField name="url" label="Address" kind="url" inputmode="url" value=url error
                hint="A page or a file that anybody can open. It is fetched once; replace it to fetch it anew."/>
            <div class="form-foot"><Submit label="Fetch" pending=action.pending()/></div>
        </ActionForm>
    }
}
