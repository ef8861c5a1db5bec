//! Times as pages first show them.

use crate::model::moment::{duration, iso, utc};

#[test]
fn a_moment_is_shown_in_utc_by_the_gregorian_calendar() {
    let known = [
        (0, "1970-01-01T00:00:00Z", "1 Jan 1970, 00:00 UTC"),
        (951_827_696_000, "2000-02-29T12:34:56Z", "29 Feb 2000, 12:34 UTC"),
        (1_709_251_199_999, "2024-02-29T23:59:59Z", "29 Feb 2024, 23:59 UTC"),
        (1_709_251_200_000, "2024-03-01T00:00:00Z", "1 Mar 2024, 00:00 UTC"),
        (4_102_444_800_000, "2100-01-01T00:00:00Z", "1 Jan 2100, 00:00 UTC"),
        (-1, "1969-12-31T23:59:59Z", "31 Dec 1969, 23:59 UTC"),
    ];
    for (at, machine, person) in known {
        assert_eq!((iso(at).as_str(), utc(at).as_str()), (machine, person));
    }
}

#[test]
fn a_duration_is_as_exact_as_it_is_short() {
    let known = [(0, "0.0 s"), (1_940, "1.9 s"), (12_700, "12 s"), (185_000, "3 min 5 s"), (-5, "0.0 s")];
    for (ms, text) in known {
        assert_eq!(duration(ms), text);
    }
}
