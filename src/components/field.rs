//! Form fields: a label, a hint, and the error that belongs to the field, tied together for screen readers.

use super::icon::{Icon, IconName};
use crate::error::AppError;
use leptos::{html, prelude::*};

/// The error of the last try, as fields read it.
pub type FormErrorSignal = Signal<Option<AppError>>;

/// What the error says about this field.
pub fn error_of(error: FormErrorSignal, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || error.get().filter(|error| error.field() == Some(field)).map(|error| error.to_string()))
}

/// A single line. Give `value` where the page needs to know what is typed; a plain form does without.
#[component]
pub fn TextField(
    name: &'static str,
    label: &'static str,
    error: FormErrorSignal,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] value: Option<RwSignal<String>>,
    #[prop(optional)] max: Option<u32>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] disabled: bool,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let error = error_of(error, name);
    let input = move |typed: String| {
        if let Some(value) = value {
            value.set(typed);
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <input class="input" id=name name=name type=kind autocomplete=autocomplete maxlength=max autofocus=autofocus required=!optional
                dir="auto" inputmode=inputmode disabled=disabled value=value.map(|value| value.get_untracked())
                prop:value=move || value.map(|value| value.get())
                aria-invalid=move || error.get().map(|_| "true") aria-describedby=described_by(name)
                on:input=move |typed| input(event_target_value(&typed))/>
            <FieldNotes name hint error/>
        </div>
    }
}

/// A password, with a button that shows it. What was typed goes when the server refused it.
#[component]
pub fn PasswordField(
    name: &'static str,
    label: &'static str,
    error: FormErrorSignal,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let (Some(_), Some(input)) = (error.get(), node.get()) {
            input.set_value("");
        }
    });
    let error = error_of(error, name);
    let eye = move || if shown.get() { IconName::EyeOff } else { IconName::Eye };
    view! {
        <div class="field">
            <label class="field-label" for=name>{label}</label>
            <div class="input-group">
                <input node_ref=node class="input" id=name name=name type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete required aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=described_by(name) spellcheck="false" autocapitalize="off"/>
                <button class="icon-button needs-script" type="button" aria-pressed=move || shown.get().to_string()
                    aria-label="Show what is typed" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    {move || view! { <Icon name=eye()/> }}
                </button>
            </div>
            <FieldNotes name hint error/>
        </div>
    }
}

/// The hint under a field and its error. Both are always there, so that `aria-describedby` always holds.
#[component]
pub fn FieldNotes(name: &'static str, hint: Option<&'static str>, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="field-hint" id=format!("{name}-hint")>{hint}</p>
        <p class="field-error" id=format!("{name}-error") role="alert">{move || error.get()}</p>
    }
}

pub fn described_by(name: &str) -> String {
    format!("{name}-hint {name}-error")
}

/// What is wrong with the form as a whole, or with a field that it does not show.
#[component]
pub fn FormError(error: FormErrorSignal, #[prop(optional)] fields: &'static [&'static str]) -> impl IntoView {
    let text = move || {
        let error = error.get()?;
        let shown_elsewhere = error.field().is_some_and(|field| fields.contains(&field));
        (!shown_elsewhere).then(|| error.to_string())
    };
    view! {
        <div class="form-error" role="alert">
            {move || text().map(|text| view! { <p class="form-error-text"><Icon name=IconName::Alert/><span>{text}</span></p> })}
        </div>
    }
}

/// The button that sends a form. It says so while it waits, and does not send twice.
#[component]
pub fn Submit(#[prop(into)] label: String, #[prop(into)] pending: Signal<bool>) -> impl IntoView {
    view! {
        <button class="btn main" type="submit" aria-disabled=move || pending.get().then_some("true")
            class:busy=move || pending.get() on:click=move |click| if pending.get_untracked() { click.prevent_default() }>
            {label}
        </button>
    }
}
