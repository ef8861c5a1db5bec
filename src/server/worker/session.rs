//! One loaded model and the conversation that it last worked on.

use super::{
    WorkerError, chat,
    llama::{Cache, Llama},
    protocol::{AnswerId, Generate, Reason, Reply},
    sampler::{Sampler, is_looping},
    text::Pieces,
    tokenizer::{END_OF_TEXT, END_OF_TURN, Tokenizer},
};
use candle_core::quantized::gguf_file::Content;
use std::{fs::File, io, io::BufReader, path::Path};

/// How many tokens of a prompt are read between two looks at the cancel flag.
const CHUNK: usize = 128;
/// How many tokens a conversation must leave for its answer.
const ROOM: usize = 64;

pub struct Session {
    llama: Llama,
    tokenizer: Tokenizer,
    sampler: Sampler,
    cache: Cache,
    /// The tokens that `cache` has seen, in order.
    seen: Vec<u32>,
}

/// Takes replies to the server.
type Send<'a> = &'a mut dyn FnMut(Reply) -> io::Result<()>;
type Cancelled<'a> = &'a dyn Fn() -> bool;

/// What is known of an answer while it is being written.
struct Answer {
    id: AnswerId,
    output: Vec<u32>,
    pieces: Pieces,
}

impl Session {
    pub fn load(path: &Path) -> Result<Self, WorkerError> {
        let file = File::open(path).map_err(|source| WorkerError::Weights { path: path.display().to_string(), source })?;
        let mut file = BufReader::new(file);
        let content = Content::read(&mut file)?;
        let tokenizer = Tokenizer::from_gguf(&content)?;
        let llama = Llama::load(&content, &mut file)?;
        let ends = vec![END_OF_TEXT, END_OF_TURN];
        let forbidden = tokenizer.special().iter().copied().filter(|id| !ends.contains(id)).collect();
        Ok(Self { cache: llama.cache()?, llama, tokenizer, sampler: Sampler { forbidden, ends }, seen: Vec::new() })
    }

    /// Answers one request, reply by reply.
    pub fn answer(&mut self, request: &Generate, cancelled: Cancelled, send: Send) -> Result<(), WorkerError> {
        let prompt = chat::prompt(&self.tokenizer, &request.messages)?;
        let budget = self.budget(prompt.len(), request.max_tokens)?;
        let known = self.keep_common(&prompt);
        send(Reply::Started { id: request.id, prompt_tokens: prompt.len() as u32, cached_tokens: known as u32 })?;
        let mut answer = Answer { id: request.id, output: Vec::new(), pieces: Pieces::default() };
        let reason = match self.read(&prompt[known..], cancelled)? {
            Some(logits) => self.write(logits, budget, &mut answer, cancelled, send)?,
            None => Reason::Cancelled,
        };
        self.finish(answer, reason, send)
    }

    /// How many tokens the answer may have.
    fn budget(&self, prompt: usize, wanted: u32) -> Result<usize, WorkerError> {
        let limit = self.llama.context_tokens().saturating_sub(ROOM);
        if prompt > limit {
            return Err(WorkerError::ContextTooLong { prompt, limit });
        }
        Ok((self.llama.context_tokens() - prompt).min(wanted as usize))
    }

    /// Forgets everything after what this prompt has in common with the conversation before, and tells how much that is.
    /// The last token is always read again, because its logits begin the answer.
    fn keep_common(&mut self, prompt: &[u32]) -> usize {
        let same = self.seen.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        let known = same.min(prompt.len() - 1);
        self.seen.truncate(known);
        self.cache.truncate(known);
        known
    }

    /// Reads the rest of the prompt; `None` when cancelled on the way.
    fn read(&mut self, ids: &[u32], cancelled: Cancelled) -> Result<Option<Vec<f32>>, WorkerError> {
        let mut logits = None;
        for chunk in ids.chunks(CHUNK) {
            if cancelled() {
                return Ok(None);
            }
            logits = Some(self.step(chunk)?);
        }
        Ok(logits)
    }

    fn write(
        &mut self,
        mut logits: Vec<f32>,
        budget: usize,
        answer: &mut Answer,
        cancelled: Cancelled,
        send: Send,
    ) -> Result<Reason, WorkerError> {
        while answer.output.len() < budget {
            if cancelled() {
                return Ok(Reason::Cancelled);
            }
            let next = self.sampler.choose(&mut logits, &answer.output);
            if self.sampler.ends.contains(&next) || is_looping(&answer.output) {
                return Ok(Reason::Stop);
            }
            answer.output.push(next);
            if let Some(delta) = answer.pieces.push(&self.tokenizer, next)? {
                send(answer.text(delta))?;
            }
            logits = self.step(&[next])?;
        }
        Ok(Reason::Length)
    }

    fn finish(&self, mut answer: Answer, reason: Reason, send: Send) -> Result<(), WorkerError> {
        if let Some(delta) = std::mem::take(&mut answer.pieces).finish(&self.tokenizer)? {
            send(answer.text(delta))?;
        }
        Ok(send(Reply::Done { id: answer.id, reason, output_tokens: answer.output.len() as u32 })?)
    }

    fn step(&mut self, ids: &[u32]) -> Result<Vec<f32>, WorkerError> {
        let logits = self.llama.forward(ids, &mut self.cache)?;
        self.seen.extend_from_slice(ids);
        Ok(logits)
    }
}

impl Answer {
    fn text(&self, delta: String) -> Reply {
        Reply::Text { id: self.id, delta, output_tokens: self.output.len() as u32 }
    }
}
