//! Tool sources: what admins add and pick, what agents then can do, and what nobody is told.
//!
//! | file | what is tried |
//! |---|---|
//! | `fake_mcp`, `fake_api` | servers on this machine to ask |
//! | `mcp`, `openapi` | the two protocols |
//! | `carriers` | what carries the secret of an API |
//! | `repeats` | servers that repeat the secret |
//! | `review` | a list of tools that changes |
//! | `replacing` | a newer document for an API, and long ones |
//! | `stdio` | commands instead of addresses |
//! | `secrets` | secrets at rest, and who may do what |
//! | `real` | a server that others wrote, where it is installed |

mod carriers;
mod document;
mod fake_api;
mod fake_mcp;
mod mcp;
mod openapi;
mod real;
mod repeats;
mod replacing;
mod review;
mod secrets;
mod stdio;

use super::app::{MODEL, Reply, Setup, Someone, TestApp, TestGroup};
use crate::{
    ids::{RunId, ThreadId, ToolCallId},
    server::{
        agents,
        models::{FinishReason, ModelEvent, scripted::Step},
        tools::{self, Outcome, Scope, ToolError},
    },
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// A server whose tools may be on this machine, with a group, and a thread of its owner.
struct Lab {
    app: TestApp,
    group: TestGroup,
    thread: ThreadId,
}

impl Lab {
    async fn new() -> Self {
        Self::with(Setup { private_addresses: true, ..Setup::default() }).await
    }

    async fn with(setup: Setup) -> Self {
        let app = TestApp::with(setup).await;
        let group = app.group("lab").await;
        let thread = app.thread(&group.owner, group.agent).await;
        Self { app, group, thread }
    }

    fn owner(&self) -> &Someone {
        &self.group.owner
    }

    /// Calls a server function as the owner.
    async fn ask(&self, name: &str, mut input: Value) -> Reply {
        input["slug"] = "lab".into();
        self.app.call_fn(name, input, &self.owner().cookie).await
    }

    async fn add(&self, draft: Value) -> Value {
        self.ask("add_tool_source", json!({ "draft": draft })).await.ok()
    }

    async fn refresh(&self, source: &Value) -> Value {
        self.ask("refresh_tool_source", json!({ "id": source["id"] })).await.ok()
    }

    /// Picks by the names that the source has, on the newest version.
    async fn pick(&self, source: &Value, names: &[&str]) -> Value {
        let list = self.ask("tool_sources", json!({})).await.ok();
        let newest = list.as_array().expect("a list").iter().find(|one| one["id"] == source["id"]).expect("the source");
        let input = json!({ "id": source["id"], "version": newest["version"], "tools": names });
        self.ask("pick_tools", input).await.ok()
    }

    /// Calls a tool as a run does, without the check of its input.
    async fn call(&self, name: &str, input: Value) -> Result<Outcome, ToolError> {
        self.call_in(self.thread, name, input).await
    }

    async fn call_in(&self, thread: ThreadId, name: &str, input: Value) -> Result<Outcome, ToolError> {
        let available = tools::available(&self.app.app, &self.owner().member).await.expect("tools");
        let tool = available.into_iter().find(|tool| tool.info().name == name).unwrap_or_else(|| panic!("no tool {name}"));
        tool.call(input, self.scope(thread)).await
    }

    fn scope(&self, thread: ThreadId) -> Scope {
        let clock = &self.app.app.clock;
        Scope {
            app: self.app.app.clone(),
            member: self.owner().member.clone(),
            thread,
            run: RunId::from_uuid(clock.uuid()),
            agent: self.group.agent,
            agent_version: 1,
            call: ToolCallId::from_uuid(clock.uuid()),
            cancel: CancellationToken::new(),
        }
    }

    async fn names(&self) -> Vec<String> {
        let names = tools::names(&self.app.app, &self.owner().member).await.expect("names");
        names.into_iter().filter(|name| name.contains("__")).collect()
    }

    /// A whole run in which the model calls one tool; answers the thread's messages.
    async fn run(&self, tool: &str, input: Value) -> Value {
        let agents = self.app.app.store.agents(&self.owner().member);
        let mut agent = agents.get(self.group.agent).await.expect("the agent");
        agent.draft.tools = vec![tool.to_owned()];
        let admin = self.owner().member.admin().expect("an owner");
        agents::save(&self.app.app, &admin, agent.id, None, agent.draft).await.expect("a save");
        let done = vec![Step::text("Done."), Step::finish(FinishReason::Stop)];
        self.app.scripted.script_turns(MODEL, vec![calls(tool, input), done]);
        self.app.answered(self.owner(), self.thread, "Go").await;
        let path = format!("/api/v1/groups/lab/threads/{}/messages", self.thread);
        self.app.get(&path, &self.owner().key).await.ok()
    }
}

fn calls(tool: &str, input: Value) -> Vec<Step> {
    let (index, call_id) = (0, "call-0".to_owned());
    vec![
        Step::Emit(ModelEvent::ToolCallStarted { index, call_id, name: tool.to_owned() }),
        Step::Emit(ModelEvent::ToolCallInput { index, fragment: input.to_string() }),
        Step::Emit(ModelEvent::ToolCallFinished { index, input: Ok(input) }),
        Step::finish(FinishReason::ToolCalls),
    ]
}

/// The tools of a source by name, with their marks.
fn marks(source: &Value) -> Vec<(&str, Option<&str>, bool)> {
    let tools = source["tools"].as_array().expect("tools").iter();
    tools.map(|tool| (tool["name"].as_str().expect("a name"), tool["mark"].as_str(), tool["picked"] == true)).collect()
}
