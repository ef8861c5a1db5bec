//! `getContext`: facts about the group, the member or the agent, as far as this member may see them.

use super::{Effects, Outcome, Scope, Tool, ToolError, schema_of, typed};
use crate::model::tool::ToolInfo;
use futures::{FutureExt as _, future::BoxFuture};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// Members that are named at most.
const PEOPLE: usize = 100;

pub struct GetContext;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Input {
    context_type: About,
}

/// About whom: the group, the member you talk to (user), or yourself (agent).
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum About {
    Group,
    User,
    Agent,
}

impl Tool for GetContext {
    fn info(&self) -> ToolInfo {
        ToolInfo {
            name: "getContext".to_owned(),
            description: "Looks up facts about the group, the member who asks, or the agent itself.".to_owned(),
            source: None,
            effects: false,
        }
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn effects(&self) -> Effects {
        Effects::None
    }

    fn call(&self, input: Value, scope: Scope) -> BoxFuture<'static, Result<Outcome, ToolError>> {
        async move {
            let Input { context_type } = typed(input)?;
            let facts = match context_type {
                About::Group => group(&scope).await?,
                About::User => user(&scope).await?,
                About::Agent => agent(&scope).await?,
            };
            Ok(Outcome::json(&facts))
        }
        .boxed()
    }
}

async fn group(scope: &Scope) -> Result<Value, ToolError> {
    let people = scope.app.store.groups(&scope.member).people(PEOPLE).await?;
    let people: Vec<Value> =
        people.into_iter().map(|person| json!({ "name": person.name, "role": person.role.as_str() })).collect();
    Ok(json!({ "group": scope.member.group_name(), "members": people }))
}

async fn user(scope: &Scope) -> Result<Value, ToolError> {
    let open = scope.app.store.tasks(&scope.member).open_of(scope.member.person_id(), 20).await?;
    let tasks: Vec<Value> =
        open.into_iter().map(|task| json!({ "title": task.title, "priority": task.priority, "status": task.status })).collect();
    Ok(json!({
        "name": scope.member.name(), "role": scope.member.role().as_str(),
        "time_utc": crate::model::when::machine(scope.app.clock.now()), "open_tasks": tasks,
    }))
}

async fn agent(scope: &Scope) -> Result<Value, ToolError> {
    let agent = scope.app.store.agents(&scope.member).get(scope.agent).await?;
    let draft = agent.draft;
    Ok(json!({ "name": draft.name, "provider": draft.provider, "model": draft.model, "tools": draft.tools }))
}
