//! What a model is given.

use super::stage::{Stage, says};
use crate::{
    ids::{AgentId, MessageId, RunId, ToolCallId},
    model::{
        message::{Message, MessageStatus, Part, Role},
        tool_call::{ToolCall, ToolState},
    },
    server::{
        models::{ChatContent, ChatRole},
        runs::context::turns,
    },
};
use serde_json::json;
use uuid::Uuid;

fn message(role: Role, parts: Vec<Part>) -> Message {
    Message {
        id: MessageId::from_uuid(Uuid::nil()),
        run_id: RunId::from_uuid(Uuid::nil()),
        role,
        status: MessageStatus::Completed,
        parts,
        agent_id: AgentId::from_uuid(Uuid::nil()),
        author: "somebody".to_owned(),
        seq: 1,
        error: None,
        created_at: 0,
        finished_at: None,
    }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.to_owned() }
}

#[test]
fn calls_and_results_are_paired_and_reasoning_stays_out() {
    let id = |name: &str| ToolCallId::from_uuid(Uuid::from_u128(name.as_bytes()[0].into()));
    let call = |name: &str| {
        let (name, input, state) = ((id(name), "look".to_owned()), json!({}), ToolState::Done);
        let (started_at, finished_at, approval) = (None, None, None);
        Part::ToolCall(ToolCall { call_id: name.0, name: name.1, input, state, started_at, finished_at, approval })
    };
    let result = |name: &str| Part::ToolResult { call_id: id(name), output: "found".to_owned(), is_error: false };
    let thought = Part::Reasoning { text: "secret".to_owned() };
    let answer = message(Role::Assistant, vec![thought, text("Looking"), call("a"), call("lost"), result("a"), text("Here")]);
    let turns = turns(&[message(Role::User, vec![text("Look")]), answer]);
    let shape: Vec<(ChatRole, usize)> = turns.iter().map(|turn| (turn.role, turn.content.len())).collect();
    assert_eq!(shape, [(ChatRole::User, 1), (ChatRole::Assistant, 2), (ChatRole::User, 1), (ChatRole::Assistant, 1)]);
    assert!(matches!(&turns[2].content[0], ChatContent::ToolResult { call_id, .. } if *call_id == id("a").to_string()));
}

#[test]
fn an_answer_without_text_leaves_no_empty_turn() {
    let turns = turns(&[
        message(Role::User, vec![text("One")]),
        message(Role::Assistant, vec![]),
        message(Role::User, vec![text("Two")]),
    ]);
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0].content, [ChatContent::Text("One\n\nTwo".to_owned())]);
}

#[tokio::test]
async fn a_long_conversation_is_cut_at_a_turn_and_keeps_the_newest() {
    let stage = Stage::set().await;
    stage.script(says(&["Understood."]));
    let long = "word ".repeat(3_000);
    for n in 0..5 {
        let run = stage.send(&format!("{n} {long}")).await;
        stage.ended(run).await;
    }
    let requests = stage.model.requests();
    let last = requests.last().unwrap();
    assert!(last.messages.len() < 9, "not everything fits");
    assert_eq!(last.messages[0].role, ChatRole::User);
    assert!(matches!(&last.messages.last().unwrap().content[0], ChatContent::Text(text) if text.starts_with("4 ")));
}
