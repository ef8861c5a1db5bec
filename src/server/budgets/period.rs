//! Days and months in a group's time zone. A day begins with its first moment there is, which is not always midnight,
//! and has as many hours as the zone gives it.

use crate::{
    error::Result,
    model::{Millis, budget::Period},
    server::failure::internal,
};
use jiff::{
    Timestamp, Zoned,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// The time zone of this name; UTC where there is none, so that an unknown name lets no budget go uncounted.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|_| TimeZone::fixed(Offset::UTC))
}

/// Whether there is a time zone of this name.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// The period that `at` lies in: its first moment, and that of the next one.
pub fn of(at: Millis, period: Period, time_zone: &str) -> Result<(Millis, Millis)> {
    bounds(at, period, time_zone).map_err(internal)
}

fn bounds(at: Millis, period: Period, time_zone: &str) -> Result<(Millis, Millis), jiff::Error> {
    let zone = zone(time_zone);
    let date = Timestamp::from_millisecond(at)?.to_zoned(zone.clone()).date();
    let (first, next) = match period {
        Period::Day => (date, date.tomorrow()?),
        Period::Month => (date.first_of_month(), date.last_of_month().tomorrow()?),
    };
    Ok((begin(first, &zone)?, begin(next, &zone)?))
}

fn begin(date: Date, zone: &TimeZone) -> Result<Millis, jiff::Error> {
    // Noon is on the date in every zone, whatever its clocks do at midnight.
    let noon: Zoned = date.at(12, 0, 0, 0).to_zoned(zone.clone())?;
    Ok(noon.start_of_day()?.timestamp().as_millisecond())
}

/// `1 Dec 2026, 00:00 (Europe/Zurich)`.
pub fn words(at: Millis, time_zone: &str) -> String {
    let Ok(moment) = Timestamp::from_millisecond(at) else { return String::new() };
    let there = moment.to_zoned(zone(time_zone));
    format!("{} ({time_zone})", there.strftime("%-d %b %Y, %H:%M"))
}

#[cfg(test)]
mod tests;
