//! Usage of a model that has no tokenizer: a word is a token.

use crate::{
    model::provider::Usage,
    server::models::{ChatContent, ChatRequest, ModelEvent, scripted::Step},
};

pub(super) fn of(request: &ChatRequest, steps: &[Step]) -> Usage {
    let mut usage = Usage { input_tokens: input(request), ..Usage::default() };
    for step in steps {
        match step {
            Step::Emit(ModelEvent::Text(text) | ModelEvent::ToolCallInput { fragment: text, .. }) => {
                usage.output_tokens += words(text)
            }
            Step::Emit(ModelEvent::Reasoning(text)) => usage.reasoning_tokens += words(text),
            _ => {}
        }
    }
    usage
}

fn input(request: &ChatRequest) -> i64 {
    let said = request.messages.iter().flat_map(|message| &message.content).map(|content| match content {
        ChatContent::Text(text) | ChatContent::ToolResult { output: text, .. } => words(text),
        ChatContent::Thought(thought) => words(&thought.to_string()),
        ChatContent::ToolCall { input, .. } => words(&input.to_string()),
    });
    words(&request.system) + said.sum::<i64>()
}

fn words(text: &str) -> i64 {
    text.split_whitespace().count() as i64
}
