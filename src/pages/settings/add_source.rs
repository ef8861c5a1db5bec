//! The form that adds an MCP server, an HTTP API, or a command that the operator allowed.

use super::{document::DocumentField, secret::PlaceField, sources::SourceEvents};
use crate::{
    api::tool_sources::add_tool_source,
    components::{
        field::{FieldNotes, FormError, FormErrorSignal, Submit, TextField, described_by, error_of},
        notice::use_notices,
    },
    error::{AppError, Result},
    model::{
        group::Slug,
        tool_source::{SecretCarrier, SecretDraft, SecretPlace, SourceDraft, SourceKind},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};

/// What is typed. Everything stays as it is when the kind changes, or the server refuses it.
#[derive(Clone, Copy, Default)]
struct Fields {
    name: RwSignal<String>,
    url: RwSignal<String>,
    document: RwSignal<String>,
    place: RwSignal<SecretPlace>,
    header: RwSignal<String>,
    secret: RwSignal<String>,
}

impl Fields {
    fn draft(self, kind: SourceKind) -> Result<SourceDraft> {
        let (header, secret) = (self.header.get_untracked(), self.secret.get_untracked());
        let without = header.trim().is_empty() && secret.trim().is_empty();
        let api = kind == SourceKind::OpenApi;
        let document = if api { self.document.get_untracked() } else { String::new() };
        let place = if api { self.place.get_untracked() } else { SecretPlace::Header };
        SourceDraft {
            kind,
            name: self.name.get_untracked(),
            url: self.url.get_untracked(),
            document,
            secret: (!without).then_some(SecretDraft { carrier: SecretCarrier { place, name: header }, value: secret }),
        }
        .check()
    }

    fn clear(self) {
        self.place.set(SecretPlace::default());
        for field in [self.name, self.url, self.document, self.header, self.secret] {
            field.set(String::new());
        }
    }
}

#[component]
pub fn AddSource(slug: Slug, commands: Vec<String>, events: SourceEvents) -> impl IntoView {
    let notices = use_notices();
    let (kind, fields) = (RwSignal::new(SourceKind::Mcp), Fields::default());
    let mistake = RwSignal::new(None::<AppError>);
    let add = Action::new(move |draft: &SourceDraft| add_tool_source(slug.clone(), draft.clone()));
    let error: FormErrorSignal = Signal::derive(move || mistake.get().or_else(|| add.value().get().and_then(Result::err)));
    Effect::new(move |_| {
        if let Some(Ok(source)) = add.value().get() {
            fields.clear();
            notices.say(format!("Added {}. Pick its tools above", source.name));
            events.changed.run(source);
        }
    });
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        let checked = fields.draft(kind.get_untracked());
        mistake.set(checked.clone().err());
        if let (Ok(draft), false) = (checked, add.pending().get_untracked()) {
            add.dispatch(draft);
        }
    };
    view! {
        <section class="section" aria-labelledby="add-tools">
            <h2 class="section-title" id="add-tools">"Add tools"</h2>
            <KindTabs kind with_commands=!commands.is_empty()/>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["name", "url", "document", "header", "secret"]/>
                <TextField name="name" label="Name" value=fields.name max=24 error
                    hint="Becomes part of its tools’ names, as in weather__forecast: a-z, 0-9 and hyphens."/>
                <Where kind fields commands error/>
                <Secret kind fields error/>
                <div class="form-foot needs-script">
                    {move || view! { <Submit label=verb(kind.get()) pending=add.pending()/> }}
                </div>
            </form>
        </section>
    }
}

fn verb(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Mcp => "Add MCP server",
        SourceKind::OpenApi => "Add HTTP API",
        SourceKind::Command => "Add command",
    }
}

