//! The dialog in which a source's secret is set. The one before is never shown: nobody's browser has it.

use super::sources::SourceEvents;
use crate::{
    api::tool_sources::set_tool_secret,
    components::{
        dialog::Dialog,
        field::{FormError, FormErrorSignal, Submit, TextField},
        notice::use_notices,
    },
    error::{AppError, Result},
    model::{
        group::Slug,
        tool_source::{SecretCarrier, SecretDraft, SecretPlace, SourceKind, ToolSource},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};

fn default_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Mcp | SourceKind::OpenApi => "Authorization",
        SourceKind::Command => "API_KEY",
    }
}

type Wanted = (ToolSource, Option<SecretDraft>);

/// Where a request to an HTTP API carries the secret.
#[component]
pub fn PlaceField(name: &'static str, place: RwSignal<SecretPlace>) -> impl IntoView {
    let choose = move |chosen| {
        if let Ok(chosen) = SecretPlace::parse(&event_target_value(&chosen)) {
            place.set(chosen);
        }
    };
    let option = move |of: SecretPlace, label: &'static str| {
        view! { <option value=of.as_str() selected=move || place.get() == of>{label}</option> }
    };
    view! {
        <div class="field">
            <label class="field-label" for=name>"Where the secret stands"</label>
            <select class="select" id=name name=name prop:value=move || place.get().as_str() on:change=choose>
                {option(SecretPlace::Header, "In a header")}
                {option(SecretPlace::Query, "In the query of the address")}
            </select>
        </div>
    }
}

/// Open while `of` holds a source.
#[component]
pub fn SecretDialog(slug: Slug, of: RwSignal<Option<ToolSource>>, events: SourceEvents) -> impl IntoView {
    let notices = use_notices();
    let (open, place) = (RwSignal::new(false), RwSignal::new(SecretPlace::default()));
    let (name, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let set = Action::new(move |(source, secret): &Wanted| set_tool_secret(slug.clone(), source.id, secret.clone()));
    Effect::new(move |_| {
        if let Some(source) = of.get() {
            place.set(source.secret.as_ref().map(|carrier| carrier.place).unwrap_or_default());
            name.set(source.secret.map_or_else(|| default_name(source.kind).to_owned(), |carrier| carrier.name));
            value.set(String::new());
            set.clear();
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(source)) = set.value().get() {
            open.set(false);
            value.set(String::new());
            notices.say(format!("Saved the secret of {}", source.name));
            events.changed.run(source);
        }
    });
    let error: FormErrorSignal = Signal::derive(move || set.value().get().and_then(Result::err).map(of_this_form));
    let send = move |secret: Option<SecretDraft>| {
        if let (Some(source), false) = (of.get_untracked(), set.pending().get_untracked()) {
            set.dispatch((source, secret));
        }
    };
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        let carrier = SecretCarrier { place: place.get_untracked(), name: name.get_untracked() };
        send(Some(SecretDraft { carrier, value: value.get_untracked() }));
    };
    let is_api = move || of.with(|of| of.as_ref().is_some_and(|source| source.kind == SourceKind::OpenApi));
    let has_one = move || of.with(|of| of.as_ref().is_some_and(|source| source.secret.is_some()));
    view! {
        <Dialog open id="tool-secret" title="Set the secret">
            <p class="dialog-text">"It is encrypted here and sent to the source alone, with every request. It cannot be read again."</p>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["new_header", "new_secret"]/>
                {move || is_api().then(|| view! { <PlaceField name="new_place" place/> })}
                <TextField name="new_header" label="Header, parameter or variable" value=name error hint="What carries it: a header or a parameter of each request, or a variable of the command."/>
                <TextField name="new_secret" label="Value" kind="password" autocomplete="new-password" value=value error
                    hint="The whole value, such as Bearer abc123."/>
                <div class="dialog-actions">
                    <button class="btn" class:gone=move || !has_one() type="button" on:click=move |_| send(None)>"Take it away"</button>
                    <Submit label="Save secret" pending=set.pending()/>
                </div>
            </form>
        </Dialog>
    }
}

/// The page has another form with a header and a secret; fields are named once in a page.
fn of_this_form(error: AppError) -> AppError {
    match error {
        AppError::Invalid { field: Some(field), message } if field == "header" || field == "secret" => {
            AppError::invalid(&format!("new_{field}"), message)
        }
        other => other,
    }
}
