//! `callHuman`: asks for a person. The agent's turn ends; the thread shows that it waits for one.

use super::{Effects, Outcome, Scope, Then, Tool, ToolError, schema_of, typed};
use crate::{model::tool::ToolInfo, server::escalations};
use futures::{FutureExt as _, future::BoxFuture};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

pub const NAME: &str = "callHuman";

pub struct CallHuman;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Why a person is needed, and what they should know first.
    #[schemars(length(min = 1, max = 2000))]
    reason: String,
}

impl Tool for CallHuman {
    fn info(&self) -> ToolInfo {
        ToolInfo {
            name: NAME.to_owned(),
            description: "Asks a person of the group to take over, when the agent cannot or should not go on.".to_owned(),
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
            let Input { reason } = typed(input)?;
            let escalation = escalations::open(&scope, &reason).await?;
            let output = json!({ "escalation_id": escalation.id, "status": escalation.status, "note": "A person was asked." });
            Ok(Outcome { then: Then::EndTurn, ..Outcome::json(&output) })
        }
        .boxed()
    }
}
