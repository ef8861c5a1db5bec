//! The one large chart: what it shows, the chart itself, and the same figures as a table.

use super::{
    asked::Links,
    figures::{amount, calls_words},
    plot::{Plot, colour},
};
use crate::model::usage::{
    Bucket, By,
    ask::{Measure, UsageAsk},
    dashboard::{Chart, Series, Slot},
};
use leptos::prelude::*;

#[component]
pub fn ChartCard(asked: UsageAsk, chart: Chart, links: Links, own: bool) -> impl IntoView {
    let per = match chart.bucket {
        Bucket::Hour => "hour",
        Bucket::Day => "day",
        Bucket::Month => "month",
    };
    let title = format!("{} per {per}", chart.measure.words());
    let label = format!("{title}, by {}", asked.by.as_str());
    // A plain member is one person.
    let dimensions = By::ALL.into_iter().filter(|by| !(own && *by == By::Person));
    let by = dimensions
        .map(|by| {
            let current = (asked.by == by).then_some("true");
            view! { <a class="segment" href=links.by(&asked, by) aria-current=current>{by_words(by)}</a> }
        })
        .collect_view();
    let measure = Measure::ALL.map(|measure| {
        let current = (chart.measure == measure).then_some("true");
        view! { <a class="segment" href=links.measure(&asked, measure) aria-current=current>{measure.words()}</a> }
    });
    view! {
        <section class="panel" aria-labelledby="chart-title">
            <header class="panel-head">
                <h2 class="panel-title" id="chart-title">{title.clone()}</h2>
                <nav class="segments" aria-label="Measure">{measure.collect_view()}</nav>
                <nav class="segments" aria-label="Told apart by">{by}</nav>
            </header>
            <Plot chart=chart.clone() label/>
            <Legend series=chart.series.clone()/>
            <AsTable chart title/>
        </section>
    }
}

pub fn by_words(by: By) -> &'static str {
    match by {
        By::Model => "Model",
        By::Provider => "Provider",
        By::Agent => "Agent",
        By::Person => "Person",
        By::Purpose => "Purpose",
    }
}

#[component]
fn Legend(series: Vec<Series>) -> impl IntoView {
    let item = |(at, series): (usize, Series)| {
        let class = colour(&series, at);
        view! {
            <li class="legend-item">
                <svg class=class width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2"></rect></svg>
                <span dir="auto">{series.name}</span>
            </li>
        }
    };
    view! { <ul class="legend" aria-label="Colours">{series.into_iter().enumerate().map(item).collect_view()}</ul> }
}

#[component]
fn AsTable(chart: Chart, title: String) -> impl IntoView {
    let Chart { measure, slots, series, .. } = chart;
    let label = title.clone();
    let unknown = slots.iter().any(|slot| slot.unknown_price_calls > 0);
    let heads = series.iter().map(|series| view! { <th class="n" scope="col">{series.name.clone()}</th> }).collect_view();
    let row = |(at, slot): (usize, Slot)| {
        let values = series.iter().map(|series| series.values[at]);
        let total: i64 = values.clone().sum();
        let cells = values.map(|value| view! { <td class="n">{amount(measure, value)}</td> }).collect_view();
        let unknown = unknown.then(|| {
            let words = if slot.unknown_price_calls > 0 { calls_words(slot.unknown_price_calls) } else { "–".to_owned() };
            view! { <td class="n">{words}</td> }
        });
        view! { <tr><th scope="row">{slot.words}</th>{cells}{unknown}<td class="n">{amount(measure, total)}</td></tr> }
    };
    view! {
        <details class="more-info">
            <summary>"The same as a table"</summary>
            <div class="table-frame" tabindex="0" role="region" aria-label=label>
                <table class="table num">
                    <caption class="visually-hidden">{title}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th>{heads}
                            {unknown.then(|| view! { <th class="n" scope="col">"Unknown price"</th> })}
                            <th class="n" scope="col">"Total"</th>
                        </tr>
                    </thead>
                    <tbody>{slots.into_iter().enumerate().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
