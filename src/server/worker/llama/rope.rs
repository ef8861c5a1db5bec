//! Rotary position embedding (Su et al. 2021, arXiv:2104.09864), in the interleaved form of GGUF's llama weights.

use super::Shape;
use candle_core::{Device, Result, Tensor};
use candle_nn::rotary_emb::rope_i;

/// Cosines and sines for every place: `[context, head_size / 2]`.
pub(super) struct Rope {
    cos: Tensor,
    sin: Tensor,
}

/// Where the tokens of one call stand, and what each of them may look at.
pub(super) struct Place {
    pub start: usize,
    cos: Tensor,
    sin: Tensor,
    /// `[rows, start + rows]`, minus infinity where a token would see a later one; `None` for a single token.
    pub mask: Option<Tensor>,
}

impl Rope {
    pub fn new(shape: &Shape) -> Result<Self> {
        let half = shape.head_size / 2;
        let turn = |i: usize| 1.0 / shape.rope_base.powf(i as f32 / half as f32);
        let angles: Vec<f32> = (0..shape.context).flat_map(|at| (0..half).map(move |i| at as f32 * turn(i))).collect();
        let angles = Tensor::from_vec(angles, (shape.context, half), &Device::Cpu)?;
        Ok(Self { cos: angles.cos()?, sin: angles.sin()? })
    }

    pub fn place(&self, start: usize, rows: usize) -> Result<Place> {
        let (cos, sin) = (self.cos.narrow(0, start, rows)?, self.sin.narrow(0, start, rows)?);
        let mask = if rows > 1 { Some(mask(start, rows)?) } else { None };
        Ok(Place { start, cos, sin, mask })
    }
}

impl Place {
    /// Turns `[heads, rows, head_size]` by the places of its rows.
    pub fn turn(&self, x: &Tensor) -> Result<Tensor> {
        rope_i(&x.unsqueeze(0)?, &self.cos, &self.sin)?.squeeze(0)
    }
}

fn mask(start: usize, rows: usize) -> Result<Tensor> {
    let columns = start + rows;
    let seen = |row: usize, column: usize| if column <= start + row { 0.0 } else { f32::NEG_INFINITY };
    let cells: Vec<f32> = (0..rows).flat_map(|row| (0..columns).map(move |column| seen(row, column))).collect();
    Tensor::from_vec(cells, (rows, columns), &Device::Cpu)
}
