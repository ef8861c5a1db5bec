//! What the usage page shows.

use super::{Bucket, Key, KeySums, Sums, ask::Measure};
use crate::model::{Millis, calendar::Date};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub time_zone: String,
    /// The first and the last day, and those that they are compared with.
    pub days: (Date, Date),
    pub before: (Date, Date),
    pub now: Tiles,
    pub then: Tiles,
    pub chart: Chart,
    /// Told apart, dearest first.
    pub rows: Vec<KeySums>,
    /// The names of what the filter asks about: agent and person.
    pub names: (Option<String>, Option<String>),
    /// Whether the reader sees their own only.
    pub own: bool,
    /// Whether anything was ever booked that the reader may see.
    pub any: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    pub sums: Sums,
    pub people: i64,
    pub duration: Percentiles,
    pub first_token: Percentiles,
}

/// In milliseconds; `None` where there was nothing to measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Percentiles {
    pub p50: Option<Millis>,
    pub p95: Option<Millis>,
}

/// Stacked bars over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub bucket: Bucket,
    pub measure: Measure,
    pub slots: Vec<Slot>,
    /// From the bottom up; the last one may be the rest.
    pub series: Vec<Series>,
}

/// An hour, a day or a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// For the axis: `14`, `Nov`.
    pub short: String,
    /// `14 Nov 2026`, `14:00`, `November 2026`.
    pub words: String,
    /// Calls without a price, which no bar of money shows.
    pub unknown_price_calls: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// `None`: everything else.
    pub key: Option<Key>,
    pub name: String,
    /// One value for each slot: micro-dollars, tokens or calls.
    pub values: Vec<i64>,
}

impl Key {
    /// How it is called, where `name` is the name of an agent or a person.
    pub fn words(&self, name: Option<&str>) -> String {
        match self {
            Self::Model { model, .. } => model.clone(),
            Self::Provider(provider) => provider.clone(),
            Self::Agent(None) => "No agent".to_owned(),
            Self::Person(None) => "Nobody in particular".to_owned(),
            Self::Agent(Some(id)) => name.map_or_else(|| format!("Deleted agent {}", short(&id.to_string())), str::to_owned),
            Self::Person(Some(id)) => name.map_or_else(|| format!("Deleted person {}", short(&id.to_string())), str::to_owned),
            Self::Purpose(purpose) => purpose_words(purpose),
        }
    }
}

fn purpose_words(purpose: &str) -> String {
    match purpose {
        "chat" => "Chat".to_owned(),
        "embedding" => "Embedding".to_owned(),
        "title" => "Titles".to_owned(),
        other => other.to_owned(),
    }
}

/// The end of an id, which tells ids apart.
pub fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(6)..).unwrap_or(id)
}
