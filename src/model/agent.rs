//! An agent: a thing with a model, instructions, tools and limits. Every save is a new version.

use crate::{
    error::{AppError, Result},
    ids::AgentId,
    model::{Millis, text, tool::AskFirst},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: AgentId,
    pub status: AgentStatus,
    /// Counts saves, from 1.
    pub version: i64,
    #[serde(flatten)]
    pub draft: AgentDraft,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgentStatus {
    Active,
    /// Answers no more; its threads stay readable.
    Retired,
}

impl AgentStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        match raw {
            "active" => Ok(Self::Active),
            "retired" => Ok(Self::Retired),
            _ => Err(AppError::invalid("status", "An agent's status is active or retired.")),
        }
    }
}

/// What a save writes. Valid by construction: see [`AgentDraft::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDraft {
    pub name: String,
    pub provider: String,
    pub model: String,
    #[serde(default)]
    pub instructions: String,
    #[serde(default)]
    pub tools: Vec<String>,
    /// Which of the tools may run only once the member has agreed.
    #[serde(default)]
    pub ask_first: Vec<AskFirst>,
    /// Whether the group's documents are searched with the member's message before the model is asked.
    #[serde(default)]
    pub look_first: bool,
    #[serde(default)]
    pub limits: Limits,
}

/// What ends a turn that goes on for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Model calls of one run.
    pub steps: u32,
    /// Tokens of output of one run.
    pub output_tokens: u32,
    /// Wall time of one run.
    pub seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 8, output_tokens: 2_048, seconds: 300 }
    }
}

/// One line of an agent's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentVersion {
    pub version: i64,
    pub provider: String,
    pub model: String,
    /// The name of who saved it; `None` for the server itself.
    pub saved_by: Option<String>,
    pub saved_at: Millis,
}

/// The tool with which an agent looks first.
pub const LOOKS: &str = "searchKnowledge";

impl AgentDraft {
    pub const INSTRUCTIONS_MAX: usize = 20_000;

    /// Trims and bounds every field; the error names the first that is wrong.
    pub fn check(self, known_tools: &[String]) -> Result<Self> {
        let instructions = if self.instructions.trim().is_empty() {
            String::new()
        } else {
            text::block("instructions", &self.instructions, Self::INSTRUCTIONS_MAX)?
        };
        let mut tools = self.tools;
        tools.sort();
        tools.dedup();
        if let Some(unknown) = tools.iter().find(|tool| !known_tools.contains(tool)) {
            return Err(AppError::invalid("tools", format!("There is no tool named “{unknown}”.")));
        }
        if self.look_first && !tools.iter().any(|tool| tool == LOOKS) {
            return Err(AppError::invalid("look_first", "To look first, the agent needs the tool “Search knowledge”."));
        }
        let ask_first = self.ask_first.into_iter().map(|ask| ask.check(&tools)).collect::<Result<_>>()?;
        Ok(Self {
            name: text::line("name", &self.name, 60)?,
            provider: text::line("provider", &self.provider, 60)?,
            model: text::line("model", &self.model, 200)?,
            instructions,
            tools,
            ask_first,
            look_first: self.look_first,
            limits: self.limits.check()?,
        })
    }
}

impl Limits {
    fn check(self) -> Result<Self> {
        bounded("steps", self.steps, 1, 50)?;
        bounded("output_tokens", self.output_tokens, 16, 128_000)?;
        bounded("seconds", self.seconds, 5, 3_600)?;
        Ok(self)
    }
}

fn bounded(field: &str, value: u32, min: u32, max: u32) -> Result<()> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(AppError::invalid(field, format!("Use a number from {min} to {max}.")))
    }
}
