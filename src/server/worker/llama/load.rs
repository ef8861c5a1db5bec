//! From a GGUF file to a model that is quick: whatever the file's own format, matrices become Q8_0, because that has fast
//! kernels everywhere (Q4_1, in which this model comes, is four times slower).

use super::{super::protocol::CONTEXT_TOKENS, Layer, Linear, Llama, Rope, Shape};
use candle_core::{
    Device, Result, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Content, Value},
    },
};
use std::io::{Read, Seek};

pub(super) struct Loader<'a, R> {
    content: &'a Content,
    file: &'a mut R,
}

impl<'a, R: Read + Seek> Loader<'a, R> {
    pub fn new(content: &'a Content, file: &'a mut R) -> Self {
        Self { content, file }
    }

    pub fn llama(mut self) -> Result<Llama> {
        let shape = self.shape()?;
        let layers = (0..shape.layers).map(|index| self.layer(index, shape)).collect::<Result<_>>()?;
        Ok(Llama {
            shape,
            embedding: self.linear(&["token_embd.weight".to_owned()])?,
            layers,
            norm: self.tensor("output_norm.weight")?,
            rope: Rope::new(&shape)?,
        })
    }

    fn shape(&self) -> Result<Shape> {
        let number = |key: &str| Ok::<_, candle_core::Error>(self.meta(key)?.to_u32()? as usize);
        let (hidden, heads) = (number("embedding_length")?, number("attention.head_count")?);
        Ok(Shape {
            layers: number("block_count")?,
            hidden,
            heads,
            kv_heads: number("attention.head_count_kv")?,
            head_size: hidden / heads,
            context: number("context_length")?.min(CONTEXT_TOKENS as usize),
            norm_epsilon: self.meta("attention.layer_norm_rms_epsilon")?.to_f32()?,
            rope_base: self.meta("rope.freq_base")?.to_f32()?,
        })
    }

    fn meta(&self, key: &str) -> Result<&Value> {
        let found = self.content.metadata.get(&format!("llama.{key}"));
        found.ok_or_else(|| candle_core::Error::Msg(format!("the file has no llama.{key}")))
    }

    fn layer(&mut self, index: usize, shape: Shape) -> Result<Layer> {
        let name = |part: &str| format!("blk.{index}.{part}.weight");
        Ok(Layer {
            shape,
            attention_norm: self.tensor(&name("attn_norm"))?,
            query_key_value: self.linear(&["attn_q", "attn_k", "attn_v"].map(name))?,
            output: self.linear(&[name("attn_output")])?,
            feed_norm: self.tensor(&name("ffn_norm"))?,
            gate_up: self.linear(&["ffn_gate", "ffn_up"].map(name))?,
            down: self.linear(&[name("ffn_down")])?,
        })
    }

    /// Matrices with the same input, one under the other.
    fn linear(&mut self, names: &[String]) -> Result<Linear> {
        if let [name] = names {
            let as_it_is = self.content.tensor(self.file, name, &Device::Cpu)?;
            if as_it_is.dtype() == GgmlDType::Q8_0 {
                return Ok(Linear(as_it_is));
            }
        }
        let parts = names.iter().map(|name| self.tensor(name)).collect::<Result<Vec<_>>>()?;
        Ok(Linear(QTensor::quantize(&Tensor::cat(&parts, 0)?, GgmlDType::Q8_0)?))
    }

    fn tensor(&mut self, name: &str) -> Result<Tensor> {
        self.content.tensor(self.file, name, &Device::Cpu)?.dequantize(&Device::Cpu)
    }
}
