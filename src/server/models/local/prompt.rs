//! A request as turns of plain text, which is all that a small model understands.

use crate::server::{
    models::{ChatContent, ChatMessage, ChatRequest, ChatRole},
    worker::protocol::{Role, Turn},
};

/// How every system message begins. The model is that sensitive: asked for the capital of France, it says Paris after these
/// very words, and nonsense in French after "You are a helpful assistant. Answer briefly and truthfully.".
const OPENING: &str = "You are a helpful AI assistant.";

pub(crate) fn turns(request: &ChatRequest) -> Vec<Turn> {
    let system = format!("{OPENING}\n\n{}", request.system).trim_end().to_owned();
    let said = request.messages.iter().map(turn).filter(|turn| !turn.text.is_empty());
    std::iter::once(Turn { role: Role::System, text: system }).chain(said).collect()
}

fn turn(message: &ChatMessage) -> Turn {
    let role = match message.role {
        ChatRole::User => Role::User,
        ChatRole::Assistant => Role::Assistant,
    };
    let texts: Vec<_> = message.content.iter().filter_map(text).collect();
    Turn { role, text: texts.join("\n\n") }
}

/// A thread may have used tools with another model before: their results still inform, the calls themselves do not.
fn text(content: &ChatContent) -> Option<String> {
    match content {
        ChatContent::Text(text) => Some(text.trim().to_owned()),
        ChatContent::Thought(_) | ChatContent::ToolCall { .. } => None,
        ChatContent::ToolResult { output, .. } => Some(format!("A tool answered: {output}")),
    }
    .filter(|text| !text.is_empty())
}
