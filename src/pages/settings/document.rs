//! An API's document: the field that takes one, and the dialog in which a newer one takes its place.

use super::sources::SourceEvents;
use crate::{
    api::tool_sources::replace_tool_document,
    browser,
    components::{
        dialog::Dialog,
        field::{FieldNotes, FormError, FormErrorSignal, Submit, described_by, error_of},
        notice::use_notices,
    },
    error::{AppError, Result},
    model::{
        group::Slug,
        tool_source::{SourceDraft, ToolSource, check_document},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};

/// Open while `of` holds a source.
#[component]
pub fn DocumentDialog(slug: Slug, of: RwSignal<Option<ToolSource>>, events: SourceEvents) -> impl IntoView {
    let notices = use_notices();
    let (open, document) = (RwSignal::new(false), RwSignal::new(String::new()));
    let mistake = RwSignal::new(None::<AppError>);
    let replace = Action::new(move |(source, document): &(ToolSource, String)| {
        replace_tool_document(slug.clone(), source.id, document.clone())
    });
    Effect::new(move |_| {
        if of.get().is_some() {
            document.set(String::new());
            mistake.set(None);
            replace.clear();
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(source)) = replace.value().get() {
            open.set(false);
            document.set(String::new());
            notices.say(format!("Replaced the document of {}. Look at its tools, and save them", source.name));
            events.changed.run(source);
        }
    });
    let error: FormErrorSignal =
        Signal::derive(move || mistake.get().or_else(|| replace.value().get().and_then(Result::err)).map(of_this_form));
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        let document = document.get_untracked();
        let checked = check_document(&document);
        let fits = checked.is_ok();
        mistake.set(checked.err());
        if let (Some(source), true, false) = (of.get_untracked(), fits, replace.pending().get_untracked()) {
            replace.dispatch((source, document));
        }
    };
    view! {
        <Dialog open id="tool-document" title="Replace the document">
            <p class="dialog-text">"Tools that are picked stay picked where the newer document has them. The address and the secret stay as they are."</p>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["new_document"]/>
                <DocumentField name="new_document" label="Newer document" value=document error/>
                <div class="dialog-actions"><Submit label="Replace document" pending=replace.pending()/></div>
            </form>
        </Dialog>
    }
}

/// The page has another form with a document; fields are named once in a page.
fn of_this_form(error: AppError) -> AppError {
    match error.field() {
        Some("document") => AppError::invalid("new_document", error.to_string()),
        _ => error,
    }
}

#[component]
pub fn DocumentField(name: &'static str, label: &'static str, value: RwSignal<String>, error: FormErrorSignal) -> impl IntoView {
    let notices = use_notices();
    let error = error_of(error, name);
    let choose = move |chosen| {
        let input = event_target::<leptos::web_sys::HtmlInputElement>(&chosen);
        browser::file::read_text(&input, SourceDraft::DOCUMENT_MAX, move |text| match text {
            Some(text) => {
                value.try_set(text);
            }
            None => notices.fail("The file is larger than 5 MB, or cannot be read."),
        });
    };
    let file = format!("{name}-file");
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <textarea class="input code-input" id=name name=name rows="8" spellcheck="false"
                aria-invalid=move || error.get().map(|_| "true") aria-describedby=described_by(name)
                prop:value=move || value.get() on:input=move |typed| value.set(event_target_value(&typed))></textarea>
            <FieldNotes name hint=Some("OpenAPI 3.0 or 3.1, in JSON or YAML.") error/>
            <label class="field-hint" for=file.clone()>"Or choose its file"</label>
            <input id=file type="file" accept=".json,.yaml,.yml,application/json" on:change=choose/>
        </div>
    }
}
