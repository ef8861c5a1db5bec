//! Whatever is asked: ledger, hours, days, the page's tiles and bars, the JSON API and the export say the same.

use super::books::{DAY, HOUR, NOW, by_hand, day, many, threads_by_hand, threads_told};
use crate::{
    model::{
        group::Role,
        usage::{
            Bucket, By, Sums, UsageFilter,
            ask::{Measure, Preset, UsageAsk},
        },
    },
    server::{
        groups,
        store::{calls::Call, usage::Span},
        usage::{dashboard::dashboard, days, report, zone::Zone},
    },
    tests::app::{Someone, TestApp, TestGroup},
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::BTreeMap;

struct World {
    app: TestApp,
    lab: TestGroup,
    zone: Zone,
    calls: Vec<(Call, Option<i64>)>,
    colleague: Someone,
}

impl World {
    async fn new(zone: &str, seed: u64, start: &str, count: usize) -> Self {
        let app = TestApp::start_at(NOW).await;
        let lab = app.group("lab").await;
        let colleague = app.member(&lab.group, "colleague", Role::Member).await;
        groups::set_time_zone(&app.app, &lab.owner.member.admin().unwrap(), zone).await.unwrap();
        let mut calls = Vec::new();
        for (index, call) in many(&lab, &app, &[&lab.owner, &colleague], seed, day(start), count).into_iter().enumerate() {
            let cost = app.book(&call).await;
            calls.push((call, cost));
            // Some days are closed, some go on, and some calls come after their day was closed.
            if index % 7 == 6 && index < count * 2 / 3 {
                days::close_all(&app.app).await.unwrap();
            }
        }
        Self { app, lab, zone: Zone::parse(zone).unwrap(), calls, colleague }
    }

    /// The last day on which something was booked, and the first one.
    fn days(&self) -> (i64, i64) {
        let day = |at: usize| self.zone.day(self.calls[at].0.finished_at);
        (day(0), day(self.calls.len() - 1))
    }

    fn filters(&self) -> Vec<UsageFilter> {
        let (model, agent) = (Some("gpt-4.1".to_owned()), self.calls.iter().find_map(|(call, _)| call.agent));
        let (person, purpose) = (Some(self.colleague.person.id), Some("chat".to_owned()));
        let none = UsageFilter::default;
        vec![
            none(),
            UsageFilter { provider: Some("openai".to_owned()), ..none() },
            UsageFilter { model: model.clone(), ..none() },
            UsageFilter { agent, ..none() },
            UsageFilter { person, ..none() },
            UsageFilter { purpose: purpose.clone(), ..none() },
            UsageFilter { model: model.clone(), person, ..none() },
            UsageFilter { agent, person, ..none() },
            UsageFilter { agent, purpose: purpose.clone(), ..none() },
            UsageFilter { provider: Some("openai".to_owned()), model, agent, person, purpose },
        ]
    }
}

#[tokio::test]
async fn ledger_hours_days_tiles_api_and_export_agree_for_every_filter() {
    for (zone, start) in [
        ("UTC", "2026-11-01"),
        ("Asia/Kolkata", "2024-02-20"),
        ("Europe/Lisbon", "2026-03-20"),
        ("America/New_York", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-01"),
    ] {
        let world = World::new(zone, 0x5eed ^ start.len() as u64, start, 90).await;
        for filter in world.filters() {
            agree(&world, &filter).await;
        }
    }
}

async fn agree(world: &World, filter: &UsageFilter) {
    let expected = by_hand(&world.calls, filter);
    let usage = world.app.app.store.usage(&world.lab.owner.member);
    let (first, last) = world.days();
    let days = Span::Days(first..last + 1);
    let times = world.zone.start_of(first)..world.zone.start_of(last + 1);
    let hours = Span::Hours(times.clone());
    for span in [&days, &hours] {
        let total = usage.total(span, filter).await.unwrap();
        assert_eq!(total.sums, expected, "{filter:?} {span:?}");
        assert_eq!(total.duration.iter().sum::<i64>(), expected.calls);
        let bars = usage.bars(span, filter).await.unwrap();
        assert_eq!(bars.iter().map(|bar| bar.cost_microusd).sum::<i64>(), expected.cost_microusd);
        for by in By::ALL {
            let mut sums = Sums::default();
            usage.by(span, filter, by).await.unwrap().into_iter().for_each(|row| sums += row.sums);
            assert_eq!(sums, expected, "{filter:?} {by:?}");
        }
    }
    assert_eq!(
        threads_told(&world.app, &world.lab, first..last + 1, filter).await,
        threads_by_hand(&world.calls, filter),
        "{filter:?}"
    );
    let reported = report(world, filter, &times, None).await;
    assert_eq!(reported, expected);
    for bucket in [Bucket::Hour, Bucket::Day, Bucket::Month] {
        assert_eq!(report(world, filter, &times, Some(bucket)).await, expected, "{bucket:?}");
    }
    assert_eq!(exported(world, filter, &times).await, (expected.calls, expected.cost_microusd, expected.usage.total()));
    tiles_and_bars(world, filter, first, last, expected).await;
}

async fn report(world: &World, filter: &UsageFilter, times: &std::ops::Range<i64>, bucket: Option<Bucket>) -> Sums {
    let question =
        report::Question { from: Some(times.start), to: Some(times.end), bucket, by: By::Agent, filter: filter.clone() };
    let report = report::report(&world.app.app, &world.lab.owner.member, &question).await.unwrap();
    let mut sums = Sums::default();
    for item in report.items {
        assert_eq!(item.bucket.is_some(), bucket.is_some());
        assert!(item.bucket.is_none_or(|start| times.contains(&start) || bucket == Some(Bucket::Month)));
        sums += item.sums.sums;
    }
    assert_eq!(report.totals, sums);
    sums
}

async fn tiles_and_bars(world: &World, filter: &UsageFilter, first: i64, last: i64, expected: Sums) {
    let date = |day| Some(crate::model::calendar::Date::of(day));
    for (by, measure) in [(By::Model, Measure::Cost), (By::Person, Measure::Tokens), (By::Purpose, Measure::Calls)] {
        let ask = UsageAsk {
            preset: Preset::Custom,
            from: date(first),
            to: date(last),
            by,
            measure: Some(measure),
            filter: filter.clone(),
        };
        let page = dashboard(&world.app.app, &world.lab.owner.member, &ask).await.unwrap();
        assert_eq!(page.now.sums, expected);
        let drawn: i64 = page.chart.series.iter().flat_map(|series| &series.values).sum();
        let whole = match measure {
            Measure::Cost => expected.cost_microusd,
            Measure::Tokens => expected.usage.total(),
            Measure::Calls => expected.calls,
        };
        assert_eq!(drawn, whole, "{by:?} {measure:?}");
        assert!(page.chart.series.iter().all(|series| series.values.iter().all(|value| *value >= 0)));
        let unknown: i64 = page.chart.slots.iter().map(|slot| slot.unknown_price_calls).sum();
        assert_eq!(unknown, expected.unknown_price_calls);
    }
}

/// Calls, cost and tokens of an export.
async fn exported(world: &World, filter: &UsageFilter, times: &std::ops::Range<i64>) -> (i64, i64, i64) {
    let mut query = format!("from={}&to={}", times.start, times.end);
    for (name, value) in (UsageAsk { filter: filter.clone(), ..UsageAsk::default() }).fields() {
        query.push_str(&format!("&{name}={value}"));
    }
    let path = format!("/api/v1/groups/lab/usage.csv?{query}");
    let reply = world.app.get(&path, &world.lab.owner.key).await;
    assert_eq!(reply.header("content-type"), Some("text/csv; charset=utf-8"));
    let again = world.app.get(&path, &world.lab.owner.key).await;
    assert_eq!(reply.body, again.body, "the same bytes again");
    let text = reply.text();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let at = |name: &str| head.iter().position(|column| *column == name).expect("a column");
    let mut sums = (0, 0, 0);
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |name: &str| fields[at(name)].parse::<i64>().unwrap_or(0);
        sums.0 += 1;
        sums.1 += number("cost_microusd");
        for class in ["input", "cache_read", "cache_write", "output", "reasoning"] {
            sums.2 += number(&format!("{class}_tokens"));
        }
    }
    sums
}

#[test]
fn any_calls_in_any_zone_agree() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(16 << 20).build().unwrap();
    let zones = prop::sample::select(vec!["UTC", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]);
    let mut runner = TestRunner::new(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() });
    let run = runner.run(&(any::<u64>(), zones, 1usize..40), |(seed, zone, count)| {
        runtime.block_on(async {
            let world = World::new(zone, seed, "2026-03-01", count).await;
            agree(&world, &UsageFilter::default()).await;
            agree(&world, &world.filters()[(seed % 10) as usize]).await;
        });
        Ok(())
    });
    run.unwrap();
}

