//! What the URL asks for, and the URLs that ask for something else.

use crate::{
    model::usage::{
        By, Key,
        ask::{Measure, Preset, UsageAsk},
        drill::Place,
    },
    pages::group::GroupContext,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

/// The query of the URL, parsed.
pub fn asked() -> Memo<UsageAsk> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| UsageAsk::of(|name| query.get(name))))
}

/// Which calls the URL asks for besides.
pub fn place() -> Memo<Place> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| Place {
            thread: query.get("thread").and_then(|raw| raw.parse().ok()),
            run: query.get("run").and_then(|raw| raw.parse().ok()),
            after: query.get("after"),
        })
    })
}

/// Links between the pages of usage. Each keeps what was asked for, but for the one thing that it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    base: String,
    /// Whether the reader sees their own only: then there is nobody to tell apart.
    own: bool,
}

impl Links {
    pub fn of(group: &GroupContext) -> Self {
        Self { base: group.path("/usage"), own: !group.role.manages() }
    }

    /// Where a form of the overview points.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn overview(&self, asked: &UsageAsk) -> String {
        with_query(self.base.clone(), asked.fields())
    }

    pub fn export(&self, asked: &UsageAsk) -> String {
        with_query(format!("{}.csv", self.base), asked.fields())
    }

    pub fn preset(&self, asked: &UsageAsk, preset: Preset) -> String {
        self.overview(&UsageAsk { preset, from: None, to: None, ..asked.clone() })
    }

    pub fn by(&self, asked: &UsageAsk, by: By) -> String {
        self.overview(&UsageAsk { by, ..asked.clone() })
    }

    pub fn measure(&self, asked: &UsageAsk, measure: Measure) -> String {
        self.overview(&UsageAsk { measure: Some(measure), ..asked.clone() })
    }

    /// Narrowed to one key, told apart by what one asks next. `None` where it cannot be narrowed.
    pub fn narrowed(&self, asked: &UsageAsk, key: &Key) -> Option<String> {
        let mut next = asked.clone();
        let filter = &mut next.filter;
        match key {
            Key::Model { provider, model } => {
                (filter.provider, filter.model) = (Some(provider.clone()), Some(model.clone()));
            }
            Key::Provider(provider) => filter.provider = Some(provider.clone()),
            Key::Agent(agent) => filter.agent = Some((*agent)?),
            Key::Person(person) => filter.person = Some((*person)?),
            Key::Purpose(purpose) => filter.purpose = Some(purpose.clone()),
        }
        next.by = match asked.by {
            By::Provider | By::Agent | By::Person => By::Model,
            By::Model | By::Purpose if self.own => By::Agent,
            By::Model | By::Purpose => By::Person,
        };
        Some(self.overview(&next))
    }

    /// The calls behind what is shown.
    pub fn calls(&self, asked: &UsageAsk, place: &Place) -> String {
        let mut fields: Vec<_> = asked.fields().into_iter().filter(|(name, _)| !matches!(*name, "by" | "measure")).collect();
        fields.extend(place.thread.map(|thread| ("thread", thread.to_string())));
        fields.extend(place.run.map(|run| ("run", run.to_string())));
        fields.extend(place.after.clone().map(|after| ("after", after)));
        with_query(format!("{}/calls", self.base), fields)
    }
}

fn with_query(path: String, fields: Vec<(&'static str, String)>) -> String {
    if fields.is_empty() {
        return path;
    }
    let pairs: Vec<_> = fields.into_iter().map(|(name, value)| format!("{name}={}", Url::escape(&value))).collect();
    format!("{path}?{}", pairs.join("&"))
}
