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
    /// Output that was shown.
    pub output: i64,
    /// Output that was not: most vendors charge as much for it.
    pub reasoning: i64,
}

impl Price {
    /// Of what is given away.
    pub const FREE: Self = Self { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0 };

    /// What a call costs, in micro-dollars. It is rounded once per call, half of a micro-dollar upwards; no sum on the way
    /// overflows, and what does not fit at all is the most that there is.
    pub fn cost(&self, usage: &Usage) -> i64 {
        let classes = [
            (usage.input_tokens, self.input),
            (usage.cache_read_tokens, self.cache_read),
            (usage.cache_write_tokens, self.cache_write),
            (usage.output_tokens, self.output),
            (usage.reasoning_tokens, self.reasoning),
        ];
        let sum: i128 = classes.into_iter().map(|(tokens, price)| i128::from(tokens) * i128::from(price)).sum();
        i64::try_from((sum + 500_000).div_euclid(1_000_000)).unwrap_or(i64::MAX)
    }
}

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// An owner of the group wrote it down.
    Group,
    /// The provider itself tells it: local models are free.
    Provider,
    /// The table that comes with this program.
    BuiltIn,
}

impl PriceSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Provider => "provider",
            Self::BuiltIn => "built_in",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Group, Self::Provider, Self::BuiltIn].into_iter().find(|source| source.as_str() == raw)
    }
}

/// A price, and whence it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priced {
    pub price: Price,
    pub source: PriceSource,
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
