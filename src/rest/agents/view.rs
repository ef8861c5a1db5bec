//! The wire format of agents.

use crate::model::{self, Millis, agent::AgentDraft};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

super::super::words! {
    /// A retired agent answers no more.
    AgentStatus from model::agent::AgentStatus { Active, Retired }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub struct AgentView {
    id: Uuid,
    name: String,
    /// Who serves the model: `local`, `openai`, `anthropic`, …
    provider: String,
    model: String,
    instructions: String,
    /// Names of the tools that it may use.
    tools: Vec<String>,
    /// Which of them it asks about before it uses them.
    ask_first: Vec<AskFirst>,
    /// Whether the group's documents are searched with the member's message before the model is asked.
    look_first: bool,
    limits: Limits,
    status: AgentStatus,
    /// Counts saves, from 1.
    version: i64,
    created_at: Millis,
    updated_at: Millis,
}

/// A tool that may run only once the member has agreed: always, or where a field of its input has a value.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFirst {
    tool: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    when: Option<InputRule>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InputRule {
    /// `a.b` reaches into objects. A call without the field asks, too.
    field: String,
    /// Compared as text, without regard to case.
    value: String,
}

/// What ends a turn that goes on for too long.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = AgentLimits)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Model calls of one run: 1 to 50.
    steps: u32,
    /// Tokens of output of one run: 16 to 128,000.
    output_tokens: u32,
    /// Wall time of one run: 5 to 3,600.
    seconds: u32,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    name: String,
    provider: String,
    model: String,
    #[serde(default)]
    instructions: String,
    #[serde(default)]
    tools: Vec<String>,
    #[serde(default)]
    ask_first: Vec<AskFirst>,
    /// Needs the tool `searchKnowledge`.
    #[serde(default)]
    look_first: bool,
    #[serde(default)]
    limits: Limits,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentChange {
    name: Option<String>,
    provider: Option<String>,
    model: Option<String>,
    instructions: Option<String>,
    tools: Option<Vec<String>>,
    ask_first: Option<Vec<AskFirst>>,
    look_first: Option<bool>,
    limits: Option<LimitsChange>,
    pub(super) status: Option<AgentStatus>,
    /// The version that was read: where somebody saved since, nothing is changed (409).
    pub(super) version: Option<i64>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsChange {
    steps: Option<u32>,
    output_tokens: Option<u32>,
    seconds: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AgentsQuery {
    /// Active ones where it is not given.
    #[param(inline)]
    pub(super) status: Option<AgentStatus>,
    /// Items of the page: 1 to 100, usually 30.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<usize>,
    /// The `next` of the page before.
    pub(super) after: Option<String>,
}

impl From<model::agent::Agent> for AgentView {
    fn from(agent: model::agent::Agent) -> Self {
        let model::agent::Agent { id, status, version, draft, created_at, updated_at } = agent;
        let AgentDraft { name, provider, model, instructions, tools, ask_first, look_first, limits } = draft;
        let (id, limits, status) = (id.uuid(), limits.into(), status.into());
        let ask_first = ask_first.into_iter().map(Into::into).collect();
        Self {
            id,
            name,
            provider,
            model,
            instructions,
            tools,
            ask_first,
            look_first,
            limits,
            status,
            version,
            created_at,
            updated_at,
        }
    }
}

impl From<model::tool::AskFirst> for AskFirst {
    fn from(model::tool::AskFirst { tool, when }: model::tool::AskFirst) -> Self {
        Self { tool, when: when.map(|model::tool::InputRule { field, value }| InputRule { field, value }) }
    }
}

impl From<AskFirst> for model::tool::AskFirst {
    fn from(AskFirst { tool, when }: AskFirst) -> Self {
        Self { tool, when: when.map(|InputRule { field, value }| model::tool::InputRule { field, value }) }
    }
}

impl From<NewAgent> for AgentDraft {
    fn from(new: NewAgent) -> Self {
        let NewAgent { name, provider, model, instructions, tools, ask_first, look_first, limits } = new;
        let ask_first = ask_first.into_iter().map(Into::into).collect();
        Self { name, provider, model, instructions, tools, ask_first, look_first, limits: limits.into() }
    }
}

impl AgentChange {
    /// The draft with the change; `None` where nothing of a draft changes.
    pub(super) fn onto(self, draft: &AgentDraft) -> Option<AgentDraft> {
        let old = draft.clone();
        let limits = self.limits.map_or(old.limits, |change| change.onto(old.limits));
        let changed = AgentDraft {
            name: self.name.unwrap_or(old.name),
            provider: self.provider.unwrap_or(old.provider),
            model: self.model.unwrap_or(old.model),
            instructions: self.instructions.unwrap_or(old.instructions),
            tools: self.tools.unwrap_or(old.tools),
            ask_first: self.ask_first.map_or(old.ask_first, |asks| asks.into_iter().map(Into::into).collect()),
            look_first: self.look_first.unwrap_or(old.look_first),
            limits,
        };
        Some(changed).filter(|changed| changed != draft)
    }
}

impl LimitsChange {
    fn onto(self, old: model::agent::Limits) -> model::agent::Limits {
        model::agent::Limits {
            steps: self.steps.unwrap_or(old.steps),
            output_tokens: self.output_tokens.unwrap_or(old.output_tokens),
            seconds: self.seconds.unwrap_or(old.seconds),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        model::agent::Limits::default().into()
    }
}

impl From<model::agent::Limits> for Limits {
    fn from(model::agent::Limits { steps, output_tokens, seconds }: model::agent::Limits) -> Self {
        Self { steps, output_tokens, seconds }
    }
}

impl From<Limits> for model::agent::Limits {
    fn from(Limits { steps, output_tokens, seconds }: Limits) -> Self {
        Self { steps, output_tokens, seconds }
    }
}
