//! The places on the time axis of a chart: hours, days or months of the group's wall clock.

use crate::{
    model::{
        calendar::{Date, DayNumber, Month},
        usage::{Bucket, dashboard::Slot},
    },
    server::{
        store::usage::Bar,
        usage::{
            period::{self, Period},
            zone::{DAY, HOUR, Zone},
        },
    },
};

pub struct Slots {
    bucket: Bucket,
    /// Where each begins: an hour in milliseconds, else a day by its number.
    starts: Vec<i64>,
}

impl Slots {
    pub fn of(zone: &Zone, period: &Period, bucket: Bucket) -> Self {
        let starts = match bucket {
            // A day has 23, 24 or 25 of them.
            Bucket::Hour => {
                let times = period::times(zone, &period.days);
                times.step_by(HOUR as usize).collect()
            }
            Bucket::Day => period.days.clone().collect(),
            Bucket::Month => months(&period.days),
        };
        Self { bucket, starts }
    }

    /// One sum for each slot.
    pub fn add_up(&self, bars: &[Bar], value: impl Fn(&Bar) -> i64) -> Vec<i64> {
        let mut sums = vec![0; self.starts.len()];
        for bar in bars {
            let behind = self.starts.partition_point(|start| *start <= bar.at);
            if let Some(sum) = behind.checked_sub(1).and_then(|slot| sums.get_mut(slot)) {
                *sum += value(bar);
            }
        }
        sums
    }

    pub fn described(&self, zone: &Zone, unknown: &[i64]) -> Vec<Slot> {
        let slot = |(start, unknown): (&i64, &i64)| {
            let (short, words) = self.words(zone, *start);
            Slot { short, words, unknown_price_calls: *unknown }
        };
        self.starts.iter().zip(unknown).map(slot).collect()
    }

    fn words(&self, zone: &Zone, start: i64) -> (String, String) {
        match self.bucket {
            Bucket::Hour => {
                let minutes = (start + zone.offset(start)).rem_euclid(DAY) / 60_000;
                let clock = format!("{:02}:{:02}", minutes / 60, minutes % 60);
                (clock.clone(), format!("{}, {clock}", Date::of(zone.day(start)).words()))
            }
            Bucket::Day => (Date::of(start).short(), Date::of(start).words()),
            Bucket::Month => {
                let words = Date::of(start).month().words();
                (words.get(..3).unwrap_or(&words).to_owned(), words)
            }
        }
    }
}

/// The first days of the months that a period touches; of the first one the day on which the period begins.
fn months(days: &std::ops::Range<DayNumber>) -> Vec<DayNumber> {
    let mut starts = vec![days.start];
    let mut month: Month = Date::of(days.start).month().next();
    while month.days().start < days.end {
        starts.push(month.days().start);
        month = month.next();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(raw: &str) -> DayNumber {
        Date::parse(raw).unwrap().number()
    }

    #[test]
    fn the_day_on_which_clocks_change_has_a_slot_for_each_of_its_hours() {
        let zone = Zone::parse("Europe/Lisbon").unwrap();
        for (raw, hours, third) in [("2026-03-29", 23, "03:00"), ("2026-10-25", 25, "01:00"), ("2026-06-01", 24, "02:00")] {
            let days = day(raw)..day(raw) + 1;
            let slots = Slots::of(&zone, &Period { days: days.clone(), before: days }, Bucket::Hour);
            let described = slots.described(&zone, &vec![0; slots.starts.len()]);
            assert_eq!((described.len(), described[2].short.as_str()), (hours, third), "{raw}");
        }
    }

    #[test]
    fn what_falls_into_a_month_is_added_up_there() {
        let days = day("2025-12-15")..day("2026-02-10");
        let slots = Slots::of(&Zone::utc(), &Period { days: days.clone(), before: days }, Bucket::Month);
        let bar = |raw: &str| Bar { at: day(raw), calls: 1, tokens: 0, cost_microusd: 0, unknown_price_calls: 0 };
        let bars = ["2025-12-15", "2025-12-31", "2026-01-01", "2026-02-09"].map(bar);
        assert_eq!(slots.add_up(&bars, |bar| bar.calls), [2, 1, 1]);
    }
}
