//! Figures in words.

use crate::model::{
    Millis, money,
    usage::{Sums, ask::Measure},
};
use leptos::prelude::*;

/// `310 ms`, `1.2 s`, `45 s`, `over 60 s`; a dash where there is nothing to measure.
pub fn time(ms: Option<Millis>) -> String {
    match ms {
        None => "–".to_owned(),
        Some(60_000..) => "over 60 s".to_owned(),
        Some(ms @ 10_000..) => format!("{} s", (ms + 500) / 1_000),
        Some(ms @ 950..) => format!("{}.{} s", (ms + 50) / 1_000, (ms + 50) % 1_000 / 100),
        // Steps are not finer than this.
        Some(ms) => format!("{} ms", (ms + 5) / 10 * 10),
    }
}

pub fn amount(measure: Measure, value: i64) -> String {
    match measure {
        Measure::Cost => money::dollars(value),
        Measure::Tokens => money::many(value),
        Measure::Calls => money::grouped(value.unsigned_abs()),
    }
}

/// A part of a whole: `0.4 %`, `61 %`, `under 0.1 %`.
pub fn share(part: i64, all: i64) -> String {
    if all == 0 {
        return "–".to_owned();
    }
    let per_mille = (i128::from(part) * 1_000 + i128::from(all) / 2) / i128::from(all);
    match per_mille {
        0 if part > 0 => "under 0.1 %".to_owned(),
        0 => "0 %".to_owned(),
        1..100 if per_mille % 10 != 0 => format!("{}.{} %", per_mille / 10, per_mille % 10),
        _ => format!("{} %", (per_mille + 5) / 10),
    }
}

/// What some calls cost, with a flag where a price is not known: an unknown cost never hides in a sum.
pub fn cost(sums: &Sums) -> impl IntoView + use<> {
    let Sums { calls, cost_microusd, unknown_price_calls: unknown, .. } = *sums;
    let known = (unknown < calls || calls == 0).then(|| money::dollars(cost_microusd));
    let flag = (unknown > 0).then(|| {
        let words = if unknown == calls { "unknown price".to_owned() } else { format!("+ {} unknown", calls_words(unknown)) };
        let title = format!("The price of {} is not known: it is not in the sum.", calls_words(unknown));
        view! { <span class="flag unpriced" title=title>{words}</span> }
    });
    view! { <span class="usage-cost">{known}{flag}</span> }
}

pub fn calls_words(count: i64) -> String {
    if count == 1 { "1 call".to_owned() } else { format!("{} calls", money::grouped(count.unsigned_abs())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_they_are_known() {
        let words =
            [None, Some(4), Some(312), Some(949), Some(950), Some(1_249), Some(9_999), Some(12_300), Some(60_000)].map(time);
        assert_eq!(words, ["–", "0 ms", "310 ms", "950 ms", "1.0 s", "1.2 s", "10.0 s", "12 s", "over 60 s"]);
    }

    #[test]
    fn shares_never_make_something_nothing() {
        let words = [(0, 0), (0, 5), (1, 10_000), (33, 8_214), (61, 100), (1, 1), (5, 100)].map(|(part, all)| share(part, all));
        assert_eq!(words, ["–", "0 %", "under 0.1 %", "0.4 %", "61 %", "100 %", "5 %"]);
    }
}
