//! Choosing a period: by name, or from day to day. Links and a plain form, so that the URL always says what is shown.

use super::asked::Links;
use crate::model::{
    calendar::Date,
    usage::ask::{Preset, UsageAsk},
};
use leptos::prelude::*;

#[component]
pub fn PeriodPicker(asked: UsageAsk, links: Links, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let presets = Preset::ALL.into_iter().filter(|preset| *preset != Preset::Custom);
    let presets = presets
        .map(|preset| {
            let href = links.preset(&asked, preset);
            view! { <a class="segment" href=href aria-current=(asked.preset == preset).then_some("true")>{preset.words()}</a> }
        })
        .collect_view();
    view! {
        <div class="usage-head">
            <nav class="segments" aria-label="Period">{presets}</nav>
            <CustomDays asked links/>
            <div class="usage-acts">{children.map(|children| children())}</div>
        </div>
    }
}

#[component]
fn CustomDays(asked: UsageAsk, links: Links) -> impl IntoView {
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let (from, to) = (date(asked.from), date(asked.to));
    let kept = asked.fields().into_iter().filter(|(name, _)| !matches!(*name, "period" | "from" | "to"));
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <form class="usage-days" method="get" action=links.base().to_owned()>
            <input type="hidden" name="period" value="custom"/>
            {kept}
            <label class="usage-day">"From"<input class="input" type="date" name="from" value=from required/></label>
            <label class="usage-day">"to"<input class="input" type="date" name="to" value=to/></label>
            <button class="btn" type="submit">"Show days"</button>
        </form>
    }
}

/// `1 – 30 November 2026 · Europe/Lisbon · compared with …`.
#[component]
pub fn PeriodLine(days: (Date, Date), before: Option<(Date, Date)>, time_zone: String, own: bool) -> impl IntoView {
    let mut text = format!("{} · {time_zone}", range(days));
    if let Some(before) = before {
        text.push_str(&format!(" · compared with {}", range(before)));
    }
    if own {
        text.push_str(" · your own usage");
    }
    view! { <p class="usage-period">{text}</p> }
}

/// Days in words, without saying twice what is the same.
pub fn range((from, to): (Date, Date)) -> String {
    match (from == to, from.month() == to.month(), from.year == to.year) {
        (true, _, _) => from.words(),
        (_, true, _) => format!("{} – {}", from.day, to.words()),
        (_, _, true) => format!("{} – {}", from.short(), to.words()),
        _ => format!("{} – {}", from.words(), to.words()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_words_say_nothing_twice() {
        let words = |from: &str, to: &str| range((Date::parse(from).unwrap(), Date::parse(to).unwrap()));
        assert_eq!(words("2026-11-01", "2026-11-30"), "1 – 30 Nov 2026");
        assert_eq!(words("2026-10-30", "2026-11-02"), "30 Oct – 2 Nov 2026");
        assert_eq!(words("2025-12-30", "2026-01-02"), "30 Dec 2025 – 2 Jan 2026");
        assert_eq!(words("2026-11-01", "2026-11-01"), "1 Nov 2026");
    }
}
