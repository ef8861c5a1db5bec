//! What is typed into the form of an agent, and the draft that it means.

use crate::{
    components::model_picker::{ModelKey, parse_key},
    error::{AppError, Result},
    model::{
        agent::{AgentDraft, LOOKS, Limits},
        tool::AskFirst,
    },
};
use leptos::prelude::*;

/// Everything is text until it is saved, so that nothing typed is ever lost.
#[derive(Clone, Copy)]
pub struct AgentFields {
    pub name: RwSignal<String>,
    /// Provider and model in one value of the picker.
    pub model: RwSignal<ModelKey>,
    pub instructions: RwSignal<String>,
    pub steps: RwSignal<String>,
    pub output_tokens: RwSignal<String>,
    pub seconds: RwSignal<String>,
    pub tools: RwSignal<Vec<String>>,
    pub ask_first: RwSignal<Vec<AskFirst>>,
    pub look_first: RwSignal<bool>,
}

impl AgentFields {
    pub fn new(draft: &AgentDraft) -> Self {
        Self {
            name: RwSignal::new(draft.name.clone()),
            model: RwSignal::new(ModelKey::of(&draft.provider, &draft.model)),
            instructions: RwSignal::new(draft.instructions.clone()),
            steps: RwSignal::new(draft.limits.steps.to_string()),
            output_tokens: RwSignal::new(draft.limits.output_tokens.to_string()),
            seconds: RwSignal::new(draft.limits.seconds.to_string()),
            tools: RwSignal::new(draft.tools.clone()),
            ask_first: RwSignal::new(draft.ask_first.clone()),
            look_first: RwSignal::new(draft.look_first),
        }
    }

    /// The draft as it would be saved, or the first mistake in it.
    pub fn draft(&self) -> Result<AgentDraft> {
        let (provider, model) = parse_key(&self.model.get_untracked())?;
        let tools = self.tools.get_untracked();
        let ask_first = self.ask_first.get_untracked().into_iter().filter(|ask| tools.contains(&ask.tool)).collect();
        let draft = AgentDraft {
            name: self.name.get_untracked(),
            provider,
            model,
            instructions: self.instructions.get_untracked(),
            tools: tools.clone(),
            ask_first,
            look_first: self.look_first.get_untracked() && tools.iter().any(|tool| tool == LOOKS),
            limits: self.limits()?,
        };
        // Which tools exist only the server knows; what could be ticked was on its list.
        draft.check(&tools)
    }

    fn limits(&self) -> Result<Limits> {
        Ok(Limits {
            steps: number("steps", self.steps)?,
            output_tokens: number("output_tokens", self.output_tokens)?,
            seconds: number("seconds", self.seconds)?,
        })
    }
}

/// A whole number as people write it: spaces and thousands commas are fine.
fn number(field: &str, typed: RwSignal<String>) -> Result<u32> {
    let digits: String = typed.get_untracked().chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    digits.parse().map_err(|_| AppError::invalid(field, "Write a whole number."))
}
