//! Tools: what an agent can do besides talking. A tool acts for the member in whose thread it is called, by that member's
//! proof: it can do nothing that the member could not.
//!
//! | module | what it does |
//! |---|---|
//! | [`toolbox`] | the tools that one agent may use, and the check of what it asks of them |
//! | [`search_knowledge`], [`create_task`], [`get_context`], [`call_human`] | the tools that are built in |
//! | [`mcp`], [`openapi`] | the tools of the group's own sources: MCP servers, and HTTP APIs by their OpenAPI document |
//! | [`remote`] | what these share: the way there, the secret, the limits |
//!
//! To add one: write its file here with an input type and an `impl Tool`, and name it in [`Tools::built_in`].

pub mod call_human;
pub mod create_task;
pub mod get_context;
pub mod mcp;
pub mod openapi;
pub mod remote;
pub mod search_knowledge;
pub mod toolbox;

use crate::{
    error::{AppError, Result},
    ids::{AgentId, RunId, ThreadId, ToolCallId},
    model::{message::Part, tool::ToolInfo},
    server::{member::Member, state::App, tool_sources},
};
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// One tool. Inputs are valid by its schema before it is called.
pub trait Tool: Send + Sync + 'static {
    fn info(&self) -> ToolInfo;

    /// For the model: what the tool does and when to use it.
    fn description(&self) -> String {
        self.info().description
    }

    /// The JSON Schema of the input: an object.
    fn input_schema(&self) -> Value;

    fn effects(&self) -> Effects;

    /// How long a call may take.
    fn patience(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// Dropping the future gives the call up. `scope.cancel` fires when the member stops the run, and when the call is over
    /// in whatever way: it is for what the tool handed on to others.
    fn call(&self, input: Value, scope: Scope) -> BoxFuture<'static, Result<Outcome, ToolError>>;
}

/// What a call may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effects {
    /// Nothing: it can run again.
    None,
    /// Something, once: its target knows the idempotency key, so it can run again under the same.
    Keyed,
    /// Something, perhaps twice if it runs twice: it is never repeated.
    Unkeyed,
}

/// In whose name and where a tool is called.
#[derive(Clone)]
pub struct Scope {
    pub app: App,
    pub member: Member,
    pub thread: ThreadId,
    pub run: RunId,
    pub agent: AgentId,
    /// The version of the agent that the run uses.
    pub agent_version: i64,
    /// The idempotency key.
    pub call: ToolCallId,
    pub cancel: CancellationToken,
}

impl Scope {
    /// The same for another call.
    pub fn for_call(&self, call: ToolCallId) -> Self {
        Self { call, cancel: self.cancel.child_token(), ..self.clone() }
    }
}

/// What a call brought.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For the model, and for members to look at.
    pub output: String,
    /// Where the answer comes from; shown under it.
    pub sources: Vec<Part>,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Then {
    #[default]
    GoOn,
    /// The agent says no more in this run: a person was asked.
    EndTurn,
}

/// Why a call failed, in words for the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolError(pub String);

impl From<AppError> for ToolError {
    fn from(error: AppError) -> Self {
        Self(error.to_string())
    }
}

impl Outcome {
    pub fn json(output: &Value) -> Self {
        Self { output: output.to_string(), ..Self::default() }
    }
}

/// The input as the tool's own type. The schema was checked, so this fails only where the two disagree.
pub fn typed<T: DeserializeOwned>(input: Value) -> Result<T, ToolError> {
    serde_json::from_value(input).map_err(|error| ToolError(format!("The input does not fit: {error}.")))
}

/// The schema of an input type.
pub fn schema_of<T: schemars::JsonSchema>() -> Value {
    let mut schema = schemars::schema_for!(T).to_value();
    if let Some(fields) = schema.as_object_mut() {
        // Providers have no use for these, and each costs tokens in every call.
        fields.remove("$schema");
        fields.remove("title");
    }
    schema
}

/// The tools of this server, whatever the group.
pub struct Tools(RwLock<Vec<Arc<dyn Tool>>>);

impl Tools {
    pub fn built_in() -> Self {
        Self(RwLock::new(vec![
            Arc::new(search_knowledge::SearchKnowledge),
            Arc::new(create_task::CreateTask),
            Arc::new(get_context::GetContext),
            Arc::new(call_human::CallHuman),
        ]))
    }

    /// Adds a tool, as tests do.
    pub fn insert(&self, tool: impl Tool) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(tool));
    }

    fn all(&self) -> Vec<Arc<dyn Tool>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Every tool that agents of the member's group may be given.
pub async fn available(app: &App, member: &Member) -> Result<Vec<Arc<dyn Tool>>> {
    let mut tools = app.tools.all();
    tools.extend(tool_sources::picked(app, member).await?);
    Ok(tools)
}

/// As the editor of an agent shows them.
pub async fn list(app: &App, member: &Member) -> Result<Vec<ToolInfo>> {
    Ok(available(app, member).await?.iter().map(|tool| tool.info()).collect())
}

/// The names of [`available`].
pub async fn names(app: &App, member: &Member) -> Result<Vec<String>> {
    Ok(available(app, member).await?.iter().map(|tool| tool.info().name).collect())
}
