//! Durations in words.

use crate::model::duration::words;

#[test]
fn a_duration_is_as_exact_as_it_is_short() {
    let known = [(0, "under 0.1 s"), (1_940, "1.9 s"), (12_700, "12 s"), (185_000, "3 min 5 s"), (-5, "under 0.1 s")];
    for (ms, text) in known {
        assert_eq!(words(ms), text);
    }
}
