//! Which model an agent uses: every provider's models, with what they cost and how much they read.

use super::{
    agent_form::context_words,
    field::{FieldNotes, FormErrorSignal, described_by, error_of},
    icon::{Icon, IconName},
};
use crate::{
    error::{AppError, Result},
    model::{
        money::per_million,
        provider::{ModelInfo, ProviderInfo},
    },
};
use leptos::prelude::*;

/// A provider and one of its models as the value of an option. A tab stands between: neither name can have one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelKey(String);

impl ModelKey {
    /// The empty key where nothing is chosen.
    pub fn of(provider: &str, model: &str) -> Self {
        if model.is_empty() { Self::default() } else { Self(format!("{provider}\t{model}")) }
    }

    fn of_info(info: &ModelInfo) -> Self {
        Self::of(&info.provider, &info.model)
    }
}

pub fn parse_key(key: &ModelKey) -> Result<(String, String)> {
    let (provider, model) = key.0.split_once('\t').ok_or_else(|| AppError::invalid("model", "Choose a model."))?;
    Ok((provider.to_owned(), model.to_owned()))
}

#[component]
pub fn ModelPicker(
    value: RwSignal<ModelKey>,
    providers: Vec<ProviderInfo>,
    error: FormErrorSignal,
    disabled: bool,
) -> impl IntoView {
    let models: Vec<ModelInfo> = providers.iter().flat_map(|provider| provider.models.clone()).collect();
    let first = value.get_untracked();
    let vanished = gone(&models, &first).then(|| first.clone());
    let error = error_of(error, "model");
    let facts = move || value.with(|key| facts(&models, key));
    view! {
        <div class="field">
            <label class="field-label" for="model">"Model"</label>
            <select class="select wide" id="model" name="model" disabled=disabled aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described_by("model") on:change=move |chosen| value.set(ModelKey(event_target_value(&chosen)))>
                {(first == ModelKey::default()).then(|| view! { <option value="" selected>"Choose a model"</option> })}
                {vanished.map(vanished_option)}
                {providers.iter().filter(|provider| !provider.models.is_empty()).map(|provider| options(provider, &first)).collect_view()}
            </select>
            {move || facts().view()}
            <FieldNotes name="model" hint=None error/>
            <Problems providers/>
        </div>
    }
}

const WITHOUT_TOOL_CALLING: &str = "This model has no tool calling of its own. Its tool calls are read from what it writes, and small models often get them wrong.";

/// What is known of the chosen model.
enum Facts {
    Nothing,
    Offered { words: String, hint: Option<&'static str> },
    Vanished,
}

impl Facts {
    fn view(self) -> AnyView {
        match self {
            Self::Nothing => ().into_any(),
            Self::Offered { words, hint } => view! {
                <p class="field-facts">{words}</p>
                {hint.map(|hint| view! { <p class="field-hint">{hint}</p> })}
            }
            .into_any(),
            Self::Vanished => view! {
                <p class="field-facts warns"><Icon name=IconName::Alert/>
                    "Not offered now. The agent cannot answer until the model is back or another one is chosen."</p>
            }
            .into_any(),
        }
    }
}

fn facts(models: &[ModelInfo], key: &ModelKey) -> Facts {
    if *key == ModelKey::default() {
        return Facts::Nothing;
    }
    models.iter().find(|info| ModelKey::of_info(info) == *key).map_or(Facts::Vanished, |info| {
        let words = format!("{} · {}", price_words(info), context_words(info.context_tokens));
        match info.tools {
            true => Facts::Offered { words: format!("{words} · calls tools"), hint: None },
            false => Facts::Offered { words, hint: Some(WITHOUT_TOOL_CALLING) },
        }
    })
}

fn price_words(info: &ModelInfo) -> String {
    match &info.price {
        None => "price unknown".to_owned(),
        Some(price) if price.input == 0 && price.output == 0 => per_million(price),
        Some(price) => format!("{} per million tokens", per_million(price)),
    }
}

fn gone(models: &[ModelInfo], key: &ModelKey) -> bool {
    *key != ModelKey::default() && models.iter().all(|info| ModelKey::of_info(info) != *key)
}

fn vanished_option(key: ModelKey) -> impl IntoView {
    let label = key.0.replace('\t', " · ");
    view! { <option value=key.0 selected>{format!("{label} (not offered now)")}</option> }
}

fn options(provider: &ProviderInfo, chosen: &ModelKey) -> impl IntoView + use<> {
    let rows = provider.models.iter().map(|info| {
        let key = ModelKey::of_info(info);
        let label = format!("{} — {}, {}", info.model, price_words(info), context_words(info.context_tokens));
        view! { <option value=key.0.clone() selected=key == *chosen>{label}</option> }
    });
    let rows = rows.collect_view();
    view! { <optgroup label=provider.provider.clone()>{rows}</optgroup> }
}

/// Providers that offer nothing, and what whoever runs the server can do about each.
#[component]
fn Problems(providers: Vec<ProviderInfo>) -> impl IntoView {
    let silent: Vec<_> = providers.into_iter().filter_map(|provider| Some((provider.provider, provider.problem?))).collect();
    (!silent.is_empty()).then(|| {
        view! {
            <details class="more-info">
                <summary>"Providers without models"</summary>
                <dl class="facts">
                    {silent.into_iter().map(|(provider, problem)| view! {
                        <div class="fact"><dt>{provider}</dt><dd>{problem}</dd></div>
                    }).collect_view()}
                </dl>
            </details>
        }
    })
}
