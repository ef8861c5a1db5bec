//! The llama family's forward pass (Touvron et al. 2023, arXiv:2302.13971), for one conversation at a time on one core.

mod cache;
mod layer;
mod linear;
mod load;
mod rope;

pub(super) use cache::Cache;

use self::{layer::Layer, linear::Linear, rope::Rope};
use candle_core::{Device, IndexOp, Result, Tensor, quantized::gguf_file::Content};
use candle_nn::ops::rms_norm;
use std::io::{Read, Seek};

/// The sizes of a model, as its file names them.
#[derive(Debug, Clone, Copy)]
struct Shape {
    layers: usize,
    hidden: usize,
    heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` heads of queries.
    kv_heads: usize,
    head_size: usize,
    context: usize,
    norm_epsilon: f32,
    rope_base: f32,
}

pub(super) struct Llama {
    shape: Shape,
    /// One row per token; the output head too, as this model ties the two.
    embedding: Linear,
    layers: Vec<Layer>,
    norm: Tensor,
    rope: Rope,
}

impl Llama {
    pub fn load(content: &Content, file: &mut (impl Read + Seek)) -> Result<Self> {
        load::Loader::new(content, file).llama()
    }

    pub fn context_tokens(&self) -> usize {
        self.shape.context
    }

    /// An empty cache for one conversation.
    pub fn cache(&self) -> Result<Cache> {
        Cache::new(&self.shape)
    }

    /// Reads `ids` after what the cache has seen, and answers the logits of the token that comes next.
    pub fn forward(&self, ids: &[u32], cache: &mut Cache) -> Result<Vec<f32>> {
        let mut x = self.embedding.rows(&Tensor::new(ids, &Device::Cpu)?)?;
        let place = self.rope.place(cache.len(), ids.len())?;
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x, &place, cache.layer(index))?;
        }
        cache.advance(ids.len());
        let last = rms_norm(&x.i(ids.len() - 1..)?.contiguous()?, &self.norm, self.shape.norm_epsilon)?;
        self.embedding.forward(&last)?.i(0)?.to_vec1()
    }
}