#[tokio::test]
async fn moving_to_another_time_zone_counts_the_past_by_it() {
    let world = World::new("UTC", 77, "2026-10-20", 80).await;
    for name in ["Asia/Kolkata", "Europe/Lisbon", "UTC"] {
        groups::set_time_zone(&world.app.app, &world.lab.owner.member.admin().unwrap(), name).await.unwrap();
        let moved = World { zone: Zone::parse(name).unwrap(), ..again(&world).await };
        agree(&moved, &UsageFilter::default()).await;
        let mut by_day: BTreeMap<i64, i64> = BTreeMap::new();
        for (call, _) in &moved.calls {
            *by_day.entry(moved.zone.day(call.finished_at)).or_default() += 1;
        }
        let (first, last) = moved.days();
        let usage = moved.app.app.store.usage(&moved.lab.owner.member);
        let bars = usage.bars(&Span::Days(first..last + 1), &UsageFilter::default()).await.unwrap();
        assert_eq!(bars.iter().map(|bar| (bar.at, bar.calls)).collect::<Vec<_>>(), by_day.into_iter().collect::<Vec<_>>());
    }
}

/// The same world, to be looked at in another way.
async fn again(world: &World) -> World {
    let lab = TestGroup {
        group: world.lab.group.clone(),
        slug: world.lab.slug.clone(),
        owner: world.app.join(&world.lab.group, world.lab.owner.person.clone(), Role::Owner).await,
        agent: world.lab.agent,
    };
    let colleague = world.app.join(&world.lab.group, world.colleague.person.clone(), Role::Member).await;
    World { app: world.app.open_again().await, lab, zone: world.zone.clone(), calls: world.calls.clone(), colleague }
}

