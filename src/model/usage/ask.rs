//! What the dashboard is asked for. It stands in the URL, so it can be sent to somebody and works before the page does.

use super::{By, UsageFilter};
use crate::model::calendar::Date;
use serde::{Deserialize, Serialize};

/// A period by name, or days of one's own choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Today,
    Week,
    #[default]
    Month,
    LastMonth,
    Quarter,
    Year,
    Custom,
}

/// What the bars of the chart show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Cost,
    Tokens,
    Calls,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UsageAsk {
    pub preset: Preset,
    /// Of [`Preset::Custom`]: the first and the last day.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub by: By,
    /// `None`: money where anything cost some, else tokens.
    pub measure: Option<Measure>,
    pub filter: UsageFilter,
}

impl Preset {
    pub const ALL: [Self; 7] = [Self::Today, Self::Week, Self::Month, Self::LastMonth, Self::Quarter, Self::Year, Self::Custom];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::LastMonth => "last_month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Custom => "custom",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == raw)
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Week => "7 days",
            Self::Month => "This month",
            Self::LastMonth => "Last month",
            Self::Quarter => "90 days",
            Self::Year => "12 months",
            Self::Custom => "Custom",
        }
    }
}

impl Measure {
    pub const ALL: [Self; 3] = [Self::Cost, Self::Tokens, Self::Calls];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Calls => "calls",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == raw)
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Cost => "Cost",
            Self::Tokens => "Tokens",
            Self::Calls => "Calls",
        }
    }
}

impl UsageAsk {
    /// What a URL's query says, one field at a time. What cannot be parsed is as if it were not there.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).filter(|value| !value.is_empty());
        let (from, to) = (text("from").and_then(|raw| Date::parse(&raw)), text("to").and_then(|raw| Date::parse(&raw)));
        let named = text("period").and_then(|raw| Preset::parse(&raw));
        let preset = named.unwrap_or(if from.is_some() || to.is_some() { Preset::Custom } else { Preset::default() });
        let custom = preset == Preset::Custom;
        Self {
            preset,
            from: from.filter(|_| custom),
            to: to.filter(|_| custom),
            by: text("by").and_then(|raw| By::parse(&raw)).unwrap_or_default(),
            measure: text("measure").and_then(|raw| Measure::parse(&raw)),
            filter: UsageFilter {
                provider: text("provider"),
                model: text("model"),
                agent: text("agent").and_then(|raw| raw.parse().ok()),
                person: text("person").and_then(|raw| raw.parse().ok()),
                purpose: text("purpose"),
            },
        }
    }

    /// The fields that say it, for a form or a URL; what goes without saying is left out.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let filter = &self.filter;
        let fields = [
            ("period", (self.preset != Preset::default()).then(|| self.preset.as_str().to_owned())),
            ("from", self.from.map(|date| date.to_string())),
            ("to", self.to.map(|date| date.to_string())),
            ("by", (self.by != By::default()).then(|| self.by.as_str().to_owned())),
            ("measure", self.measure.map(|measure| measure.as_str().to_owned())),
            ("provider", filter.provider.clone()),
            ("model", filter.model.clone()),
            ("agent", filter.agent.map(|agent| agent.to_string())),
            ("person", filter.person.map(|person| person.to_string())),
            ("purpose", filter.purpose.clone()),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_survives_the_way_through_a_url() {
        let filter = UsageFilter {
            model: Some("a b/c&d".to_owned()),
            person: "0190b8f0-0000-7000-8000-000000000000".parse().ok(),
            ..UsageFilter::default()
        };
        let asks = [
            UsageAsk::default(),
            UsageAsk { preset: Preset::LastMonth, by: By::Person, measure: Some(Measure::Tokens), filter, ..UsageAsk::default() },
            UsageAsk {
                preset: Preset::Custom,
                from: Date::parse("2026-02-01"),
                to: Date::parse("2026-02-28"),
                ..UsageAsk::default()
            },
        ];
        for ask in asks {
            let fields = ask.fields();
            let back = UsageAsk::of(|name| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
            assert_eq!(back, ask);
        }
    }

    #[test]
    fn days_without_a_name_are_a_choice_of_ones_own_and_nonsense_is_nothing() {
        let of = |name: &'static str, value: &'static str| UsageAsk::of(move |key| (key == name).then(|| value.to_owned()));
        assert_eq!(of("from", "2026-02-01").preset, Preset::Custom);
        assert_eq!(of("from", "yesterday"), UsageAsk::default());
        assert_eq!(of("by", "colour"), UsageAsk::default());
    }
}
