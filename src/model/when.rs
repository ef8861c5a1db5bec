//! Times in words. Pure: the server says UTC, the browser says it again in the reader's own zone once it knows that.

use crate::model::Millis;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a browser knows of now and here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    pub at: Millis,
    /// Minutes to add to UTC for the reader's wall clock.
    pub offset_minutes: i32,
}

/// The three stretches of time under which a list groups what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Today,
    Yesterday,
    Earlier,
}

impl Day {
    pub fn name(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Yesterday => "Yesterday",
            Self::Earlier => "Earlier",
        }
    }
}

/// A date and time of the proleptic Gregorian calendar.
struct Civil {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
}

impl Now {
    pub fn day_of(self, then: Millis) -> Day {
        match day_number(self.local(self.at)) - day_number(self.local(then)) {
            ..=0 => Day::Today,
            1 => Day::Yesterday,
            _ => Day::Earlier,
        }
    }

    /// `just now`, `5 min ago`, `14:02`, `yesterday`, `12 Mar`, `12 Mar 2024`: as short as it can be without doubt.
    pub fn relative(self, then: Millis) -> String {
        let age = self.at - then;
        let civil = civil(self.local(then));
        match self.day_of(then) {
            _ if (0..MINUTE).contains(&age) || (-HOUR..0).contains(&age) => "just now".to_owned(),
            _ if (MINUTE..HOUR).contains(&age) => format!("{} min ago", age / MINUTE),
            Day::Today => clock(&civil),
            Day::Yesterday => "yesterday".to_owned(),
            Day::Earlier => date(&civil, self::civil(self.local(self.at)).year),
        }
    }

    /// `23 h left`, `under a minute left`; `None` once it is over.
    pub fn left(self, until: Millis) -> Option<String> {
        match until - self.at {
            ..=0 => None,
            left if left < MINUTE => Some("under a minute left".to_owned()),
            left if left < 2 * HOUR => Some(format!("{} min left", left / MINUTE)),
            left if left < 2 * DAY => Some(format!("{} h left", left / HOUR)),
            left => Some(format!("{} days left", left / DAY)),
        }
    }

    /// The full date and time on the reader's wall clock.
    pub fn absolute(self, then: Millis) -> String {
        let civil = civil(self.local(then));
        format!("{} {} {}, {}", civil.day, MONTHS[civil.month - 1], civil.year, clock(&civil))
    }

    fn local(self, at: Millis) -> Millis {
        at + Millis::from(self.offset_minutes) * MINUTE
    }
}

/// `22 Nov 2026, 14:02 UTC`: what is shown until the reader's zone is known.
pub fn utc(at: Millis) -> String {
    format!("{} UTC", Now { at, offset_minutes: 0 }.absolute(at))
}

/// `2026-11-22T14:02Z`, for the `datetime` attribute.
pub fn machine(at: Millis) -> String {
    let Civil { year, month, day, hour, minute } = civil(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
}

fn clock(civil: &Civil) -> String {
    format!("{:02}:{:02}", civil.hour, civil.minute)
}

fn date(civil: &Civil, this_year: i64) -> String {
    let short = format!("{} {}", civil.day, MONTHS[civil.month - 1]);
    if civil.year == this_year { short } else { format!("{short} {}", civil.year) }
}

fn day_number(at: Millis) -> i64 {
    at.div_euclid(DAY)
}

fn civil(at: Millis) -> Civil {
    let (mut days, ms) = (day_number(at), at.rem_euclid(DAY));
    // Whole periods of 400 years first (146,097 days each), so that the loops below stay short.
    let mut year = 1970 + 400 * days.div_euclid(146_097);
    days = days.rem_euclid(146_097);
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while days >= month_length(year, month) {
        days -= month_length(year, month);
        month += 1;
    }
    Civil { year, month, day: days + 1, hour: ms / HOUR, minute: ms % HOUR / MINUTE }
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn year_length(year: i64) -> i64 {
    if leap(year) { 366 } else { 365 }
}

fn month_length(year: i64, month: usize) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests;
