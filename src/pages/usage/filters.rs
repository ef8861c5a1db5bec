//! What the figures are narrowed to, each with the way back.

use super::asked::Links;
use crate::{
    components::icon::{Icon, IconName},
    model::usage::{Key, UsageFilter, ask::UsageAsk},
};
use leptos::prelude::*;

/// `names` are those of the agent and the person. Nothing where nothing is narrowed.
#[component]
pub fn Filters(asked: UsageAsk, names: (Option<String>, Option<String>), links: Links) -> impl IntoView {
    let chips = chips(&asked, &names, |asked| links.overview(asked));
    view! { <FilterChips chips/> }
}

pub struct Chip {
    pub kind: &'static str,
    pub name: String,
    /// Where this is not asked for any more.
    pub without: String,
}

pub fn chips(asked: &UsageAsk, names: &(Option<String>, Option<String>), to: impl Fn(&UsageAsk) -> String) -> Vec<Chip> {
    let filter = asked.filter.clone();
    let without = |change: fn(&mut UsageFilter)| {
        let mut asked = asked.clone();
        change(&mut asked.filter);
        to(&asked)
    };
    let mut chips = Vec::new();
    let mut add = |kind, name: Option<String>, change: fn(&mut UsageFilter)| {
        chips.extend(name.map(|name| Chip { kind, name, without: without(change) }));
    };
    add("Provider", filter.provider, |filter| filter.provider = None);
    add("Model", filter.model, |filter| filter.model = None);
    add("Agent", filter.agent.map(|id| Key::Agent(Some(id)).words(names.0.as_deref())), |filter| filter.agent = None);
    add("Person", filter.person.map(|id| Key::Person(Some(id)).words(names.1.as_deref())), |filter| filter.person = None);
    add("Purpose", filter.purpose.map(|purpose| Key::Purpose(purpose).words(None)), |filter| filter.purpose = None);
    chips
}

#[component]
pub fn FilterChips(chips: Vec<Chip>) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        let chip = |chip: Chip| {
            let label = format!("Show all again, not only {}", chip.name);
            view! {
                <li>
                    <a class="chip chip-link" href=chip.without aria-label=label>
                        <span class="soft">{chip.kind}</span><span dir="auto">{chip.name}</span><Icon name=IconName::Close/>
                    </a>
                </li>
            }
        };
        view! { <ul class="chips" aria-label="Only">{chips.into_iter().map(chip).collect_view()}</ul> }
    })
}
