//! A group's list of prices.

use crate::model::{
    calendar::Date,
    provider::{Price, Priced},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    pub time_zone: String,
    pub today: Date,
    /// When the built-in table was read, and from where.
    pub built_in: String,
    /// What the group uses or has prices for, by provider and model.
    pub models: Vec<ModelPrice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelPrice {
    pub provider: String,
    pub model: String,
    /// What counts now; `None`: nobody knows it.
    pub now: Option<Priced>,
    /// Calls of the last 90 days, and how many of them have no price.
    pub calls: i64,
    pub unknown_price_calls: i64,
    /// The group's own, newest first; those that begin later, too.
    pub own: Vec<OwnPrice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPrice {
    pub from: Date,
    /// `None`: from then on the built-in price counts again.
    pub price: Option<Price>,
    /// By whom, while they are known.
    pub saved_by: Option<String>,
}

/// A price as it was typed: dollars per million tokens. Without any figure the built-in price is to count again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceDraft {
    pub provider: String,
    pub model: String,
    /// `2026-11-28`; empty for today.
    pub from: String,
    pub input: String,
    pub cache_read: String,
    pub cache_write: String,
    pub output: String,
    pub reasoning: String,
}
