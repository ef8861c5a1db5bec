//! The wire format of usage.

use crate::{
    ids::{AgentId, PersonId},
    model::{
        self, Millis,
        usage::{Key, Sums, UsageFilter},
    },
    server::usage::report::{Item, Question, Report},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

super::super::words! {
    UsageBucket from model::usage::Bucket { Hour, Day, Month }

    UsageBy from model::usage::By { Model, Provider, Agent, Person, Purpose }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UsageQuery {
    /// Where it begins: Unix milliseconds. Usually 30 days before the end.
    from: Option<Millis>,
    /// Where it ends; the moment itself is not part of it. Usually now.
    to: Option<Millis>,
    /// Cut into hours, days or months. Without it each key has one item.
    #[param(inline)]
    bucket: Option<UsageBucket>,
    /// Told apart by; usually `model`.
    #[param(inline)]
    by: Option<UsageBy>,
    /// Only calls of this provider.
    provider: Option<String>,
    model: Option<String>,
    agent: Option<Uuid>,
    person: Option<Uuid>,
    /// `chat`, `embedding` or `title`.
    purpose: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CsvQuery {
    /// Where it begins: Unix milliseconds. Usually 30 days before the end.
    pub(super) from: Option<Millis>,
    /// Where it ends; the moment itself is not part of it. Usually now.
    pub(super) to: Option<Millis>,
    /// Only calls of this provider.
    provider: Option<String>,
    model: Option<String>,
    agent: Option<Uuid>,
    person: Option<Uuid>,
    purpose: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UsageReport {
    /// The stretch that was summed up.
    from: Millis,
    to: Millis,
    totals: UsageTotals,
    /// In the order of time; dearest first.
    items: Vec<UsageItem>,
}

/// The five classes of tokens are disjoint and add up.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageTotals {
    calls: i64,
    input_tokens: i64,
    cache_read_tokens: i64,
    cache_write_tokens: i64,
    output_tokens: i64,
    reasoning_tokens: i64,
    /// Micro-dollars of the calls whose price is known.
    cost_microusd: i64,
    /// Calls whose price is not known: they are not in the cost.
    unknown_price_calls: i64,
    /// Calls that failed.
    failed_calls: i64,
    /// Calls whose tokens are estimated, because the provider did not tell them.
    estimated_calls: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UsageItem {
    /// A model's, a provider's or a purpose's name, or the id of an agent or a person; null where no agent or nobody in
    /// particular had the call made.
    #[schema(required)]
    key: Option<String>,
    /// Of a model: whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// Of an agent or a person that still exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// When the hour, day or month begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<Millis>,
    #[serde(flatten)]
    sums: UsageTotals,
}

impl From<UsageQuery> for Question {
    fn from(query: UsageQuery) -> Self {
        let UsageQuery { from, to, bucket, by, provider, model, agent, person, purpose } = query;
        Self {
            from,
            to,
            bucket: bucket.map(Into::into),
            by: by.map(Into::into).unwrap_or_default(),
            filter: filter(provider, model, agent, person, purpose),
        }
    }
}

impl From<CsvQuery> for UsageFilter {
    fn from(query: CsvQuery) -> Self {
        let CsvQuery { provider, model, agent, person, purpose, .. } = query;
        filter(provider, model, agent, person, purpose)
    }
}

fn filter(
    provider: Option<String>,
    model: Option<String>,
    agent: Option<Uuid>,
    person: Option<Uuid>,
    purpose: Option<String>,
) -> UsageFilter {
    UsageFilter { provider, model, agent: agent.map(AgentId::from_uuid), person: person.map(PersonId::from_uuid), purpose }
}

impl From<Report> for UsageReport {
    fn from(report: Report) -> Self {
        let Report { from, to, totals, items } = report;
        Self { from, to, totals: totals.into(), items: items.into_iter().map(Into::into).collect() }
    }
}

impl From<Item> for UsageItem {
    fn from(item: Item) -> Self {
        let (provider, key) = match item.sums.key {
            Key::Model { provider, model } => (Some(provider), Some(model)),
            Key::Provider(provider) => (None, Some(provider)),
            Key::Agent(agent) => (None, agent.map(|id| id.to_string())),
            Key::Person(person) => (None, person.map(|id| id.to_string())),
            Key::Purpose(purpose) => (None, Some(purpose)),
        };
        Self { key, provider, name: item.sums.name, bucket: item.bucket, sums: item.sums.sums.into() }
    }
}

impl From<Sums> for UsageTotals {
    fn from(sums: Sums) -> Self {
        Self {
            calls: sums.calls,
            input_tokens: sums.usage.input_tokens,
            cache_read_tokens: sums.usage.cache_read_tokens,
            cache_write_tokens: sums.usage.cache_write_tokens,
            output_tokens: sums.usage.output_tokens,
            reasoning_tokens: sums.usage.reasoning_tokens,
            cost_microusd: sums.cost_microusd,
            unknown_price_calls: sums.unknown_price_calls,
            failed_calls: sums.failed,
            estimated_calls: sums.estimated,
        }
    }
}
