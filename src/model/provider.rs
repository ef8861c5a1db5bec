//! What a provider offers, and what a call used.

use serde::{Deserialize, Serialize};
use std::ops::Add;

/// Tokens of one model call. The five classes are disjoint: their sum is all that was processed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Input that was neither read from nor written to a cache.
    pub input_tokens: i64,
    pub cache_read_tokens: i64,
    pub cache_write_tokens: i64,
    /// Output that was shown, without reasoning.
    pub output_tokens: i64,
    pub reasoning_tokens: i64,
}

impl Usage {
    pub fn total(&self) -> i64 {
        self.input_tokens + self.cache_read_tokens + self.cache_write_tokens + self.output_tokens + self.reasoning_tokens
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input_tokens: self.input_tokens + other.input_tokens,
            cache_read_tokens: self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens: self.cache_write_tokens + other.cache_write_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            reasoning_tokens: self.reasoning_tokens + other.reasoning_tokens,
        }
    }
}

/// Micro-dollars per million tokens; so $3.00 per million is 3,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub input: i64,
    pub cache_read: i64,
    pub cache_write: i64,
    pub output: i64,
}

/// One model of one provider, as the picker shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// `local`, `openai`, `anthropic`, `scripted`, or a name that an operator gave.
    pub provider: String,
    pub model: String,
    /// Input and output together; `None` where it is not known.
    pub context_tokens: Option<u32>,
    /// `None` where it is not known; local models cost zero.
    pub price: Option<Price>,
    /// Whether the model calls tools natively.
    pub tools: bool,
}

/// A provider and what it offers, or why it offers nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderInfo {
    pub provider: String,
    pub models: Vec<ModelInfo>,
    /// What an admin should do when there are no models.
    pub problem: Option<String>,
}
