//! Days and months in a group's time zone. A day begins with its first moment there is, which is not always midnight,
//! and has as many hours as the zone gives it.

use crate::{
    model::{
        Millis,
        budget::Period,
        calendar::{Date, DayNumber},
    },
    server::usage::zone::{DAY, HOUR, Zone},
};
use std::ops::Range;

/// The zone of this name. UTC where there is none: an unknown name lets no budget go uncounted.
pub fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap_or_else(|_| Zone::utc())
}

/// The period that `at` lies in: its first moment, and that of the next one.
pub fn of(at: Millis, period: Period, zone: &Zone) -> (Millis, Millis) {
    let days = days(at, period, zone);
    (zone.start_of(days.start), zone.start_of(days.end))
}

/// The days of the period that `at` lies in.
pub fn days(at: Millis, period: Period, zone: &Zone) -> Range<DayNumber> {
    let today = zone.day(at);
    match period {
        Period::Day => today..today + 1,
        Period::Month => Date::of(today).month().days(),
    }
}

/// `1 Dec 2026, 00:00 (Europe/Zurich)`.
pub fn words(at: Millis, zone: &Zone) -> String {
    let there = (at + zone.offset(at)).rem_euclid(DAY);
    format!("{}, {:02}:{:02} ({})", Date::of(zone.day(at)).words(), there / HOUR, there % HOUR / 60_000, zone.name())
}

#[cfg(test)]
mod tests;
