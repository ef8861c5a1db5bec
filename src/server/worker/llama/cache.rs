//! The keys and values of what a conversation's tokens were, so that each token is read once.

use super::Shape;
use candle_core::{DType, Device, Result, Tensor};

pub struct Cache {
    layers: Vec<LayerCache>,
    /// How many tokens are valid; what lies behind is leftover.
    len: usize,
}

/// Keys and values of one layer: `[kv_heads, context, head_size]`. The memory is claimed at once and touched as it fills.
pub(super) struct LayerCache {
    keys: Tensor,
    values: Tensor,
}

impl Cache {
    pub(super) fn new(shape: &Shape) -> Result<Self> {
        let empty = || Tensor::zeros((shape.kv_heads, shape.context, shape.head_size), DType::F32, &Device::Cpu);
        let layers = (0..shape.layers).map(|_| Ok(LayerCache { keys: empty()?, values: empty()? })).collect::<Result<_>>()?;
        Ok(Self { layers, len: 0 })
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Forgets everything from token `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    pub(super) fn advance(&mut self, by: usize) {
        self.len += by;
    }

    pub(super) fn layer(&mut self, index: usize) -> &mut LayerCache {
        &mut self.layers[index]
    }
}

impl LayerCache {
    /// Stores the keys and values of new tokens from place `start` on, and answers those of all tokens.
    pub fn append(&mut self, start: usize, keys: &Tensor, values: &Tensor) -> Result<(Tensor, Tensor)> {
        let len = start + keys.dim(1)?;
        self.keys.slice_set(keys, 1, start)?;
        self.values.slice_set(values, 1, start)?;
        Ok((self.keys.narrow(1, 0, len)?, self.values.narrow(1, 0, len)?))
    }
}
