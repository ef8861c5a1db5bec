//! `createTask`: a task for the member, in the group's list.

use super::{Effects, Outcome, Scope, Tool, ToolError, schema_of, typed};
use crate::{
    model::{
        task::{NewTask, Priority},
        tool::ToolInfo,
    },
    server::tasks::{self, Draft},
};
use futures::{FutureExt as _, future::BoxFuture};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

pub struct CreateTask;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What is to be done, in one line.
    #[schemars(length(min = 1, max = 200))]
    title: String,
    /// Everything that whoever does it needs to know.
    #[serde(default)]
    #[schemars(length(max = 10000))]
    description: Option<String>,
    priority: Urgency,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Urgency {
    Low,
    Medium,
    High,
}

impl From<Urgency> for Priority {
    fn from(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Low => Self::Low,
            Urgency::Medium => Self::Medium,
            Urgency::High => Self::High,
        }
    }
}

impl Tool for CreateTask {
    fn info(&self) -> ToolInfo {
        ToolInfo {
            name: "createTask".to_owned(),
            description: "Puts a task into the group's list, linked to this thread.".to_owned(),
            source: None,
            effects: true,
        }
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn effects(&self) -> Effects {
        Effects::Keyed
    }

    fn call(&self, input: Value, scope: Scope) -> BoxFuture<'static, Result<Outcome, ToolError>> {
        async move {
            let Input { title, description, priority } = typed(input)?;
            let description = description.unwrap_or_default();
            let new = NewTask { title, description, priority: priority.into(), assignee: None };
            let (agent, thread, origin) = (Some(scope.agent), Some(scope.thread), Some(scope.call));
            let task = tasks::create(&scope.app, &scope.member, Draft { new, agent, thread, origin }).await?;
            Ok(Outcome::json(
                &json!({ "task_id": task.id, "title": task.title, "priority": task.priority, "status": task.status }),
            ))
        }
        .boxed()
    }
}
