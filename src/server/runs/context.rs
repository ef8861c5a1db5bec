//! What a model is given: the agent's instructions and the newest turns that fit, cut on turn boundaries.

use super::turn::Turn;
use crate::{
    error::Result,
    ids::ToolCallId,
    model::{
        message::{Message, Part, Role},
        run::RunKind,
        tool_call::ToolCall,
    },
    server::models::{ChatContent, ChatMessage, ChatRequest, ChatRole, ToolSpec},
};
use std::collections::HashSet;

/// Messages that are looked at; a model's budget is reached long before.
const MESSAGES: usize = 200;

/// What is assumed of a model whose context is not known.
pub const DEFAULT_CONTEXT: u32 = 16_384;

/// What a Continue asks for; it is not part of the conversation.
const CONTINUE: &str = "Your last message was cut short. Go on exactly where it ended. Do not repeat anything and do not comment on the interruption.";

/// What stands for a result that does not fit any more.
const LEFT_OUT: &str = "[left out: the conversation is as long as the model can read]";

pub async fn request(turn: &mut Turn) -> Result<ChatRequest> {
    let store = turn.app.store.turn(&turn.claimed.lease);
    let messages = store.context(turn.answer.seq, MESSAGES).await?;
    let mut messages = turns(&messages);
    if turn.claimed.kind == RunKind::Continue && messages.last().is_some_and(|last| last.role == ChatRole::Assistant) {
        messages.push(ChatMessage { role: ChatRole::User, content: vec![ChatContent::Text(CONTINUE.to_owned())] });
    }
    let tools = turn.toolbox.specs();
    let (budget, max_output_tokens) = budget(turn, &tools);
    if tools.is_empty() {
        // Providers refuse calls in a request that offers no tools: the agent may have lost its own since.
        tell_calls(&mut messages);
    }
    turn.thoughts.put_back(&mut messages);
    if !fits(&messages, budget) {
        turn.thoughts.forget(&mut messages);
    }
    Ok(ChatRequest {
        model: turn.agent.model.clone(),
        system: turn.agent.instructions.clone(),
        messages: fit(messages, budget),
        tools,
        max_output_tokens,
    })
}

/// Calls and results as text.
fn tell_calls(messages: &mut [ChatMessage]) {
    for content in messages.iter_mut().flat_map(|message| &mut message.content) {
        *content = ChatContent::Text(match content {
            ChatContent::Text(_) | ChatContent::Thought(_) => continue,
            ChatContent::ToolCall { name, input, .. } => format!("(I used the tool {name} with {input}.)"),
            ChatContent::ToolResult { output, .. } => format!("(The tool answered: {output})"),
        });
    }
}

/// Tokens that the conversation may take, and tokens left for the answer.
fn budget(turn: &Turn, tools: &[ToolSpec]) -> (usize, u32) {
    let context = turn.context_tokens.unwrap_or(DEFAULT_CONTEXT);
    let spent = turn.used.output_tokens + turn.used.reasoning_tokens;
    let output = output(turn.agent.limits.output_tokens, spent, turn.context_tokens);
    let instructions = tokens(turn.agent.instructions.len() + tool_bytes(tools)) as u32;
    (context.saturating_sub(output).saturating_sub(instructions) as usize, output)
}

/// Tokens that an answer may take, of which the steps before took some.
pub fn output(limit: u32, spent: i64, context: Option<u32>) -> u32 {
    let left = limit.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX));
    left.clamp(16, (context.unwrap_or(DEFAULT_CONTEXT) / 2).max(16))
}

/// About how many tokens so many bytes are: three bytes a token, which errs on the side of more.
pub fn tokens(bytes: usize) -> i64 {
    bytes.div_ceil(3) as i64
}

/// Bytes of everything that a request says.
pub fn bytes(request: &ChatRequest) -> usize {
    request.system.len() + request.messages.iter().map(size).sum::<usize>() + tool_bytes(&request.tools)
}

fn tool_bytes(tools: &[ToolSpec]) -> usize {
    tools.iter().map(|tool| tool.name.len() + tool.description.len() + tool.input_schema.to_string().len()).sum()
}

/// The whole conversation as a model would be given it, in tokens.
pub fn estimate(instructions: &str, messages: &[Message]) -> u32 {
    let all: usize = turns(messages).iter().map(size).sum();
    u32::try_from(tokens(instructions.len() + all)).unwrap_or(u32::MAX)
}

