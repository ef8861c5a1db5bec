//! A point in time as a page first shows it: in UTC, the same on the server and in every browser.

use crate::model::Millis;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// For `<time datetime>`: `2026-11-25T14:02:09Z`.
pub fn iso(at: Millis) -> String {
    let (year, month, day) = date(at);
    let seconds = at.div_euclid(1_000).rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// For people: `25 Nov 2026, 14:02 UTC`.
pub fn utc(at: Millis) -> String {
    let (year, month, day) = date(at);
    let minutes = at.div_euclid(60_000).rem_euclid(1_440);
    let name = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    format!("{day} {name} {year}, {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// How long something took: `0.4 s`, `12 s`, `3 min 5 s`.
pub fn duration(ms: Millis) -> String {
    match ms.max(0) {
        ms if ms < 10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms if ms < 60_000 => format!("{} s", ms / 1_000),
        ms => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// Year, month and day in the Gregorian calendar, counted in eras of 400 years that begin on 1 March.
fn date(at: Millis) -> (i64, i64, i64) {
    let days = at.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
