//! How the named models behave.

mod tool;

use super::{Step, usage};
use crate::server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, FinishReason, ModelError, ModelEvent};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// Every named behaviour, as the picker shows them.
pub const NAMES: [&str; 12] =
    ["echo", "paced", "fast", "slow", "hang", "cut", "broken", "limited", "unavailable", "thinking", "tool", "filtered"];

const PACED: &str = include_str!("behaviour/paced.md");

pub(super) fn steps(request: &ChatRequest) -> Vec<Step> {
    let fail = |error| vec![Step::Fail(error)];
    let detail = || "scripted".to_owned();
    match request.model.as_str() {
        "echo" => answer(request, words(&format!("You said: {}", last_text(request)), 15)),
        "paced" => answer(request, words(PACED, 40)),
        "fast" => answer(request, fast()),
        "slow" => answer(request, slow()),
        "hang" => vec![Step::WaitFor(Arc::new(Notify::new()))],
        "cut" => cut(),
        "broken" => fail(ModelError::InvalidRequest { detail: detail() }),
        "limited" => fail(ModelError::RateLimited { retry_after: Some(Duration::from_secs(2)), detail: detail() }),
        "unavailable" => fail(ModelError::Unavailable { detail: detail() }),
        "thinking" => answer(request, thinking(request)),
        "tool" => tool::steps(request),
        "filtered" => finish(request, words("I would rather", 15), FinishReason::ContentFilter),
        name => fail(ModelError::InvalidRequest { detail: format!("there is no scripted model named {name}") }),
    }
}

fn fast() -> Vec<Step> {
    (1..=100).map(|number| Step::text(format!("{number} "))).collect()
}

fn slow() -> Vec<Step> {
    std::iter::once(Step::Pause(Duration::from_secs(5))).chain(words("Here is a late answer.", 40)).collect()
}

fn cut() -> Vec<Step> {
    let error = ModelError::CutOff { detail: "scripted".to_owned() };
    words("This answer ends in the middle of", 15).into_iter().chain([Step::Fail(error)]).collect()
}

fn thinking(request: &ChatRequest) -> Vec<Step> {
    let thought =
        pieces("The member wrote something. I will say what it was.").map(|word| ModelEvent::Reasoning(word.to_owned()));
    let thought = thought.flat_map(|event| [Step::Pause(Duration::from_millis(15)), Step::Emit(event)]);
    thought.chain(words(&format!("After some thought: you said \u{201c}{}\u{201d}.", last_text(request)), 15)).collect()
}

/// The steps of a whole answer: what is said, then usage, then the end.
fn answer(request: &ChatRequest, steps: Vec<Step>) -> Vec<Step> {
    finish(request, steps, FinishReason::Stop)
}

fn finish(request: &ChatRequest, mut steps: Vec<Step>, reason: FinishReason) -> Vec<Step> {
    let usage = usage::of(request, &steps);
    steps.extend([Step::Emit(ModelEvent::Usage(usage)), Step::finish(reason)]);
    steps
}

/// Word by word, with a pause before each.
fn words(text: &str, millis: u64) -> Vec<Step> {
    pieces(text).flat_map(|word| [Step::Pause(Duration::from_millis(millis)), Step::text(word)]).collect()
}

/// A piece is a word with the white space after it, so that the pieces together are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace)
}

/// What the member said last.
fn last_text(request: &ChatRequest) -> String {
    let said = |message: &ChatMessage| {
        message.content.iter().rev().find_map(|content| match content {
            ChatContent::Text(text) => Some(text.clone()),
            _ => None,
        })
    };
    let from_member = request.messages.iter().rev().filter(|message| message.role == ChatRole::User);
    from_member.filter_map(said).next().unwrap_or_default()
}
