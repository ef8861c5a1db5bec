use super::*;
use jiff::Timestamp;
use proptest::prelude::*;

fn at(text: &str) -> Millis {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn said((from, to): (Millis, Millis)) -> (String, String) {
    let text = |at| Timestamp::from_millisecond(at).unwrap().to_string();
    (text(from), text(to))
}

fn period(moment: &str, period: Period, zone: &str) -> (String, String) {
    said(of(at(moment), period, &super::zone(zone)))
}

fn both(from: &str, to: &str) -> (String, String) {
    (from.to_owned(), to.to_owned())
}

#[test]
fn a_day_has_twenty_three_hours_in_spring_and_twenty_five_in_autumn() {
    let spring = period("2026-03-29T10:00:00Z", Period::Day, "Europe/Zurich");
    assert_eq!(spring, both("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
    let autumn = period("2026-10-25T10:00:00Z", Period::Day, "Europe/Zurich");
    assert_eq!(autumn, both("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
}

#[test]
fn the_hour_that_comes_twice_belongs_to_one_day() {
    for moment in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        assert_eq!(period(moment, Period::Day, "Europe/Zurich").0, "2026-10-24T22:00:00Z");
    }
}

#[test]
fn a_day_without_a_midnight_begins_with_its_first_moment() {
    // Clocks in Santiago went from 24:00 to 1:00.
    let day = period("2026-09-06T12:00:00Z", Period::Day, "America/Santiago");
    assert_eq!(day, both("2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"));
}

#[test]
fn months_end_where_they_end() {
    let cases = [
        ("2028-02-29T23:30:00Z", "UTC", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("2026-02-28T23:30:00Z", "UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2026-12-31T23:30:00Z", "Europe/Zurich", "2026-12-31T23:00:00Z", "2027-01-31T23:00:00Z"),
        ("2026-12-31T10:00:00Z", "Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-31T10:00:00Z"),
        ("2026-10-31T23:30:00Z", "Europe/Zurich", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z"),
    ];
    for (moment, zone, from, to) in cases {
        assert_eq!(period(moment, Period::Month, zone), both(from, to), "{moment} in {zone}");
    }
}

#[test]
fn an_unknown_zone_counts_in_utc() {
    assert_eq!(period("2026-11-28T10:00:00Z", Period::Day, "Mars/Olympus"), both("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"));
}

#[test]
fn a_moment_is_told_on_the_groups_wall_clock() {
    assert_eq!(words(at("2026-11-30T23:00:00Z"), &zone("Europe/Zurich")), "1 Dec 2026, 00:00 (Europe/Zurich)");
}

proptest! {
    #[test]
    fn periods_hold_their_moment_and_follow_one_another(
        // From 2012 on: before, some clocks were put back over midnight, and a date came twice.
        moment in 1_325_376_000_000i64..4_102_444_800_000,
        name in prop::sample::select(vec!["UTC", "Europe/Zurich", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]),
        wanted in prop::sample::select(Period::ALL.to_vec()),
    ) {
        let zone = zone(name);
        let (from, to) = of(moment, wanted, &zone);
        prop_assert!(from <= moment && moment < to);
        prop_assert_eq!(of(from, wanted, &zone), (from, to));
        prop_assert_eq!(of(to - 1, wanted, &zone), (from, to));
        prop_assert_eq!(of(to, wanted, &zone).0, to);
    }
}
