//! The numbers first, each beside the period before.

use super::figures::{self, share, time};
use crate::model::{
    money,
    usage::dashboard::{Percentiles, Tiles},
};
use leptos::prelude::*;

/// Whether more of it is bad, or neither good nor bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    Bad,
    Neither,
}

#[component]
pub fn TileRow(now: Tiles, then: Tiles, length: i64) -> impl IntoView {
    let (sums, before) = (now.sums, then.sums);
    let cached = share(sums.usage.cache_read_tokens, inputs(&now));
    let threads = sums.threads as f64 / length.max(1) as f64;
    view! {
        <section class="tiles num" aria-label="Figures of the period">
            <Tile label="Cost" value=figures::cost(&sums).into_any() change=change(sums.cost_microusd, before.cost_microusd, More::Bad)/>
            <Tile label="Tokens" value=money::many(sums.usage.total()).into_any() note=format!("{cached} of the input from cache")
                change=change(sums.usage.total(), before.usage.total(), More::Neither)>
                <Classes now/>
            </Tile>
            <Tile label="Messages" value=count(sums.messages).into_any() change=change(sums.messages, before.messages, More::Neither)
                note=figures::calls_words(sums.calls)/>
            <Tile label="Active people" value=count(now.people).into_any() change=change(now.people, then.people, More::Neither)/>
            <Tile label="Failed calls" value=share(sums.failed, sums.calls).into_any()
                note=format!("{} of {}", count(sums.failed), count(sums.calls))
                change=change(rate(sums.failed, sums.calls), rate(before.failed, before.calls), More::Bad)/>
            <Tile label="Answer, median" value=time(now.duration.p50).into_any() note=slowest(now.duration)
                change=times(now.duration, then.duration)/>
            <Tile label="First token, median" value=time(now.first_token.p50).into_any() note=slowest(now.first_token)
                change=times(now.first_token, then.first_token)/>
            <Tile label="New threads per day" value=per_day(threads).into_any() note=format!("{} in all", count(sums.threads))
                change=change(sums.threads, before.threads, More::Neither)/>
        </section>
    }
}

#[component]
fn Tile(
    label: &'static str,
    value: AnyView,
    change: Option<(String, &'static str)>,
    #[prop(optional)] note: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let change = change.map(|(words, tone)| view! { <span class=format!("tile-change {tone}")>{words}</span> });
    view! {
        <div class="tile">
            <h2 class="tile-label">{label}</h2>
            <p class="tile-value">{value}</p>
            {note.map(|note| view! { <p class="tile-note">{note}</p> })}
            {children.map(|children| children())}
            {change}
        </div>
    }
}

/// The five classes of tokens, which add up.
#[component]
fn Classes(now: Tiles) -> impl IntoView {
    let usage = now.sums.usage;
    let classes = [
        ("Input", usage.input_tokens),
        ("From cache", usage.cache_read_tokens),
        ("To cache", usage.cache_write_tokens),
        ("Output", usage.output_tokens),
        ("Reasoning", usage.reasoning_tokens),
    ];
    let class = |(name, count): (&'static str, i64)| {
        view! { <div class="fact"><dt>{name}</dt><dd class="num">{money::many(count)}</dd></div> }
    };
    view! {
        <details class="more-info">
            <summary>"By kind"</summary>
            <dl class="facts">{classes.map(class).collect_view()}</dl>
        </details>
    }
}

fn inputs(tiles: &Tiles) -> i64 {
    let usage = tiles.sums.usage;
    usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
}

fn count(count: i64) -> String {
    money::grouped(count.unsigned_abs())
}

fn per_day(count: f64) -> String {
    if count == 0.0 || count >= 9.95 { format!("{count:.0}") } else { format!("{count:.1}") }
}

/// In millionths, so that it can be compared as a whole number.
fn rate(part: i64, all: i64) -> i64 {
    if all == 0 { 0 } else { part.saturating_mul(1_000_000) / all }
}

fn slowest(times: Percentiles) -> String {
    format!("95 % within {}", time(times.p95))
}

fn times(now: Percentiles, then: Percentiles) -> Option<(String, &'static str)> {
    change(now.p50?, then.p50?, More::Bad)
}

/// `▲ 12 %`, with the words for those who do not see the sign. Nothing where there was nothing before.
fn change(now: i64, then: i64, more: More) -> Option<(String, &'static str)> {
    if then <= 0 {
        return None;
    }
    let percent = (i128::from(now - then) * 100 + i128::from(then) / 2).div_euclid(i128::from(then));
    let tone = match (more, percent.signum()) {
        (_, 0) | (More::Neither, _) => "",
        (More::Bad, -1) => "good",
        (More::Bad, _) => "bad",
    };
    let words = match percent {
        0 => "as before".to_owned(),
        1_000.. => format!("▲ {} times", i128::from(now) / i128::from(then)),
        1.. => format!("▲ {percent} %"),
        _ => format!("▼ {} %", -percent),
    };
    Some((words, tone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_how_much_and_whether_it_is_good() {
        assert_eq!(change(112, 100, More::Bad), Some(("▲ 12 %".to_owned(), "bad")));
        assert_eq!(change(88, 100, More::Bad), Some(("▼ 12 %".to_owned(), "good")));
        assert_eq!(change(100, 100, More::Bad), Some(("as before".to_owned(), "")));
        assert_eq!(change(112, 100, More::Neither), Some(("▲ 12 %".to_owned(), "")));
        assert_eq!(change(5_000, 100, More::Neither), Some(("▲ 50 times".to_owned(), "")));
        assert_eq!(change(5, 0, More::Bad), None);
        assert_eq!(change(0, 100, More::Bad), Some(("▼ 100 %".to_owned(), "good")));
    }
}
