//! Sums for the JSON API: of a stretch of time, told apart and cut into hours, days or months.

use super::{
    period,
    zone::{DAY, Zone},
};
use crate::{
    error::{AppError, Result},
    model::{
        Millis,
        calendar::{Date, DayNumber},
        usage::{Bucket, By, Key, KeySums, Sums, UsageFilter},
    },
    server::{
        member::Member,
        state::App,
        store::usage::{Span, TimedSums},
    },
};
use std::collections::HashMap;

pub struct Question {
    /// Moved to the hour that they are in: `from` back, `to` on. Usually the last 30 days.
    pub from: Option<Millis>,
    pub to: Option<Millis>,
    pub bucket: Option<Bucket>,
    pub by: By,
    pub filter: UsageFilter,
}

pub struct Report {
    pub from: Millis,
    pub to: Millis,
    pub totals: Sums,
    pub items: Vec<Item>,
}

pub struct Item {
    /// When the hour, day or month begins.
    pub bucket: Option<Millis>,
    pub sums: KeySums,
}

/// Stretches that are told by the hour are shorter than others.
const BY_HOUR_MAX: Millis = 92 * DAY;
const MAX: Millis = 3_660 * DAY;

/// The most items of one answer.
const ITEMS_MAX: usize = 10_000;

pub async fn report(app: &App, member: &Member, question: &Question) -> Result<Report> {
    let zone = app.store.prices(member).zone().await?;
    let (from, to) = ends(question.from, question.to, app.clock.now())?;
    let (mut span, times) = period::between(&zone, from, to);
    if question.bucket == Some(Bucket::Hour) {
        if times.end - times.start > BY_HOUR_MAX {
            return Err(AppError::invalid("bucket", "By the hour, 92 days are the most. Use day or month for longer."));
        }
        span = Span::Hours(times.clone());
    }
    let (usage, filter, by) = (app.store.usage(member), &question.filter, question.by);
    let totals = usage.total(&span, filter).await?.sums;
    let most = ITEMS_MAX * rows_of_item(&span, question.bucket);
    // One more than an answer may be made of: no more is read in order to refuse it.
    let limit = most as i64 + 1;
    let (items, read): (Vec<_>, _) = match question.bucket {
        None => {
            let rows = usage.by_at_most(&span, filter, by, limit).await?;
            let read = rows.len();
            (rows.into_iter().map(|sums| Item { bucket: None, sums }).collect(), read)
        }
        Some(bucket) => {
            let rows = usage.by_time(&span, filter, by, limit).await?;
            let read = rows.len();
            (fold(rows, |at| start_of(bucket, &zone, &span, at)), read)
        }
    };
    if read > most || items.len() > ITEMS_MAX {
        let message = "This would be more than 10,000 items. Use a coarser bucket or a shorter span.";
        return Err(AppError::invalid("bucket", message));
    }
    Ok(Report { from: times.start, to: times.end, totals, items })
}

/// The most rows of the sums that one item can be made of.
fn rows_of_item(span: &Span, bucket: Option<Bucket>) -> usize {
    // 25 where clocks go back by an hour, and one that is cut in two where they move by half of it.
    const HOURS_OF_DAY: usize = 26;
    const DAYS_OF_MONTH: usize = 31;
    match (span, bucket) {
        (_, None | Some(Bucket::Hour)) | (Span::Days(_), Some(Bucket::Day)) => 1,
        (Span::Hours(_), Some(Bucket::Day)) => HOURS_OF_DAY,
        (Span::Days(_), Some(Bucket::Month)) => DAYS_OF_MONTH,
        (Span::Hours(_), Some(Bucket::Month)) => DAYS_OF_MONTH * HOURS_OF_DAY,
    }
}

/// The stretch that was asked for, checked.
pub fn ends(from: Option<Millis>, to: Option<Millis>, now: Millis) -> Result<(Millis, Millis)> {
    let to = to.unwrap_or(now + 1);
    let from = from.unwrap_or(to.saturating_sub(30 * DAY));
    let known = 0..=253_402_300_799_999;
    if !known.contains(&from) || !known.contains(&to) {
        return Err(AppError::invalid("from", "Use Unix milliseconds of a time from 1970 to 9999."));
    }
    if from > to {
        return Err(AppError::invalid("to", "The end must not be before the beginning."));
    }
    if to - from > MAX {
        return Err(AppError::invalid("from", "Ten years are the most that can be asked about."));
    }
    Ok((from, to))
}

/// When the bucket began that a row of the sums falls into; its `at` is a day or an hour.
fn start_of(bucket: Bucket, zone: &Zone, span: &Span, at: i64) -> Millis {
    let day: DayNumber = match span {
        Span::Days(_) => at,
        Span::Hours(_) => zone.day(at),
    };
    match bucket {
        Bucket::Hour => at,
        Bucket::Day => zone.start_of(day),
        Bucket::Month => zone.start_of(Date::of(day).month().days().start),
    }
}

/// Adds up what falls into the same bucket; in the order of time, and within a bucket dearest first.
fn fold(rows: Vec<TimedSums>, start: impl Fn(i64) -> Millis) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut places: HashMap<(Millis, Key), usize> = HashMap::new();
    for TimedSums { at, sums } in rows {
        let bucket = start(at);
        match places.get(&(bucket, sums.key.clone())) {
            Some(place) => items[*place].sums.sums += sums.sums,
            None => {
                places.insert((bucket, sums.key.clone()), items.len());
                items.push(Item { bucket: Some(bucket), sums });
            }
        }
    }
    // A stable order: what costs the same stays as the database told it.
    items.sort_by_key(|item| (item.bucket, -item.sums.sums.cost_microusd));
    items
}
