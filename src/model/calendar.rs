//! Dates and months of the Gregorian calendar, without any time zone: days count from 1970-01-01.

use serde::{Deserialize, Serialize};
use std::fmt;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Days since 1970-01-01.
pub type DayNumber = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    pub year: i64,
    /// From 1.
    pub month: i64,
    pub day: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    pub year: i64,
    pub month: i64,
}

impl Date {
    // Both ways count in years that begin in March, so that the leap day is their last: then a month begins
    // (153 m + 2) / 5 days after its year, and 400 years have 146,097 days.
    pub fn of(number: DayNumber) -> Self {
        let days = number + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = 400 * era + year_of_era + i64::from(month <= 2);
        Self { year, month, day: day_of_year - (153 * from_march + 2) / 5 + 1 }
    }

    pub fn number(self) -> DayNumber {
        let year = self.year - i64::from(self.month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = (self.month + 9) % 12;
        let day_of_year = (153 * from_march + 2) / 5 + self.day - 1;
        146_097 * era + 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// `2026-11-30`, as fields of forms have it.
    pub fn parse(raw: &str) -> Option<Self> {
        let (month, day) = raw.trim().rsplit_once('-')?;
        let Month { year, month } = Month::parse(month)?;
        let date = Self { year, month, day: two_digits(day)? };
        // What does not come back as it was is no day of that month.
        (Self::of(date.number()) == date).then_some(date)
    }

    pub fn month(self) -> Month {
        Month { year: self.year, month: self.month }
    }

    /// `30 Nov`.
    pub fn short(self) -> String {
        format!("{} {}", self.day, &MONTHS[(self.month - 1) as usize][..3])
    }

    /// `30 Nov 2026`.
    pub fn words(self) -> String {
        format!("{} {}", self.short(), self.year)
    }
}

impl Month {
    /// `2026-11`.
    pub fn parse(raw: &str) -> Option<Self> {
        let (year, month) = raw.trim().split_once('-')?;
        let year = year.parse().ok().filter(|_| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))?;
        let month = two_digits(month).filter(|month| (1..=12).contains(month))?;
        Some(Self { year, month })
    }

    pub fn first(self) -> Date {
        Date { year: self.year, month: self.month, day: 1 }
    }

    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    pub fn before(self) -> Self {
        if self.month == 1 { Self { year: self.year - 1, month: 12 } } else { Self { month: self.month - 1, ..self } }
    }

    /// Its days; the end is the first of the next month.
    pub fn days(self) -> std::ops::Range<DayNumber> {
        self.first().number()..self.next().first().number()
    }

    /// `November 2026`.
    pub fn words(self) -> String {
        format!("{} {}", MONTHS[(self.month - 1) as usize], self.year)
    }
}

fn two_digits(raw: &str) -> Option<i64> {
    raw.parse().ok().filter(|_| raw.len() == 2 && raw.bytes().all(|b| b.is_ascii_digit()))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.month(), self.day)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("a date is written 2026-11-30")
    }
}

impl TryFrom<String> for Month {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("a month is written 2026-11")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_the_same_in_both_directions() {
        for (number, date) in [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (20_785, "2026-11-28")] {
            assert_eq!((Date::of(number).to_string().as_str(), Date::parse(date).map(Date::number)), (date, Some(number)));
        }
        assert!((-800_000..800_000).step_by(7).all(|day| Date::of(day).number() == day));
    }

    #[test]
    fn months_end_where_they_end() {
        let length = |raw| Month::parse(raw).map(|month| month.days().end - month.days().start);
        let lengths = ["2024-02", "2026-02", "2100-02", "2000-02", "2026-11", "2026-12"].map(length);
        assert_eq!(lengths, [29, 28, 28, 29, 30, 31].map(Some));
        let december = Month { year: 2026, month: 12 };
        assert_eq!((december.next().words().as_str(), december.next().before()), ("January 2027", december));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for raw in ["2026-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "26-04-01", "2026-4-1", "", "2026-+1-01"] {
            assert_eq!(Date::parse(raw), None, "{raw}");
        }
    }
}