#[tokio::test]
async fn the_days_on_which_clocks_change_and_the_ends_of_months_keep_their_calls() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    groups::set_time_zone(&app.app, &lab.owner.member.admin().unwrap(), "Europe/Lisbon").await.unwrap();
    // In Lisbon 2026-03-29 has 23 hours and 2026-10-25 has 25; summer begins at 01:00 UTC.
    let moments = [
        ("2026-03-28", day("2026-03-29") - 1),
        ("2026-03-29", day("2026-03-29")),
        ("2026-03-29", day("2026-03-30") - HOUR - 1),
        ("2026-03-30", day("2026-03-30") - HOUR),
        ("2026-10-25", day("2026-10-26") - 1),
        ("2026-10-26", day("2026-10-26")),
        ("2026-10-31", day("2026-11-01") - 1),
        ("2026-11-01", day("2026-11-01")),
    ];
    for (_, at) in moments {
        app.book(&super::books::call(&lab, &app, at)).await;
    }
    let usage = app.app.store.usage(&lab.owner.member);
    for date in ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "2026-10-31", "2026-11-01"] {
        let number = day(date) / DAY;
        let expected = moments.iter().filter(|(on, _)| *on == date).count() as i64;
        let total = usage.total(&Span::Days(number..number + 1), &UsageFilter::default()).await.unwrap();
        assert_eq!(total.sums.calls, expected, "{date}");
    }
}

#[tokio::test]
async fn the_steps_of_times_are_the_same_in_the_database_and_in_the_program() {
    use crate::server::usage::times::{ENDS, percentile};
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let mut edges: Vec<i64> = ENDS.iter().flat_map(|end| [end - 1, *end]).collect();
    edges.push(10_000_000);
    for took in &edges {
        let call = super::books::call(&lab, &app, NOW - HOUR);
        app.book(&Call { started_at: NOW - HOUR - took, first_token_at: Some(NOW - HOUR), ..call }).await;
    }
    let usage = app.app.store.usage(&lab.owner.member);
    let total =
        usage.total(&Span::Days(day("2026-11-28") / DAY..day("2026-11-29") / DAY), &UsageFilter::default()).await.unwrap();
    let mut expected = [0; 16];
    for took in edges {
        expected[ENDS.iter().position(|end| took < *end).unwrap_or(15)] += 1;
    }
    assert_eq!((total.duration, total.first_token), (expected, expected));
    assert!(percentile(&total.duration, 50).is_some());
}
