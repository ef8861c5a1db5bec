//! The encoder of BERT (Devlin et al. 2018, arXiv:1810.04805), as sentence embedders use it: tokens in, one vector per token
//! out.
//!
//! Several texts go through together as one row of tokens. Only attention looks from token to token, and it is done text by
//! text; so no text is padded to the length of another, and a text's vectors do not depend on its neighbours.

use candle_core::{D, DType, Device, Module, Result, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, VarBuilder, embedding, layer_norm, linear, ops::softmax_last_dim};
use std::path::Path;

const VOCABULARY: usize = 30_522;
const POSITIONS: usize = 512;
const HIDDEN: usize = 384;
const INNER: usize = 1_536;
const HEADS: usize = 12;
const HEAD: usize = HIDDEN / HEADS;
const LAYERS: usize = 6;
const EPSILON: f64 = 1e-12;

pub(super) struct Bert {
    words: Embedding,
    /// The vectors of places, with the one vector that every token of a single text has besides.
    places: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    output_norm: LayerNorm,
    inner: Linear,
    outer: Linear,
    outer_norm: LayerNorm,
}

impl Bert {
    pub fn load(file: &Path) -> Result<Self> {
        let weights = VarBuilder::from_buffered_safetensors(std::fs::read(file)?, DType::F32, &Device::Cpu)?;
        let front = weights.pp("embeddings");
        let places = embedding(POSITIONS, HIDDEN, front.pp("position_embeddings"))?;
        let kinds = embedding(2, HIDDEN, front.pp("token_type_embeddings"))?;
        Ok(Self {
            words: embedding(VOCABULARY, HIDDEN, front.pp("word_embeddings"))?,
            places: places.embeddings().broadcast_add(&kinds.embeddings().narrow(0, 0, 1)?)?,
            norm: layer_norm(HIDDEN, EPSILON, front.pp("LayerNorm"))?,
            layers: (0..LAYERS).map(|index| Layer::load(weights.pp(format!("encoder.layer.{index}")))).collect::<Result<_>>()?,
        })
    }

    /// One vector of length 1 per text: the mean of its tokens' vectors. Every text has a token, and at most 512.
    pub fn embed(&self, texts: &[Vec<u32>]) -> Result<Vec<Vec<f32>>> {
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        let ids = Tensor::new(texts.concat(), &Device::Cpu)?;
        let places = lengths.iter().map(|length| self.places.narrow(0, 0, *length)).collect::<Result<Vec<_>>>()?;
        let mut x = self.norm.forward(&(self.words.forward(&ids)? + Tensor::cat(&places, 0)?)?)?;
        for layer in &self.layers {
            x = layer.forward(&x, &lengths)?;
        }
        spans(&lengths).map(|(start, length)| unit(&x.narrow(0, start, length)?.mean(0)?)).collect()
    }
}

impl Layer {
    fn load(weights: VarBuilder) -> Result<Self> {
        let attention = weights.pp("attention");
        Ok(Self {
            query: linear(HIDDEN, HIDDEN, attention.pp("self.query"))?,
            key: linear(HIDDEN, HIDDEN, attention.pp("self.key"))?,
            value: linear(HIDDEN, HIDDEN, attention.pp("self.value"))?,
            output: linear(HIDDEN, HIDDEN, attention.pp("output.dense"))?,
            output_norm: layer_norm(HIDDEN, EPSILON, attention.pp("output.LayerNorm"))?,
            inner: linear(HIDDEN, INNER, weights.pp("intermediate.dense"))?,
            outer: linear(INNER, HIDDEN, weights.pp("output.dense"))?,
            outer_norm: layer_norm(HIDDEN, EPSILON, weights.pp("output.LayerNorm"))?,
        })
    }

    fn forward(&self, x: &Tensor, lengths: &[usize]) -> Result<Tensor> {
        let seen = self.output.forward(&self.attend(x, lengths)?)?;
        let x = self.output_norm.forward(&(x + seen)?)?;
        let thought = self.outer.forward(&self.inner.forward(&x)?.gelu_erf()?)?;
        self.outer_norm.forward(&(x + thought)?)
    }

    /// Every token looks at all tokens of its own text.
    fn attend(&self, x: &Tensor, lengths: &[usize]) -> Result<Tensor> {
        let (query, key, value) = (self.query.forward(x)?, self.key.forward(x)?, self.value.forward(x)?);
        let query = (query / (HEAD as f64).sqrt())?;
        let seen = spans(lengths).map(|(start, length)| {
            let heads =
                |all: &Tensor| all.narrow(0, start, length)?.reshape((length, HEADS, HEAD))?.transpose(0, 1)?.contiguous();
            let scores = heads(&query)?.matmul(&heads(&key)?.transpose(1, 2)?)?;
            softmax_last_dim(&scores)?.matmul(&heads(&value)?)?.transpose(0, 1)?.reshape((length, HIDDEN))
        });
        Tensor::cat(&seen.collect::<Result<Vec<_>>>()?, 0)
    }
}

/// Where each text begins, and how long it is.
fn spans(lengths: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    lengths.iter().scan(0, |start, length| {
        let begins = *start;
        *start += length;
        Some((begins, *length))
    })
}

fn unit(vector: &Tensor) -> Result<Vec<f32>> {
    let length = vector.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?;
    vector.broadcast_div(&length)?.to_vec1()
}
