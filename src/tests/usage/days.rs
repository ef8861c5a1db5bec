//! Days are closed once they are over, and no figure changes by it.

use super::books::{COST, DAY, Dice, HOUR, NOW, call, day, many, threads_by_hand, threads_told};
use crate::{
    ids::ThreadId,
    model::usage::{By, UsageFilter},
    server::{
        groups,
        store::{calls::Call, usage::Span},
        usage::{days, report, statement},
    },
    tests::app::{TestApp, TestGroup},
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

async fn database(app: &TestApp) -> SqliteConnection {
    let file = SqliteConnectOptions::new().filename(app.data().join("guildhall.db"));
    SqliteConnection::connect_with(&file).await.unwrap()
}

async fn number(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut database(app).await).await.unwrap()
}

const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10099) \
    INSERT INTO calls (id, group_id, step, attempt, purpose, provider, model, status, estimated, input_tokens, cache_read_tokens, \
    cache_write_tokens, output_tokens, reasoning_tokens, started_at, finished_at) \
    SELECT randomblob(16), $1, 1, 1, 'chat', 'openai', 'm' || (i % 101), 'completed', 0, 1, 0, 0, 0, 0, $2, $2 + i / 101 * 3600000 FROM n";

const OPEN: &str = "SELECT COUNT(*) FROM usage_open_days";
const CLOSED: &str = "SELECT COUNT(DISTINCT day) FROM usage_closed_days";

/// Everything that is told of all days: sums and how long calls took, by everything.
async fn told(app: &TestApp, lab: &TestGroup) -> Vec<String> {
    let usage = app.app.store.usage(&lab.owner.member);
    let (span, filter) = (Span::Days(0..100_000), UsageFilter::default());
    let total = usage.total(&span, &filter).await.unwrap();
    let mut told = vec![format!("{:?} {:?} {:?}", total.sums, total.duration, total.first_token)];
    told.push(format!("{:?}", usage.bars(&span, &filter).await.unwrap()));
    told.push(usage.people(&span, &filter).await.unwrap().to_string());
    for by in By::ALL {
        told.push(format!("{:?}", usage.by(&span, &filter, by).await.unwrap()));
    }
    told
}

#[tokio::test]
async fn closing_days_changes_no_figure_and_is_done_once() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    groups::set_time_zone(&app.app, &lab.owner.member.admin().unwrap(), "Asia/Kolkata").await.unwrap();
    for call in many(&lab, &app, &[&lab.owner], 3, day("2026-11-01"), 60) {
        app.book(&call).await;
    }
    let (before, open) = (told(&app, &lab).await, number(&app, OPEN).await);
    assert!(open > 5 && number(&app, CLOSED).await == 0);
    assert_eq!(days::close_all(&app.app).await.unwrap() as i64, open);
    assert_eq!((number(&app, OPEN).await, number(&app, CLOSED).await), (0, open));
    assert_eq!(told(&app, &lab).await, before);
    assert_eq!(days::close_all(&app.app).await.unwrap(), 0);
    assert_eq!(told(&app, &lab).await, before);
}

#[tokio::test]
async fn a_day_is_closed_an_hour_after_its_end_in_the_groups_time_zone() {
    let app = TestApp::start_at(day("2026-11-28") + 4 * HOUR + HOUR - 1).await;
    let lab = app.group("lab").await;
    // Midnight there is 4:00 in UTC.
    groups::set_time_zone(&app.app, &lab.owner.member.admin().unwrap(), "America/Manaus").await.unwrap();
    app.book(&call(&lab, &app, day("2026-11-28"))).await;
    assert_eq!(days::close_all(&app.app).await.unwrap(), 0);
    app.app.clock.advance(std::time::Duration::from_millis(1));
    assert_eq!(days::close_all(&app.app).await.unwrap(), 1);
}

#[tokio::test]
async fn a_call_that_is_booked_after_its_day_was_closed_is_in_every_sum() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let at = day("2026-11-20");
    app.book(&call(&lab, &app, at)).await;
    days::close_all(&app.app).await.unwrap();
    let late = Call { model: "gpt-5-mini".to_owned(), agent: None, ..call(&lab, &app, at + HOUR) };
    app.book(&late).await;
    let thread = ThreadId::from_uuid(uuid::Uuid::from_u128(100));
    app.book(&Call { thread: Some(thread), ..call(&lab, &app, at + 2 * HOUR) }).await;
    assert_eq!((number(&app, OPEN).await, number(&app, CLOSED).await), (0, 1), "the day stays closed");
    let usage = app.app.store.usage(&lab.owner.member);
    for span in [Span::Days(at / DAY..at / DAY + 1), Span::Hours(at..at + DAY)] {
        assert_eq!(usage.total(&span, &UsageFilter::default()).await.unwrap().sums.calls, 3);
        for by in By::ALL {
            let rows = usage.by(&span, &UsageFilter::default(), by).await.unwrap();
            assert_eq!(rows.iter().map(|row| row.sums.calls).sum::<i64>(), 3, "{by:?}");
        }
    }
    let threads = threads_told(&app, &lab, at / DAY..at / DAY + 1, &UsageFilter::default()).await;
    assert_eq!(threads.into_iter().map(|(id, told)| (id, told.0, told.2)).collect::<Vec<_>>(), [(thread.uuid(), 1, COST)]);
    assert_eq!(number(&app, "SELECT COUNT(DISTINCT cut) FROM usage_closed_days WHERE model = 'gpt-5-mini'").await, 4);
}

