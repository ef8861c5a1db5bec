//! Durations in words.

use crate::model::duration::{so_far, words};

#[test]
fn a_duration_is_as_exact_as_it_is_short() {
    let known = [(0, "under 0.1 s"), (1_940, "1.9 s"), (12_700, "12 s"), (185_000, "3 min 5 s"), (-5, "under 0.1 s")];
    for (ms, text) in known {
        assert_eq!(words(ms), text);
    }
}

#[test]
fn what_goes_on_is_counted_in_whole_seconds() {
    let known = [(-5, None), (999, None), (1_000, Some("1 s")), (59_999, Some("59 s")), (125_000, Some("2 min 5 s"))];
    for (ms, text) in known {
        assert_eq!(so_far(ms).as_deref(), text);
    }
}
