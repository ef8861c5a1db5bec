//! The model's tokenizer, made from the tables inside its GGUF file: byte-level BPE after splitting digits one by one.

use super::WorkerError;
use candle_core::quantized::gguf_file::Content;
use tokenizers::{
    AddedToken, PreTokenizerWrapper, Tokenizer as Bpe,
    models::bpe::{BPE, Merges, Vocab},
    pre_tokenizers::{byte_level::ByteLevel, digits::Digits, sequence::Sequence},
};

pub const END_OF_TEXT: u32 = 0;
pub const START_OF_TURN: u32 = 1;
pub const END_OF_TURN: u32 = 2;

/// In `tokenizer.ggml.token_type`: control tokens and those that a user defined, neither of which stands for text.
const SPECIAL_TYPES: [i32; 2] = [3, 4];

pub struct Tokenizer {
    bpe: Bpe,
    special: Vec<u32>,
}

impl Tokenizer {
    pub fn from_gguf(content: &Content) -> Result<Self, WorkerError> {
        let tokens = strings(content, "tokenizer.ggml.tokens")?;
        let special = special_ids(content)?;
        let added: Vec<_> = special.iter().filter_map(|id| tokens.get(*id as usize)).map(|t| AddedToken::from(t, true)).collect();
        let vocab: Vocab = tokens.into_iter().zip(0..).collect();
        let mut bpe = Bpe::new(BPE::builder().vocab_and_merges(vocab, merges(content)?).build().map_err(failed)?);
        let split: [PreTokenizerWrapper; 2] = [Digits::new(true).into(), ByteLevel::new(false, true, true).into()];
        bpe.with_pre_tokenizer(Some(Sequence::new(split.into())));
        bpe.with_decoder(Some(ByteLevel::new(false, true, true)));
        bpe.add_special_tokens(added).map_err(failed)?;
        // Special tokens are known for decoding only: a text that spells one is encoded letter by letter.
        bpe.set_encode_special_tokens(true);
        Ok(Self { bpe, special })
    }

    /// Plain text to tokens; never yields a special token.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, WorkerError> {
        Ok(self.bpe.encode_fast(text, false).map_err(failed)?.get_ids().to_vec())
    }

    /// Tokens to text, without the special ones; bytes that are no whole character become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> Result<String, WorkerError> {
        self.bpe.decode(ids, true).map_err(failed)
    }

    /// Tokens that steer the model and stand for no text.
    pub fn special(&self) -> &[u32] {
        &self.special
    }
}

fn failed(error: tokenizers::Error) -> WorkerError {
    WorkerError::Tokenizer(error.to_string())
}

fn value<'a>(content: &'a Content, key: &str) -> Result<&'a candle_core::quantized::gguf_file::Value, WorkerError> {
    content.metadata.get(key).ok_or_else(|| WorkerError::Tokenizer(format!("the weights have no {key}")))
}

fn strings(content: &Content, key: &str) -> Result<Vec<String>, WorkerError> {
    value(content, key)?.to_vec()?.iter().map(|item| Ok(item.to_string()?.clone())).collect()
}

fn special_ids(content: &Content) -> Result<Vec<u32>, WorkerError> {
    let types = value(content, "tokenizer.ggml.token_type")?.to_vec()?;
    let kinds = types.iter().map(|kind| kind.to_i32()).collect::<Result<Vec<_>, _>>()?;
    Ok((0..).zip(kinds).filter(|(_, kind)| SPECIAL_TYPES.contains(kind)).map(|(id, _)| id).collect())
}

fn merges(content: &Content) -> Result<Merges, WorkerError> {
    let pair = |line: String| match line.split_once(' ') {
        Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
        None => Err(WorkerError::Tokenizer(format!("not a merge: {line}"))),
    };
    strings(content, "tokenizer.ggml.merges")?.into_iter().map(pair).collect()
}