fn size(message: &ChatMessage) -> usize {
    let content = message.content.iter().map(|content| match content {
        ChatContent::Text(text) => text.len(),
        ChatContent::Thought(thought) => thought.to_string().len(),
        ChatContent::ToolCall { call_id, name, input } => call_id.len() + name.len() + input.to_string().len(),
        ChatContent::ToolResult { call_id, output, .. } => call_id.len() + output.len(),
    });
    content.sum::<usize>() + 12
}

/// Messages become turns: the two roles alternate, and each tool call is followed by its result.
pub fn turns(messages: &[Message]) -> Vec<ChatMessage> {
    let mut turns = Vec::new();
    for message in messages {
        match message.role {
            Role::User => push(&mut turns, ChatRole::User, ChatContent::Text(message.text())),
            Role::Assistant | Role::Operator => push_answer(&mut turns, message),
        }
    }
    turns.retain(|turn| !turn.content.is_empty());
    turns
}

fn push_answer(turns: &mut Vec<ChatMessage>, message: &Message) {
    let answered: HashSet<ToolCallId> = message.parts.iter().filter_map(result_id).collect();
    for part in &message.parts {
        match part {
            Part::Text { text } => push(turns, ChatRole::Assistant, ChatContent::Text(text.clone())),
            Part::ToolCall(ToolCall { call_id, name, input, .. }) if answered.contains(call_id) => {
                let call = ChatContent::ToolCall { call_id: call_id.to_string(), name: name.clone(), input: input.clone() };
                push(turns, ChatRole::Assistant, call);
            }
            Part::ToolResult { call_id, output, is_error } => {
                let result =
                    ChatContent::ToolResult { call_id: call_id.to_string(), output: output.clone(), is_error: *is_error };
                push(turns, ChatRole::User, result);
            }
            _ => {}
        }
    }
}

fn result_id(part: &Part) -> Option<ToolCallId> {
    if let Part::ToolResult { call_id, .. } = part { Some(*call_id) } else { None }
}

/// Adds to the last turn where it is of the same role: a continued answer reads as one.
fn push(turns: &mut Vec<ChatMessage>, role: ChatRole, content: ChatContent) {
    if matches!(&content, ChatContent::Text(text) if text.is_empty()) {
        return;
    }
    match turns.last_mut() {
        Some(last) if last.role == role => join(&mut last.content, role, content),
        _ => turns.push(ChatMessage { role, content: vec![content] }),
    }
}

fn join(into: &mut Vec<ChatContent>, role: ChatRole, content: ChatContent) {
    match (into.last_mut(), content) {
        (Some(ChatContent::Text(text)), ChatContent::Text(more)) => {
            // Two messages of a person are two paragraphs; an answer that went on is one text.
            if role == ChatRole::User {
                text.push_str("\n\n");
            }
            text.push_str(&more);
        }
        (_, content) => into.push(content),
    }
}

fn fits(messages: &[ChatMessage], budget: usize) -> bool {
    tokens(messages.iter().map(size).sum()) as usize <= budget
}

/// Drops the oldest turns until the rest fits. A turn begins with what a person says, and is dropped whole; the newest
/// one stays, whatever its size.
fn fit(messages: Vec<ChatMessage>, budget: usize) -> Vec<ChatMessage> {
    let starts: Vec<usize> = messages.iter().enumerate().filter(|(_, message)| begins(message)).map(|(index, _)| index).collect();
    let mut from = starts.last().copied().unwrap_or(0);
    for start in starts.into_iter().rev() {
        if !fits(&messages[start..], budget) {
            break;
        }
        from = start;
    }
    let mut messages: Vec<ChatMessage> = messages.into_iter().skip(from).collect();
    shorten(&mut messages, budget);
    messages
}

/// The newest turn alone may be too long, by what its tools brought: the oldest results go first, and say so.
fn shorten(messages: &mut [ChatMessage], budget: usize) {
    let mut bytes: usize = messages.iter().map(size).sum();
    for content in messages.iter_mut().flat_map(|message| &mut message.content) {
        if tokens(bytes) as usize <= budget {
            return;
        }
        if let ChatContent::ToolResult { output, .. } = content
            && output.len() > LEFT_OUT.len()
        {
            bytes -= output.len() - LEFT_OUT.len();
            LEFT_OUT.clone_into(output);
        }
    }
}

fn begins(message: &ChatMessage) -> bool {
    message.role == ChatRole::User && !message.content.iter().any(|content| matches!(content, ChatContent::ToolResult { .. }))
}
