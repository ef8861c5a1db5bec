//! Replacing and deleting a document. Both are plain forms, too.

use crate::{
    api::knowledge::DeleteDocument,
    browser::upload,
    components::{dialog::Dialog, notice::use_notices},
    model::document::Document,
    pages::group::GroupContext,
};
use leptos::{ev, form::ActionForm, prelude::*, web_sys::HtmlInputElement};
use leptos_router::hooks::use_navigate;

#[component]
pub fn DocumentActs(group: GroupContext, document: Document) -> impl IntoView {
    view! {
        <div class="document-acts">
            <Replace files=group.path("/knowledge/files") here=group.path(&format!("/knowledge/{}", document.id)) document=document.clone()/>
            <Delete group document/>
        </div>
    }
}

#[component]
fn Replace(files: String, here: String, document: Document) -> impl IntoView {
    let (notices, navigate, pending) = (use_notices(), use_navigate(), RwSignal::new(false));
    let id = document.id.to_string();
    let chosen = {
        let (files, id) = (files.clone(), id.clone());
        move |event: ev::Event| {
            let Some(file) = upload::chosen(&event_target::<HtmlInputElement>(&event)).into_iter().next() else { return };
            if file.size() > Document::SIZE_MAX as f64 {
                return notices.fail(crate::model::document::too_large());
            }
            pending.set(true);
            let (navigate, here) = (navigate.clone(), here.clone());
            upload::send(
                &files,
                &file,
                &[("document", id.clone())],
                |_| {},
                move |answer| {
                    pending.try_set(false);
                    match answer {
                        Ok(_) => {
                            notices.say("The new content is being read. Until then the old one serves.");
                            navigate(here.trim_end_matches(|c| c != '/').trim_end_matches('/'), Default::default());
                        }
                        Err(error) => notices.fail(error),
                    }
                },
            );
        }
    };
    view! {
        <form class="replace" method="post" enctype="multipart/form-data" action=files class:busy=move || pending.get()>
            <input type="hidden" name="document" value=id/>
            <label class="btn" for="replacement">"Replace"</label>
            <input class="replace-file" id="replacement" name="file" type="file" accept=Document::ACCEPT on:change=chosen/>
            <button class="btn without-script" type="submit">"Replace with this file"</button>
        </form>
    }
}

#[component]
fn Delete(group: GroupContext, document: Document) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button class="btn danger needs-script" type="button" on:click=move |_| open.set(true)>"Delete"</button>
        <details class="without-script">
            <summary class="btn danger">"Delete"</summary>
            <DeleteForm group=group.clone() document=document.clone()/>
        </details>
        <Dialog open id="delete-document" title="Delete this document?">
            <DeleteForm group document/>
        </Dialog>
    }
}

#[component]
fn DeleteForm(group: GroupContext, document: Document) -> impl IntoView {
    let action = ServerAction::<DeleteDocument>::new();
    let notices = use_notices();
    Effect::new(move |_| {
        if let Some(Err(error)) = action.value().get() {
            notices.fail(error);
        }
    });
    view! {
        <ActionForm action attr:class="form">
            <input type="hidden" name="slug" value=group.slug.to_string()/>
            <input type="hidden" name="id" value=document.id.to_string()/>
            <p class="dialog-text">
                "Its text and its passages are deleted for good, and agents find it no more. Answers that cite it stay."
            </p>
            <div class="dialog-actions"><button class="btn danger" type="submit">"Delete document"</button></div>
        </ActionForm>
    }
}
