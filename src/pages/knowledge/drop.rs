//! Where files are dropped or chosen. Without a script it is a form that sends all of them at once.

use super::desk::{KnowledgeDesk, Upload};
use crate::{
    browser::upload,
    components::icon::{Icon, IconName},
    model::document::Document,
};
use leptos::{ev, prelude::*, web_sys::HtmlInputElement};

#[component]
pub fn DropZone(desk: KnowledgeDesk) -> impl IntoView {
    let over = RwSignal::new(false);
    let action = format!("{}/files", desk.base.get_value());
    let drag = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let dropped = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        desk.send(upload::dropped(&event));
    };
    let chosen = move |event: ev::Event| desk.send(upload::chosen(&event_target::<HtmlInputElement>(&event)));
    view! {
        <form class="drop" class:over=move || over.get() method="post" enctype="multipart/form-data" action=action
            on:dragover=drag on:dragleave=move |_| over.set(false) on:drop=dropped>
            <Icon name=IconName::Upload size=20/>
            <label class="drop-label" for="files">"Add files"</label>
            <input id="files" name="file" type="file" multiple accept=Document::ACCEPT on:change=chosen/>
            <p class="field-hint needs-script">"Or drop them here. PDF, Word, Markdown, text, web page, CSV or JSON, up to 25 MB each."</p>
            <p class="field-hint without-script">"PDF, Word, Markdown, text, web page, CSV or JSON, up to 25 MB each."</p>
            <button class="btn without-script" type="submit">"Add"</button>
        </form>
        <ul class="uploads" aria-label="Files on their way" class:gone=move || desk.uploads.with(Vec::is_empty)>
            <For each=move || desk.uploads.get() key=|upload| upload.id let:upload><UploadRow upload desk/></For>
        </ul>
    }
}

#[component]
fn UploadRow(upload: Upload, desk: KnowledgeDesk) -> impl IntoView {
    let Upload { id, name, progress, failed } = upload;
    let label = format!("{name} is sent");
    let state = move || {
        match failed.get() {
        Some(error) => view! {
            <p class="field-error" role="alert">{error.to_string()}</p>
            <button class="text-button" type="button" on:click=move |_| desk.forget(id)>"Dismiss"</button>
        }
        .into_any(),
        None => view! { <progress class="progress" max="1" value=move || progress.get().to_string() aria-label=label.clone()></progress> }
            .into_any(),
    }
    };
    view! { <li class="upload"><span class="upload-name" dir="auto">{name}</span>{state}</li> }
}
