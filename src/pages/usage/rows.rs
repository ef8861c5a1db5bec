//! The table of what cost how much, dearest first. Each row leads one step down.

use super::{asked::Links, chart::by_words, figures};
use crate::model::{
    money,
    usage::{By, Key, KeySums, Sums, ask::UsageAsk, drill::Place},
};
use leptos::prelude::*;

/// Rows that are shown at once; the rest is in the export.
const ROWS_MAX: usize = 100;

#[component]
pub fn Rows(asked: UsageAsk, rows: Vec<KeySums>, total: Sums, links: Links) -> impl IntoView {
    let most = rows.iter().map(|row| weight(&row.sums, &total)).max().unwrap_or(0);
    let hidden = rows.len().saturating_sub(ROWS_MAX);
    let calls = links.calls(&asked, &Place::default());
    let title = format!("By {}", asked.by.as_str());
    let first = by_words(asked.by);
    let body = rows.into_iter().take(ROWS_MAX).map(|row| row_view(&asked, row, &total, most, &links)).collect_view();
    view! {
        <section class="panel" aria-labelledby="rows-title">
            <header class="panel-head">
                <h2 class="panel-title" id="rows-title">{title}</h2>
                <a class="quiet-link" href=calls>"Threads and calls"</a>
            </header>
            <div class="table-frame">
                <table class="table num">
                    <thead>
                        <tr>
                            <th scope="col">{first}</th>
                            <th class="n" scope="col">"Calls"</th>
                            <th class="n wide-only" scope="col">"Input"</th>
                            <th class="n wide-only" scope="col">"Cached"</th>
                            <th class="n wide-only" scope="col">"Output"</th>
                            <th class="n wide-only" scope="col">"Failed"</th>
                            <th class="n" scope="col">"Cost"</th>
                            <th class="fill-cell" scope="col"><span class="visually-hidden">"Share"</span></th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"Total"</th>
                            {figures_of(&total)}
                            <td class="fill-cell"></td>
                        </tr>
                    </tfoot>
                </table>
            </div>
            {(hidden > 0).then(|| view! { <p class="field-hint">{format!("{hidden} more are in the export.")}</p> })}
        </section>
    }
}

/// What the bar of a row shows: money, or tokens where nothing cost any.
fn weight(sums: &Sums, total: &Sums) -> i64 {
    if total.cost_microusd > 0 { sums.cost_microusd } else { sums.usage.total() }
}

fn row_view(asked: &UsageAsk, row: KeySums, total: &Sums, most: i64, links: &Links) -> impl IntoView + use<> {
    let KeySums { key, name, sums } = row;
    let words = key.words(name.as_deref());
    let provider = match &key {
        Key::Model { provider, .. } => Some(provider.clone()),
        _ => None,
    };
    // One that is chosen already leads to its calls.
    let href = if chosen(asked) { Some(links.calls(asked, &Place::default())) } else { links.narrowed(asked, &key) };
    let name = match href {
        Some(href) => view! { <a class="table-link" href=href dir="auto">{words}</a> }.into_any(),
        None => view! { <span dir="auto">{words}</span> }.into_any(),
    };
    let share = if most > 0 { weight(&sums, total) as f64 * 100.0 / most as f64 } else { 0.0 };
    view! {
        <tr>
            <th scope="row">{name}{provider.map(|provider| view! { " "<span class="table-note">{provider}</span> })}</th>
            {figures_of(&sums)}
            <td class="fill-cell">
                <svg class="fill" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=format!("{share:.1}") height="6"></rect>
                </svg>
            </td>
        </tr>
    }
}

/// Whether the filter names one of the things that the rows tell apart.
fn chosen(asked: &UsageAsk) -> bool {
    let filter = &asked.filter;
    match asked.by {
        By::Model => filter.model.is_some(),
        By::Provider => filter.provider.is_some(),
        By::Agent => filter.agent.is_some(),
        By::Person => filter.person.is_some(),
        By::Purpose => filter.purpose.is_some(),
    }
}

fn figures_of(sums: &Sums) -> impl IntoView + use<> {
    let usage = sums.usage;
    let cached = usage.cache_read_tokens + usage.cache_write_tokens;
    view! {
        <td class="n">{money::grouped(sums.calls.unsigned_abs())}</td>
        <td class="n wide-only">{money::many(usage.input_tokens)}</td>
        <td class="n wide-only">{money::many(cached)}</td>
        <td class="n wide-only">{money::many(usage.output_tokens + usage.reasoning_tokens)}</td>
        <td class="n wide-only">{figures::share(sums.failed, sums.calls)}</td>
        <td class="n">{figures::cost(sums)}</td>
    }
}