#[tokio::test]
async fn a_day_that_cannot_be_closed_keeps_no_other_from_it() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    for date in ["2026-11-20", "2026-11-21"] {
        app.book(&call(&lab, &app, day(date))).await;
    }
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON usage_closed_days \
        WHEN NEW.day = (SELECT MIN(day) FROM usage_hours) BEGIN SELECT RAISE(ABORT, ''); END";
    sqlx::query(broken).execute(&mut database(&app).await).await.unwrap();
    assert_eq!(days::close_all(&app.app).await.unwrap(), 1);
    assert_eq!((number(&app, OPEN).await, number(&app, CLOSED).await), (1, 1));
}

#[tokio::test]
async fn a_thread_with_calls_on_both_sides_of_a_change_of_clocks_moves_to_another_time_zone() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let (today, thread) = (day("2026-10-25"), Some(ThreadId::from_uuid(uuid::Uuid::from_u128(100))));
    let mut calls = Vec::new();
    // Summer ends in Zurich at 01:00 UTC.
    for at in [today + HOUR / 4, today + 5 * HOUR / 2] {
        let call = Call { thread, ..call(&lab, &app, at) };
        calls.push((call.clone(), app.book(&call).await));
    }
    let by_hand = threads_by_hand(&calls, &UsageFilter::default());
    for zone in ["Europe/Zurich", "UTC"] {
        groups::set_time_zone(&app.app, &lab.owner.member.admin().unwrap(), zone).await.unwrap();
        let days = today / DAY..today / DAY + 1;
        assert_eq!(threads_told(&app, &lab, days, &UsageFilter::default()).await, by_hand, "{zone}");
    }
}

#[tokio::test]
async fn a_month_is_closed_whether_or_not_its_days_are() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let mut dice = Dice(5);
    for _ in 0..20 {
        app.book(&call(&lab, &app, day("2026-09-01") + dice.below(28 * 24) as i64 * HOUR)).await;
    }
    assert_eq!(statement::close_all(&app.app).await.unwrap(), 2, "September, and October without a call");
    let month = crate::model::calendar::Month::parse("2026-09").unwrap();
    let closed = statement::read(&app.app, &lab.owner.member.admin().unwrap(), month).await.unwrap();
    assert_eq!(closed.totals.calls, 20);
}

#[tokio::test]
async fn a_report_of_too_many_items_is_refused_by_their_count_in_the_database() {
    let app = TestApp::start_at(NOW).await;
    let lab = app.group("lab").await;
    let at = day("2026-11-20");
    // Each model is an item of an hour: 101 of them in 100 hours are 100 too many.
    sqlx::query(MANY).bind(lab.group.id.uuid()).bind(at).execute(&mut database(&app).await).await.unwrap();
    let ask = |bucket, hours| report::Question {
        from: Some(at),
        to: Some(at + hours * HOUR),
        bucket,
        by: By::Model,
        filter: UsageFilter::default(),
    };
    use crate::model::usage::Bucket::{Day, Hour, Month};
    for (bucket, hours, items) in [
        (Some(Hour), 99, Some(9_999)),
        (Some(Hour), 100, None),
        (Some(Day), 100, Some(505)),
        (Some(Month), 100, Some(101)),
        (None, 100, Some(101)),
    ] {
        let answer = report::report(&app.app, &lab.owner.member, &ask(bucket, hours)).await;
        assert_eq!(answer.ok().map(|report| report.items.len()), items, "{bucket:?} {hours}");
    }
    let usage = app.app.store.usage(&lab.owner.member);
    let span = Span::Hours(at..at + DAY);
    assert_eq!(usage.by_time(&span, &UsageFilter::default(), By::Model, 7).await.unwrap().len(), 7);
    assert_eq!(usage.by_at_most(&span, &UsageFilter::default(), By::Model, 5).await.unwrap().len(), 5);
}
