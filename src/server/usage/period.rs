//! Which stretch of time a question is about, in the group's time zone.

use super::zone::{HOUR, Zone};
use crate::{
    error::{AppError, Result},
    model::{
        Millis,
        calendar::{Date, DayNumber},
        usage::{
            Bucket,
            ask::{Preset, UsageAsk},
        },
    },
    server::store::usage::Span,
};
use std::ops::Range;

/// Whole days, and the days that they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub days: Range<DayNumber>,
    pub before: Range<DayNumber>,
}

/// The longest period that can be asked about, in days: some ten years.
const DAYS_MAX: i64 = 3_660;

/// The most days of which the hours are shown, and the most of which the days are.
const DAYS_BY_HOUR: i64 = 2;
const DAYS_BY_DAY: i64 = 92;

impl Period {
    /// The days that were asked for, `today` being the day in the group's time zone.
    pub fn of(ask: &UsageAsk, today: DayNumber) -> Result<Self> {
        let month = Date::of(today).month();
        Ok(match ask.preset {
            Preset::Today => Self::ending(today, 1),
            Preset::Week => Self::ending(today, 7),
            Preset::Quarter => Self::ending(today, 90),
            // So far; it is compared with as many days of the month before, which may have fewer.
            Preset::Month => {
                let (start, before) = (month.days().start, month.before().days());
                let end = (before.start + today + 1 - start).min(before.end);
                Self { days: start..today + 1, before: before.start..end }
            }
            Preset::LastMonth => Self { days: month.before().days(), before: month.before().before().days() },
            Preset::Year => Self::ending(today, 365),
            Preset::Custom => Self::between(ask.from, ask.to, today)?,
        })
    }

    fn ending(today: DayNumber, length: i64) -> Self {
        let start = today + 1 - length;
        Self { days: start..today + 1, before: start - length..start }
    }

    fn between(from: Option<Date>, to: Option<Date>, today: DayNumber) -> Result<Self> {
        let to = to.map_or(today, Date::number);
        let from = from.map_or(to - 29, Date::number);
        if from > to {
            return Err(AppError::invalid("to", "The last day must not be before the first."));
        }
        if to - from >= DAYS_MAX {
            return Err(AppError::invalid("from", "Ten years are the most that can be asked about."));
        }
        let length = to + 1 - from;
        Ok(Self { days: from..to + 1, before: from - length..from })
    }

    /// Into how large pieces the period is cut for a chart.
    pub fn bucket(&self) -> Bucket {
        let days = self.days.end - self.days.start;
        if days <= DAYS_BY_HOUR {
            Bucket::Hour
        } else if days <= DAYS_BY_DAY {
            Bucket::Day
        } else {
            Bucket::Month
        }
    }
}

/// From the beginning of the first day to the end of the last.
pub fn times(zone: &Zone, days: &Range<DayNumber>) -> Range<Millis> {
    zone.start_of(days.start)..zone.start_of(days.end)
}

/// A stretch between two moments, both moved to the hour: `from` back, `to` on. It reads days where it is made of them.
pub fn between(zone: &Zone, from: Millis, to: Millis) -> (Span, Range<Millis>) {
    let from = zone.hour(from);
    let to = if zone.hour(to) == to { to } else { zone.hour(to) + HOUR };
    let (first, last) = (zone.day(from), zone.day(to));
    if zone.start_of(first) == from && zone.start_of(last) == to {
        (Span::Days(first..last), from..to)
    } else {
        (Span::Hours(from..to), from..to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(raw: &str) -> DayNumber {
        Date::parse(raw).unwrap().number()
    }

    fn period(preset: Preset, today: &str) -> [String; 4] {
        let ask = UsageAsk { preset, ..UsageAsk::default() };
        let Period { days, before } = Period::of(&ask, day(today)).unwrap();
        [days.start, days.end - 1, before.start, before.end - 1].map(|day| Date::of(day).to_string())
    }

    #[test]
    fn presets_are_whole_days_and_have_a_fair_period_before() {
        assert_eq!(period(Preset::Week, "2026-11-28"), ["2026-11-22", "2026-11-28", "2026-11-15", "2026-11-21"]);
        assert_eq!(period(Preset::Month, "2026-11-28"), ["2026-11-01", "2026-11-28", "2026-10-01", "2026-10-28"]);
        assert_eq!(period(Preset::LastMonth, "2026-01-15"), ["2025-12-01", "2025-12-31", "2025-11-01", "2025-11-30"]);
    }

    #[test]
    fn the_31st_and_a_leap_day_have_no_day_of_the_month_before_that_does_not_exist() {
        assert_eq!(period(Preset::Month, "2026-03-31"), ["2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"]);
        assert_eq!(period(Preset::Month, "2024-03-30"), ["2024-03-01", "2024-03-30", "2024-02-01", "2024-02-29"]);
        assert_eq!(period(Preset::LastMonth, "2024-03-01"), ["2024-02-01", "2024-02-29", "2024-01-01", "2024-01-31"]);
    }

    #[test]
    fn days_of_ones_own_choice_must_be_in_order() {
        let ask = |from: &str, to: &str| UsageAsk {
            preset: Preset::Custom,
            from: Date::parse(from),
            to: Date::parse(to),
            ..UsageAsk::default()
        };
        let period = Period::of(&ask("2026-02-27", "2026-03-02"), 0).unwrap();
        assert_eq!((period.days.end - period.days.start, period.before.end), (4, period.days.start));
        assert!(Period::of(&ask("2026-03-02", "2026-02-27"), 0).is_err());
        assert!(Period::of(&ask("1970-01-01", "2026-02-27"), 0).is_err());
    }

    #[test]
    fn moments_are_moved_to_the_hour_and_whole_days_are_seen_as_such() {
        let zone = Zone::parse("Asia/Kolkata").unwrap();
        let start = zone.start_of(day("2026-11-01"));
        let end = zone.start_of(day("2026-12-01"));
        assert_eq!(between(&zone, start, end).0, Span::Days(day("2026-11-01")..day("2026-12-01")));
        assert_eq!(between(&zone, start + 5, end - 5).0, Span::Days(day("2026-11-01")..day("2026-12-01")));
        let (span, times) = between(&zone, start + HOUR + 1, end);
        assert_eq!((span, times.start), (Span::Hours(start + HOUR..end), start + HOUR));
    }
}
