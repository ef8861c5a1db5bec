//! The model's chat format (ChatML, as its `tokenizer.chat_template` has it): a conversation as one list of tokens.

use super::{
    WorkerError,
    protocol::{Role, Turn},
    tokenizer::{END_OF_TURN, START_OF_TURN, Tokenizer},
};

/// `<|im_start|>role⏎text<|im_end|>⏎` for each turn, then the opening of the assistant's.
///
/// The markers are pushed as ids and everything else is encoded as plain text, so that a text which spells a marker
/// stays a text.
pub fn prompt(tokenizer: &Tokenizer, turns: &[Turn]) -> Result<Vec<u32>, WorkerError> {
    let mut ids = Vec::new();
    for turn in turns {
        ids.push(START_OF_TURN);
        ids.extend(tokenizer.encode(&format!("{}\n{}", name(turn.role), turn.text))?);
        ids.push(END_OF_TURN);
        ids.extend(tokenizer.encode("\n")?);
    }
    ids.push(START_OF_TURN);
    ids.extend(tokenizer.encode(&format!("{}\n", name(Role::Assistant)))?);
    Ok(ids)
}

fn name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}
