//! One layer: attention over all tokens so far, then the feed-forward network.

use super::{Shape, cache::LayerCache, linear::Linear, rope::Place};
use candle_core::{Result, Tensor};
use candle_nn::ops::{rms_norm, softmax_last_dim};

pub(super) struct Layer {
    pub shape: Shape,
    pub attention_norm: Tensor,
    /// Queries, keys and values in one matrix, so that its input is prepared once.
    pub query_key_value: Linear,
    pub output: Linear,
    pub feed_norm: Tensor,
    pub gate_up: Linear,
    pub down: Linear,
}

impl Layer {
    /// `[rows, hidden]` to the same.
    pub fn forward(&self, x: &Tensor, place: &Place, cache: &mut LayerCache) -> Result<Tensor> {
        let x = (x + self.attend(&rms_norm(x, &self.attention_norm, self.shape.norm_epsilon)?, place, cache)?)?;
        &x + self.feed(&rms_norm(&x, &self.feed_norm, self.shape.norm_epsilon)?)?
    }

    fn attend(&self, x: &Tensor, place: &Place, cache: &mut LayerCache) -> Result<Tensor> {
        let Shape { heads, kv_heads, head_size, hidden, .. } = self.shape;
        let rows = x.dim(0)?;
        let all = self.query_key_value.forward(x)?;
        let queries = place.turn(&split(&all, 0, heads, head_size)?)?;
        let keys = place.turn(&split(&all, heads, kv_heads, head_size)?)?;
        let values = split(&all, heads + kv_heads, kv_heads, head_size)?;
        let (keys, values) = cache.append(place.start, &keys, &values)?;
        // Neighbouring heads of queries share a head of keys, so they can stand under each other as its rows.
        let queries = (queries.reshape((kv_heads, heads / kv_heads * rows, head_size))? / (head_size as f64).sqrt())?;
        let weights = softmax(&queries.matmul(&keys.t()?)?, heads, rows, place)?;
        let mixed = weights.matmul(&values)?.reshape((heads, rows, head_size))?;
        self.output.forward(&mixed.transpose(0, 1)?.reshape((rows, hidden))?)
    }

    fn feed(&self, x: &Tensor) -> Result<Tensor> {
        let both = self.gate_up.forward(x)?;
        let half = both.dim(1)? / 2;
        let (gate, up) = (both.narrow(1, 0, half)?, both.narrow(1, half, half)?);
        self.down.forward(&(gate.silu()? * up)?)
    }
}

/// Columns of `[rows, heads × head_size]` as `[count, rows, head_size]`, from head `first` on.
fn split(all: &Tensor, first: usize, count: usize, head_size: usize) -> Result<Tensor> {
    let rows = all.dim(0)?;
    all.narrow(1, first * head_size, count * head_size)?.reshape((rows, count, head_size))?.transpose(0, 1)?.contiguous()
}

/// Scores to weights that add up to one, over the tokens that each row may see; the shape stays.
fn softmax(scores: &Tensor, heads: usize, rows: usize, place: &Place) -> Result<Tensor> {
    let Some(mask) = &place.mask else { return softmax_last_dim(scores) };
    let each = scores.reshape((heads, rows, mask.dim(1)?))?.broadcast_add(mask)?;
    softmax_last_dim(&each)?.reshape(scores.shape())
}
