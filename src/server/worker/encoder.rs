//! The embedder as the worker runs it: texts to tokens, tokens to vectors, with a look at the cancel flag in between.

use super::{
    WorkerError,
    bert::Bert,
    protocol::{Embed, Reason, Reply},
};
use crate::server::models::fetch::weights::{EMBEDDER, EMBEDDER_TOKENS};
use std::path::Path;
use tokenizers::{Tokenizer, TruncationParams};

/// The most tokens of a text that are read, as the model was made for; its first and its last stand for begin and end.
pub const TOKENS_MAX: usize = 256;

/// How many texts go through the model together. More were no quicker, and this often is looked whether to stop.
const TOGETHER: usize = 8;

pub struct Encoder {
    bert: Bert,
    tokenizer: Tokenizer,
}

impl Encoder {
    /// From the folder that `models fetch` fills.
    pub fn load(folder: &Path) -> Result<Self, WorkerError> {
        let mut tokenizer = Tokenizer::from_file(EMBEDDER_TOKENS.path(folder)).map_err(failed)?;
        // The file itself cuts at 128 tokens and pads every text to them.
        tokenizer.with_padding(None);
        let truncation = TruncationParams { max_length: TOKENS_MAX, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(failed)?;
        Ok(Self { bert: Bert::load(&EMBEDDER.path(folder))?, tokenizer })
    }

    pub fn answer(&self, request: &Embed, cancelled: &dyn Fn() -> bool) -> Result<Reply, WorkerError> {
        let tokens = request.texts.iter().map(|text| self.tokens(text)).collect::<Result<Vec<_>, _>>()?;
        let mut vectors = Vec::with_capacity(tokens.len());
        for some in tokens.chunks(TOGETHER) {
            if cancelled() {
                return Ok(Reply::Done { id: request.id, reason: Reason::Cancelled, output_tokens: 0 });
            }
            vectors.extend(self.bert.embed(some)?);
        }
        Ok(Reply::Embedded { id: request.id, vectors, tokens: tokens.iter().map(|one| one.len() as u32).sum() })
    }

    fn tokens(&self, text: &str) -> Result<Vec<u32>, WorkerError> {
        Ok(self.tokenizer.encode_fast(text, true).map_err(failed)?.get_ids().to_vec())
    }
}

fn failed(error: tokenizers::Error) -> WorkerError {
    WorkerError::Tokenizer(error.to_string())
}
