//! The days of a month: what the ledger has, what the provider says, and the difference.

use crate::{
    components::{empty::Empty, icon::IconName},
    model::{calendar::Month, money, usage::statement::ReconciledDay},
};
use leptos::prelude::*;

#[component]
pub fn DayTable(provider: String, month: Month, days: Vec<ReconciledDay>) -> impl IntoView {
    if days.is_empty() {
        let text = "Neither the ledger nor the provider has anything in this month.";
        return view! { <Empty icon=IconName::Chart title="Nothing to compare" text/> }.into_any();
    }
    // Days of which the provider said nothing are not compared.
    let told: Vec<_> = days.iter().filter(|day| day.theirs_microusd.is_some()).collect();
    let ours: i64 = told.iter().map(|day| day.ours_microusd).sum();
    let theirs: i64 = told.iter().filter_map(|day| day.theirs_microusd).sum();
    let total = (!told.is_empty()).then(|| {
        view! {
            <tr>
                <th scope="row">{format!("{} compared", days_words(told.len()))}</th>
                <td class="n">{money::ledger(ours)}</td>
                <td class="n">{money::ledger(theirs)}</td>
                <td class="n">{difference(theirs - ours)}</td>
                <td class="n wide-only"></td>
                <td class="n wide-only"></td>
            </tr>
        }
    });
    let title = format!("{provider}, {}", month.words());
    view! {
        <section class="panel" aria-labelledby="days-title">
            <header class="panel-head"><h2 class="panel-title" id="days-title">{title}</h2></header>
            <div class="table-frame">
                <table class="table num">
                    <thead>
                        <tr>
                            <th scope="col">"Day (UTC)"</th>
                            <th class="n" scope="col">"Ledger"</th>
                            <th class="n" scope="col">"Provider"</th>
                            <th class="n" scope="col">"Difference"</th>
                            <th class="n wide-only" scope="col">"Ledger’s tokens"</th>
                            <th class="n wide-only" scope="col">"Provider’s tokens"</th>
                        </tr>
                    </thead>
                    <tbody>{days.into_iter().map(row).collect_view()}</tbody>
                    <tfoot>{total}</tfoot>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(day: ReconciledDay) -> impl IntoView {
    let gap = day.difference();
    let unknown = (day.unknown_price_calls > 0)
        .then(|| view! { <span class="flag unpriced">{format!("{} unpriced", day.unknown_price_calls)}</span> });
    let tokens = |count: i64| money::grouped(count.unsigned_abs());
    view! {
        <tr>
            <th scope="row">{day.day.words()}</th>
            <td class="n"><span class="usage-cost">{money::ledger(day.ours_microusd)}{unknown}</span></td>
            <td class="n">{day.theirs_microusd.map_or_else(|| "–".to_owned(), money::ledger)}</td>
            <td class="n">{gap.map(difference)}</td>
            <td class="n wide-only">{tokens(day.ours_tokens)}</td>
            <td class="n wide-only">{day.theirs_tokens.map_or_else(|| "–".to_owned(), tokens)}</td>
        </tr>
    }
}

/// Here differences matter, so nothing is rounded.
fn difference(micro: i64) -> impl IntoView {
    let (class, words) = match micro {
        0 => ("flag good", "none".to_owned()),
        1.. => ("flag bad", format!("+ {}", money::ledger(micro))),
        _ => ("flag bad", format!("− {}", money::ledger(-micro))),
    };
    view! { <span class=class>{words}</span> }
}

fn days_words(count: usize) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
