//! A tool that agents may use, and the rule by which an agent asks before it does.

use crate::error::{AppError, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool as the agent's editor shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolInfo {
    pub name: String,
    /// For a person: what it does.
    pub description: String,
    /// Where it comes from: `None` for one that is built in, else the name of the group's server or API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether a call may change something.
    pub effects: bool,
}

/// An agent's tool that may run only once the member has agreed: always, or where a field of its input has a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskFirst {
    pub tool: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<InputRule>,
}

/// Holds where the input's `field` is `value`, compared as text without regard to case; `a.b` reaches into objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRule {
    pub field: String,
    pub value: String,
}

impl AskFirst {
    pub fn applies(&self, tool: &str, input: &Value) -> bool {
        self.tool == tool && self.when.as_ref().is_none_or(|rule| rule.holds(input))
    }

    pub(super) fn check(self, tools: &[String]) -> Result<Self> {
        if !tools.contains(&self.tool) {
            return Err(AppError::invalid("ask_first", format!("The agent has no tool named “{}”.", self.tool)));
        }
        let empty = self.when.as_ref().is_some_and(|rule| rule.field.trim().is_empty() || rule.field.len() > 200);
        if empty || self.when.as_ref().is_some_and(|rule| rule.value.len() > 1_000) {
            return Err(AppError::invalid("ask_first", "Name the field of the input, and the value that it must have."));
        }
        Ok(self)
    }
}

impl InputRule {
    fn holds(&self, input: &Value) -> bool {
        let found = self.field.split('.').try_fold(input, |value, name| value.get(name));
        match found {
            Some(Value::String(text)) => text.to_lowercase() == self.value.to_lowercase(),
            Some(other) => other.to_string().to_lowercase() == self.value.to_lowercase(),
            // A rule that cannot be checked asks: a model must not get around it by leaving the field out.
            None => true,
        }
    }
}
