//! What the usage page shows: a few small questions to the sums, asked side by side.

use super::{
    period::{self, Period},
    times,
    zone::Zone,
};
use crate::{
    error::Result,
    model::{
        calendar::Date,
        usage::{
            Bucket, Key, KeySums, Sums, UsageFilter,
            ask::{Measure, UsageAsk},
            dashboard::{Chart, Dashboard, Percentiles, Series, Tiles},
        },
    },
    server::{
        member::Member,
        state::App,
        store::usage::{Bar, Span, Total, Usage},
    },
};
use futures::future::{try_join, try_join_all, try_join3, try_join4};
use slots::Slots;

mod slots;

/// How many keys have a colour of their own; the rest stand together.
const SERIES_MAX: usize = 5;

pub async fn dashboard(app: &App, member: &Member, ask: &UsageAsk) -> Result<Dashboard> {
    let zone = app.store.prices(member).zone().await?;
    let period = Period::of(ask, zone.day(app.clock.now()))?;
    let usage = app.store.usage(member);
    let (now, then) = (Span::Days(period.days.clone()), Span::Days(period.before.clone()));
    // Each is boxed: side by side they would make every future around them large.
    let tiles = |span| Box::pin(tiles(&usage, span, &ask.filter));
    let rows = Box::pin(usage.by(&now, &ask.filter, ask.by));
    let names = Box::pin(usage.names(&ask.filter));
    let (now_tiles, then_tiles, rows, names) = try_join4(tiles(&now), tiles(&then), rows, names).await?;
    let chart = Box::pin(chart(&usage, &zone, &period, ask, &rows, &now_tiles.sums)).await?;
    let any = now_tiles.sums.calls > 0 || usage.any().await?;
    let dates = |days: &std::ops::Range<i64>| (Date::of(days.start), Date::of(days.end - 1));
    Ok(Dashboard {
        time_zone: zone.name().to_owned(),
        days: dates(&period.days),
        before: dates(&period.before),
        now: now_tiles,
        then: then_tiles,
        chart,
        rows,
        names,
        own: !member.role().manages(),
        any,
    })
}

async fn tiles(usage: &Usage<'_>, span: &Span, filter: &UsageFilter) -> Result<Tiles> {
    // How long members wait for answers: an embedding or a title is none.
    let answers = UsageFilter { purpose: Some(filter.purpose.clone().unwrap_or_else(|| "chat".to_owned())), ..filter.clone() };
    let (all, answers, people) =
        try_join3(usage.total(span, filter), usage.total(span, &answers), usage.people(span, filter)).await?;
    let (Total { sums, .. }, Total { duration, first_token, .. }) = (all, answers);
    let percentiles = |counts| Percentiles { p50: times::percentile(counts, 50), p95: times::percentile(counts, 95) };
    Ok(Tiles { sums, people, duration: percentiles(&duration), first_token: percentiles(&first_token) })
}

async fn chart(usage: &Usage<'_>, zone: &Zone, period: &Period, ask: &UsageAsk, rows: &[KeySums], sums: &Sums) -> Result<Chart> {
    let bucket = period.bucket();
    let span = match bucket {
        Bucket::Hour => Span::Hours(period::times(zone, &period.days)),
        Bucket::Day | Bucket::Month => Span::Days(period.days.clone()),
    };
    let measure = ask.measure.unwrap_or(if sums.cost_microusd > 0 { Measure::Cost } else { Measure::Tokens });
    let largest = largest(rows, measure);
    let filters: Vec<UsageFilter> = largest.iter().filter_map(|row| narrowed(&ask.filter, &row.key)).collect();
    let (all, parts) =
        try_join(usage.bars(&span, &ask.filter), try_join_all(filters.iter().map(|filter| usage.bars(&span, filter)))).await?;
    let slots = Slots::of(zone, period, bucket);
    let values = |bars: &[Bar]| slots.add_up(bars, |bar| value(bar, measure));
    let mut rest = values(&all);
    let mut series = Vec::new();
    for (row, bars) in largest.iter().zip(&parts) {
        let values = values(bars);
        rest.iter_mut().zip(&values).for_each(|(rest, value)| *rest -= value);
        series.push(Series { key: Some(row.key.clone()), name: row.key.words(row.name.as_deref()), values });
    }
    if rest.iter().any(|value| *value != 0) {
        series.push(Series { key: None, name: "Everything else".to_owned(), values: rest });
    }
    let unknown = slots.add_up(&all, |bar| bar.unknown_price_calls);
    Ok(Chart { bucket, measure, slots: slots.described(zone, &unknown), series })
}

fn value(bar: &Bar, measure: Measure) -> i64 {
    match measure {
        Measure::Cost => bar.cost_microusd,
        Measure::Tokens => bar.tokens,
        Measure::Calls => bar.calls,
    }
}

/// The keys with the highest bars that a question can be narrowed to.
fn largest(rows: &[KeySums], measure: Measure) -> Vec<&KeySums> {
    let of = |row: &KeySums| match measure {
        Measure::Cost => row.sums.cost_microusd,
        Measure::Tokens => row.sums.usage.total(),
        Measure::Calls => row.sums.calls,
    };
    let named = |row: &&KeySums| narrowed(&UsageFilter::default(), &row.key).is_some() && of(row) > 0;
    let mut rows: Vec<&KeySums> = rows.iter().filter(named).collect();
    rows.sort_by_key(|row| -of(row));
    rows.truncate(SERIES_MAX);
    rows
}

/// The filter that asks about one key, too. What no agent or nobody did cannot be asked for by itself.
fn narrowed(filter: &UsageFilter, key: &Key) -> Option<UsageFilter> {
    let mut filter = filter.clone();
    match key {
        Key::Model { provider, model } => {
            (filter.provider, filter.model) = (Some(provider.clone()), Some(model.clone()));
        }
        Key::Provider(provider) => filter.provider = Some(provider.clone()),
        Key::Agent(agent) => filter.agent = Some((*agent)?),
        Key::Person(person) => filter.person = Some((*person)?),
        Key::Purpose(purpose) => filter.purpose = Some(purpose.clone()),
    }
    Some(filter)
}
