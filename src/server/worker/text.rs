//! Tokens to pieces of text as they come: a token may end in the middle of a character, a piece never does.

use super::{WorkerError, tokenizer::Tokenizer};

/// What stands for bytes that are no character (yet).
const INCOMPLETE: char = char::REPLACEMENT_CHARACTER;

#[derive(Default)]
pub struct Pieces {
    /// Tokens whose text has not been given out, because it ends inside a character.
    held: Vec<u32>,
}

impl Pieces {
    /// The text that this token completes; `None` while its last character is open.
    ///
    /// As the decoder joins bytes, the text of all tokens is the texts of their parts, wherever no character is cut.
    pub fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> Result<Option<String>, WorkerError> {
        self.held.push(id);
        let text = tokenizer.decode(&self.held)?;
        if text.ends_with(INCOMPLETE) {
            return Ok(None);
        }
        self.held.clear();
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// What is left when the answer ends: whole characters only.
    pub fn finish(self, tokenizer: &Tokenizer) -> Result<Option<String>, WorkerError> {
        let text = tokenizer.decode(&self.held)?;
        Ok(Some(text.trim_end_matches(INCOMPLETE).to_owned()).filter(|text| !text.is_empty()))
    }
}
