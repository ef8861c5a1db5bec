//! Times in words, at the edges of minutes, days, years and zones.

use super::*;

/// 2026-11-22 14:02 UTC.
const NOON: Millis = 1_795_356_120_000;

fn now(offset_minutes: i32) -> Now {
    Now { at: NOON, offset_minutes }
}

#[test]
fn the_calendar_knows_leap_years_and_times_before_1970() {
    assert_eq!(machine(0), "1970-01-01T00:00Z");
    assert_eq!(machine(-1), "1969-12-31T23:59Z");
    assert_eq!(machine(951_782_400_000), "2000-02-29T00:00Z");
    assert_eq!(machine(4_107_542_400_000), "2100-03-01T00:00Z");
    assert_eq!(machine(NOON), "2026-11-22T14:02Z");
}

#[test]
fn before_the_zone_is_known_times_are_utc_and_say_so() {
    assert_eq!(utc(NOON), "22 Nov 2026, 14:02 UTC");
}

#[test]
fn recent_times_are_counted_in_minutes() {
    assert_eq!(now(0).relative(NOON), "just now");
    assert_eq!(now(0).relative(NOON - MINUTE + 1), "just now");
    assert_eq!(now(0).relative(NOON - MINUTE), "1 min ago");
    assert_eq!(now(0).relative(NOON - HOUR + 1), "59 min ago");
    assert_eq!(now(0).relative(NOON - HOUR), "13:02");
}

#[test]
fn a_clock_that_runs_behind_the_server_still_says_just_now() {
    assert_eq!(now(0).relative(NOON + 3 * MINUTE), "just now");
}

#[test]
fn older_times_are_days_and_dates() {
    assert_eq!(now(0).relative(NOON - DAY), "yesterday");
    assert_eq!(now(0).relative(NOON - 2 * DAY), "20 Nov");
    assert_eq!(now(0).relative(NOON - 400 * DAY), "18 Oct 2025");
}

#[test]
fn the_day_begins_at_the_readers_midnight() {
    let at_one_utc = NOON - 13 * HOUR - 2 * MINUTE;
    assert_eq!(now(0).day_of(at_one_utc), Day::Today);
    assert_eq!(now(-300).day_of(at_one_utc), Day::Yesterday);
    assert_eq!(now(-300).relative(at_one_utc), "yesterday");
    assert_eq!(now(330).relative(at_one_utc), "06:30");
}

#[test]
fn the_time_that_is_left_is_counted_down_to_nothing() {
    let known = [
        (0, None),
        (MINUTE - 1, Some("under a minute left")),
        (90 * MINUTE, Some("90 min left")),
        (24 * HOUR - 1, Some("23 h left")),
        (7 * DAY, Some("7 days left")),
    ];
    for (left, words) in known {
        assert_eq!(now(0).left(NOON + left).as_deref(), words);
    }
}
