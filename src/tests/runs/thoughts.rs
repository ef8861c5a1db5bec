//! Thoughts that a provider signed: they go back to it while the run goes on, and only where they stood.

use super::stage::{Stage, calls, says};
use crate::server::models::{ChatContent, ChatRequest, ModelEvent, scripted::Step};
use serde_json::{Value, json};

fn thought(signature: &str) -> Value {
    json!({ "type": "thinking", "thinking": "", "signature": signature })
}

fn signed(signature: &str) -> Step {
    Step::Emit(ModelEvent::Thought(thought(signature)))
}

/// A step that does these things and then calls a tool.
fn asks(before: Vec<Step>, about: &str) -> Vec<Step> {
    before.into_iter().chain(calls(&[("getContext", json!({ "contextType": about }))])).collect()
}

/// What an assistant said in a request, in short.
fn told(request: &ChatRequest) -> Vec<String> {
    let contents = request.messages.iter().flat_map(|message| &message.content);
    let word = |content: &ChatContent| match content {
        ChatContent::Text(text) => text.chars().take(12).collect(),
        ChatContent::Thought(thought) => format!("thought {}", thought["signature"].as_str().unwrap()),
        ChatContent::ToolCall { .. } => "call".to_owned(),
        ChatContent::ToolResult { .. } => "result".to_owned(),
    };
    contents.map(word).collect()
}

async fn requests(stage: &Stage, turns: Vec<Vec<Step>>) -> Vec<Vec<String>> {
    stage.equip(&["getContext"], vec![]).await;
    stage.script_turns(turns);
    let before = stage.model.requests().len();
    let run = stage.send("Who am I?").await;
    stage.ended(run).await;
    stage.model.requests()[before..].iter().map(told).collect()
}

#[tokio::test]
async fn thoughts_go_back_in_front_of_the_words_and_calls_that_they_led_to() {
    let stage = Stage::set().await;
    let first = asks(vec![signed("a"), signed("b"), Step::text("I look. ")], "group");
    let turns = vec![first, asks(vec![signed("c")], "user"), says(&["You are Ada."])];
    let sent = requests(&stage, turns).await;
    let start = ["Who am I?", "thought a", "thought b", "I look. ", "call", "result"];
    assert_eq!(sent[1], start);
    assert_eq!(sent[2], [&start[..], &["thought c", "call", "result"]].concat());

    let later = requests(&stage, vec![says(&["Still Ada."])]).await;
    assert!(!later[0].iter().any(|word| word.starts_with("thought")), "another run begins without them: {later:?}");
}

#[tokio::test]
async fn a_thought_behind_words_or_calls_cannot_be_put_back_and_takes_its_step_along() {
    let stage = Stage::set().await;
    let turns = vec![asks(vec![signed("a"), Step::text("Hm. "), signed("b")], "group"), says(&["You are Ada."])];
    assert_eq!(requests(&stage, turns).await[1], ["Who am I?", "Hm. ", "call", "result"]);
}

#[tokio::test]
async fn a_conversation_that_has_to_be_cut_goes_on_without_thoughts() {
    let stage = Stage::set().await;
    // What a model of unknown size can read is less than this, so that the first turn is left out.
    stage.script_turns(vec![says(&["Noted."])]);
    let long = stage.send(&"海".repeat(20_000)).await;
    stage.ended(long).await;
    let turns = vec![asks(vec![signed("a")], "group"), says(&["You are Ada."])];
    assert_eq!(requests(&stage, turns).await[1], ["Who am I?", "call", "result"]);
}
