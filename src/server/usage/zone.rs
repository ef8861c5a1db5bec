//! A group's time zone: which hour and which day a moment belongs to there. The zones' rules come with the program, so
//! that they are the same on every machine.

use crate::{
    error::{AppError, Result},
    model::{
        Millis,
        calendar::{Date, DayNumber},
    },
};
use jiff::{Timestamp, civil, tz::TimeZone};

pub const HOUR: Millis = 3_600_000;
pub const DAY: Millis = 24 * HOUR;

#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    tz: TimeZone,
}

impl Zone {
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), tz: TimeZone::UTC }
    }

    /// A name of the IANA database, such as `Europe/Lisbon`.
    pub fn parse(name: &str) -> Result<Self> {
        let name = name.trim();
        let found = TimeZone::get(name).ok().filter(|tz| !tz.is_unknown() && name.len() <= 64);
        let tz = found.ok_or_else(|| {
            AppError::invalid("time_zone", "This is no time zone. Use a name such as Europe/Lisbon, Asia/Kolkata or UTC.")
        })?;
        Ok(Self { name: tz.iana_name().unwrap_or(name).to_owned(), tz })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to add to UTC for the wall clock there, at that moment.
    pub fn offset(&self, at: Millis) -> Millis {
        Timestamp::from_millisecond(at).map_or(0, |at| Millis::from(self.tz.to_offset(at).seconds()) * 1_000)
    }

    pub fn day(&self, at: Millis) -> DayNumber {
        (at + self.offset(at)).div_euclid(DAY)
    }

    /// When the hour of the wall clock began that `at` is in. In a zone that is half an hour off, hours begin at half past.
    pub fn hour(&self, at: Millis) -> Millis {
        at - (at + self.offset(at)).rem_euclid(HOUR)
    }

    /// When a day begins there: at midnight, or where clocks jump over midnight at the first moment after it.
    pub fn start_of(&self, day: DayNumber) -> Millis {
        let Date { year, month, day: of_month } = Date::of(day);
        let date = civil::Date::new(year as i16, month as i8, of_month as i8).ok();
        let start = date.and_then(|date| self.tz.to_timestamp(date.into()).ok());
        start.map_or(day * DAY, Timestamp::as_millisecond)
    }

    /// The stretches from `from` to `to` in which the offset stays the same: when each ends, and its offset.
    pub fn stretches(&self, from: Millis, to: Millis) -> Vec<(Millis, Millis)> {
        let mut stretches = Vec::new();
        let mut at = from;
        for change in Timestamp::from_millisecond(from).iter().flat_map(|from| self.tz.following(*from)) {
            let next = change.timestamp().as_millisecond();
            if next >= to {
                break;
            }
            stretches.push((next, self.offset(at)));
            at = next;
        }
        stretches.push((to, self.offset(at)));
        stretches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn day(raw: &str) -> DayNumber {
        Date::parse(raw).unwrap().number()
    }

    #[test]
    fn a_day_has_as_many_hours_as_the_clocks_there_say() {
        let hours = |name: &str, raw: &str| {
            let zone = zone(name);
            (zone.start_of(day(raw) + 1) - zone.start_of(day(raw))) / HOUR
        };
        assert_eq!(hours("Europe/Lisbon", "2026-03-29"), 23);
        assert_eq!(hours("Europe/Lisbon", "2026-10-25"), 25);
        assert_eq!(hours("America/New_York", "2026-03-08"), 23);
        assert_eq!(hours("Asia/Kolkata", "2026-03-29"), 24);
        assert_eq!(hours("UTC", "2024-02-29"), 24);
    }

    #[test]
    fn every_moment_belongs_to_the_day_and_the_hour_that_began_last() {
        for name in ["UTC", "Europe/Lisbon", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"] {
            let zone = zone(name);
            let from = zone.start_of(day("2026-01-01"));
            for step in 0..(366 * 24 * 4) {
                let at = from + step * (HOUR / 4);
                let today = zone.day(at);
                assert!(zone.start_of(today) <= at && at < zone.start_of(today + 1), "{name} {at}");
                assert!((0..HOUR).contains(&(at - zone.hour(at))), "{name} {at}");
            }
        }
    }

    #[test]
    fn hours_begin_where_the_wall_clock_says() {
        // 2026-01-01T00:00Z is half past five in Kolkata.
        let at = day("2026-01-01") * DAY;
        assert_eq!(at - zone("Asia/Kolkata").hour(at), HOUR / 2);
        assert_eq!(at - zone("Asia/Kathmandu").hour(at), HOUR * 3 / 4);
        assert_eq!(zone("Europe/Lisbon").hour(at), at);
    }

    #[test]
    fn where_clocks_jump_over_midnight_the_day_begins_after_the_jump() {
        let zone = zone("America/Sao_Paulo");
        let start = zone.start_of(day("2018-11-04"));
        assert_eq!((zone.day(start - 1), zone.day(start)), (day("2018-11-03"), day("2018-11-04")));
    }

    #[test]
    fn stretches_of_one_offset_cover_the_time_without_a_gap() {
        let zone = zone("Europe/Lisbon");
        let (from, to) = (zone.start_of(day("2026-01-01")), zone.start_of(day("2027-01-01")));
        let stretches = zone.stretches(from, to);
        assert_eq!(stretches.iter().map(|(_, offset)| offset / HOUR).collect::<Vec<_>>(), [0, 1, 0]);
        assert!(stretches.windows(2).all(|pair| pair[0].0 < pair[1].0) && stretches.last().unwrap().0 == to);
        let whole = Zone::utc().stretches(from, to);
        assert_eq!(whole, [(to, 0)]);
    }

    #[test]
    fn a_name_that_is_no_zone_is_refused() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", "Etc/Unknown"] {
            assert!(Zone::parse(name).is_err(), "{name}");
        }
        assert_eq!(zone("europe/lisbon").name(), "Europe/Lisbon");
    }
}
