//! The form in which an agent is made and changed.

mod fields;
mod tools;

use super::{
    field::{FieldNotes, FormError, FormErrorSignal, Submit, TextField, described_by, error_of},
    model_picker::ModelPicker,
};
use crate::{
    error::AppError,
    model::{
        agent::AgentDraft,
        money::{grouped, tokens},
        provider::ProviderInfo,
        tool::ToolInfo,
    },
};
pub use fields::AgentFields;
use leptos::prelude::*;
use tools::ToolsField;

/// `on_save` gets a draft that passed every check which needs no server. `error` is what the server said of the last one.
#[component]
pub fn AgentForm(
    fields: AgentFields,
    providers: Vec<ProviderInfo>,
    /// What agents of the group can be given.
    tools: Vec<ToolInfo>,
    #[prop(into)] error: Signal<Option<AppError>>,
    #[prop(into)] pending: Signal<bool>,
    /// The verb on the button; none where the viewer may only read.
    verb: Option<&'static str>,
    on_save: Callback<AgentDraft>,
) -> impl IntoView {
    let mistake = RwSignal::new(None::<AppError>);
    let error: FormErrorSignal = Signal::derive(move || mistake.get().or_else(|| error.get()));
    let read_only = verb.is_none();
    let submit = move |submit: leptos::ev::SubmitEvent| {
        submit.prevent_default();
        let checked = fields.draft();
        mistake.set(checked.clone().err());
        if let (Ok(draft), false) = (checked, pending.get_untracked()) {
            on_save.run(draft);
        }
    };
    view! {
        <form class="form agent-form" method="post" novalidate on:submit=submit>
            <FormError error fields=FIELDS/>
            <TextField name="name" label="Name" value=fields.name max=60 error disabled=read_only/>
            <ModelPicker value=fields.model providers error disabled=read_only/>
            <Instructions value=fields.instructions error read_only/>
            <ToolsField fields tools error read_only/>
            <LimitFields fields error read_only/>
            {verb.map(|verb| view! {
                <div class="form-foot needs-script"><Submit label=verb pending/></div>
                <p class="field-hint without-script">"Saving needs JavaScript."</p>
            })}
        </form>
    }
}

/// Fields that say their own errors.
const FIELDS: &[&str] = &["name", "provider", "model", "instructions", "tools", "ask_first", "steps", "output_tokens", "seconds"];

#[component]
fn Instructions(value: RwSignal<String>, error: FormErrorSignal, read_only: bool) -> impl IntoView {
    let length = move || value.with(|text| text.chars().count());
    let count = move || format!("{} of {} characters", grouped(length() as u64), grouped(AgentDraft::INSTRUCTIONS_MAX as u64));
    let too_long = move || length() > AgentDraft::INSTRUCTIONS_MAX;
    let error = error_of(error, "instructions");
    view! {
        <div class="field">
            <label class="field-label" for="instructions">"Instructions"</label>
            <textarea class="input" id="instructions" name="instructions" rows="10" dir="auto" readonly=read_only
                aria-invalid=move || error.get().map(|_| "true") aria-describedby=described_by("instructions")
                inner_html=textarea_html(&value.get_untracked())
                prop:value=move || value.get() on:input=move |typed| value.set(event_target_value(&typed))></textarea>
            <p class="field-count" class:bad=too_long>{count}</p>
            <FieldNotes name="instructions" error
                hint=Some("Who the agent is, what it helps with, how it answers, what it never does. The model reads this before every message.")/>
        </div>
    }
}

/// Text as a textarea's content. A text node would not do: an empty one is rendered as a space. The parser drops one line
/// break at the start, so one stands there for it to drop.
fn textarea_html(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;"))
}

#[component]
fn LimitFields(fields: AgentFields, error: FormErrorSignal, read_only: bool) -> impl IntoView {
    view! {
        <fieldset class="limits">
            <legend class="field-label">"Limits of one answer"</legend>
            <TextField name="steps" label="Steps" inputmode="numeric" value=fields.steps error disabled=read_only
                hint="Calls of the model. 1 to 50."/>
            <TextField name="output_tokens" label="Output tokens" inputmode="numeric" value=fields.output_tokens error
                disabled=read_only hint="A word is about one and a half. 16 to 128,000."/>
            <TextField name="seconds" label="Seconds" inputmode="numeric" value=fields.seconds error disabled=read_only
                hint="Time from start to end. 5 to 3,600."/>
        </fieldset>
    }
}

/// What a model can read at once: `8k context`.
pub fn context_words(context_tokens: Option<u32>) -> String {
    context_tokens.map_or_else(|| "context size unknown".to_owned(), |count| format!("{} context", tokens(count)))
}
