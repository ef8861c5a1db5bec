//! The tools that one agent may use in one run, and the check of what the model asks of them.

use super::Tool;
use crate::{
    error::Result,
    server::{member::Member, models::ToolSpec, state::App},
};
use jsonschema::Validator;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// The most mistakes of an input that a model is told of at once.
const MISTAKES: usize = 5;

/// Empty for an agent without tools.
#[derive(Default)]
pub struct Toolbox(BTreeMap<String, Entry>);

struct Entry {
    tool: Arc<dyn Tool>,
    spec: ToolSpec,
    validator: Validator,
}

impl Toolbox {
    /// Those of `allowed` that exist. One that was taken away since the agent was saved is missing, not an error.
    pub fn new(available: Vec<Arc<dyn Tool>>, allowed: &[String]) -> Self {
        let mut entries = BTreeMap::new();
        for tool in available {
            let name = tool.info().name;
            if !allowed.contains(&name) {
                continue;
            }
            let spec = ToolSpec { name: name.clone(), description: tool.description(), input_schema: tool.input_schema() };
            match jsonschema::validator_for(&spec.input_schema) {
                Ok(validator) => {
                    entries.insert(name, Entry { tool, spec, validator });
                }
                // A foreign server may send anything as a schema; a tool that cannot be checked is not offered.
                Err(error) => tracing::warn!(tool = name, %error, "a tool's schema cannot be used"),
            }
        }
        Self(entries)
    }

    pub async fn of(app: &App, member: &Member, allowed: &[String]) -> Result<Self> {
        Ok(Self::new(super::available(app, member).await?, allowed))
    }

    pub fn specs(&self) -> Vec<ToolSpec> {
        self.0.values().map(|entry| entry.spec.clone()).collect()
    }

    pub fn get(&self, name: &str) -> Option<Arc<dyn Tool>> {
        self.0.get(name).map(|entry| entry.tool.clone())
    }

    /// The tool for a call, or what is wrong with the call, in words for the model.
    pub fn check(&self, name: &str, input: &Result<Value, String>) -> Result<&Arc<dyn Tool>, String> {
        let Some(entry) = self.0.get(name) else { return Err(self.unknown(name)) };
        let input = input.as_ref().map_err(|_| "The input is no JSON object. Call the tool again with one.".to_owned())?;
        let mistakes: Vec<String> = entry.validator.iter_errors(input).take(MISTAKES).map(|error| mistake(&error)).collect();
        if mistakes.is_empty() {
            Ok(&entry.tool)
        } else {
            Err(format!(
                "The input does not fit the tool's schema: {}. Call it again with a corrected input.",
                mistakes.join("; ")
            ))
        }
    }

    fn unknown(&self, name: &str) -> String {
        if self.0.is_empty() {
            return format!("There is no tool named {name:?}, and no other. Answer without tools.");
        }
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        format!("There is no tool named {name:?}. The tools are: {}.", names.join(", "))
    }
}

fn mistake(error: &jsonschema::ValidationError<'_>) -> String {
    let place = error.instance_path().to_string();
    let text: String = error.to_string().chars().take(300).collect();
    if place.is_empty() { text } else { format!("{place}: {text}") }
}

impl std::fmt::Debug for Toolbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