#[component]
fn KindTabs(kind: RwSignal<SourceKind>, with_commands: bool) -> impl IntoView {
    let tab = move |of: SourceKind, label: &'static str| {
        view! {
            <button class="segment" type="button" aria-pressed=move || (kind.get() == of).to_string()
                aria-current=move || (kind.get() == of).then_some("true") on:click=move |_| kind.set(of)>{label}</button>
        }
    };
    view! {
        <div class="segments needs-script" role="group" aria-label="Kind">
            {tab(SourceKind::Mcp, "MCP server")}
            {tab(SourceKind::OpenApi, "HTTP API")}
            {with_commands.then(|| tab(SourceKind::Command, "Local command"))}
        </div>
    }
}

/// Where the source is: an address, a document, or the name of a command.
#[component]
fn Where(kind: RwSignal<SourceKind>, fields: Fields, commands: Vec<String>, error: FormErrorSignal) -> impl IntoView {
    move || match kind.get() {
        SourceKind::Mcp => view! {
            <TextField name="url" label="URL" kind="url" inputmode="url" value=fields.url error
                hint="Where the server speaks streamable HTTP, such as https://example.org/mcp."/>
        }
        .into_any(),
        SourceKind::OpenApi => view! {
            <DocumentField name="document" label="OpenAPI document" value=fields.document error/>
            <TextField name="url" label="Base URL (optional)" optional=true kind="url" inputmode="url" value=fields.url error
                hint="Where the API is, if the document’s own address does not hold."/>
        }
        .into_any(),
        SourceKind::Command => view! { <CommandField value=fields.url commands=commands.clone() error/> }.into_any(),
    }
}

#[component]
fn CommandField(value: RwSignal<String>, commands: Vec<String>, error: FormErrorSignal) -> impl IntoView {
    let error = error_of(error, "url");
    // What was typed for another kind is no command.
    if !commands.contains(&value.get_untracked()) {
        value.set(commands.first().cloned().unwrap_or_default());
    }
    let chosen = value.get_untracked();
    let options = commands.into_iter().map(|name| {
        let selected = name == chosen;
        view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for="url">"Command"</label>
            <select class="select" id="url" name="url" aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described_by("url") on:change=move |chosen| value.set(event_target_value(&chosen))>
                {options.collect_view()}
            </select>
            <FieldNotes name="url" hint=Some("Programs on the server’s machine that speak MCP. The operator says which there are.") error/>
        </div>
    }
}

/// What the source is told so that it lets the group in.
#[component]
fn Secret(kind: RwSignal<SourceKind>, fields: Fields, error: FormErrorSignal) -> impl IntoView {
    // The choice itself is not drawn anew when it changes: it would lose the focus.
    let choice = move || (kind.get() == SourceKind::OpenApi).then(|| view! { <PlaceField name="place" place=fields.place/> });
    let inputs = move || {
        let (label, hint, secret_hint) = secret_words(kind.get(), fields.place.get());
        view! {
            <TextField name="header" label optional=true value=fields.header max=100 error hint/>
            <TextField name="secret" label="Secret (optional)" optional=true kind="password" autocomplete="new-password"
                value=fields.secret error hint=secret_hint/>
        }
    };
    view! {
        {choice}
        {inputs}
    }
}

/// The label of what carries the secret, its hint, and that of the secret.
fn secret_words(kind: SourceKind, place: SecretPlace) -> (&'static str, &'static str, &'static str) {
    match (kind, place) {
        (SourceKind::Command, _) => (
            "Variable (optional)",
            "Such as GITHUB_TOKEN. The command finds the secret there.",
            "The variable’s value. It is encrypted, and never shown again.",
        ),
        (SourceKind::OpenApi, SecretPlace::Query) => (
            "Parameter (optional)",
            "Such as api_key. Sent in the address of every request.",
            "The parameter’s value. It is encrypted, and never shown again.",
        ),
        (SourceKind::Mcp, _) | (SourceKind::OpenApi, SecretPlace::Header) => (
            "Header (optional)",
            "Such as Authorization. Sent with every request.",
            "The header’s whole value, such as Bearer abc123. It is encrypted, and never shown again.",
        ),
    }
}
