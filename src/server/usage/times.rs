//! How long calls took, as counts by steps: from them come medians and percentiles without a look at any single call.

use crate::{model::Millis, server::store::usage::Counts};

/// Where each step ends, in milliseconds; the last one has no end. The migration has the same.
pub const ENDS: [Millis; 15] = [50, 100, 200, 300, 450, 700, 1_000, 1_500, 2_200, 3_300, 5_000, 8_000, 15_000, 30_000, 60_000];

/// The time within which `percent` of the calls were done: exact to the step, and within it as if calls lay evenly. `None`
/// where there are no calls. What took longer than the last step's beginning is told as that.
pub fn percentile(counts: &Counts, percent: i64) -> Option<Millis> {
    let all: i64 = counts.iter().sum();
    if all == 0 {
        return None;
    }
    // The rank from 1, rounded up, as the nearest-rank method has it.
    let rank = (all * percent + 99) / 100;
    let mut before = 0;
    for (step, count) in counts.iter().enumerate() {
        if before + count >= rank {
            let start = step.checked_sub(1).map_or(0, |step| ENDS[step]);
            let Some(end) = ENDS.get(step) else { return Some(start) };
            return Some(start + (end - start) * (rank - before) / count);
        }
        before += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(times: impl IntoIterator<Item = Millis>) -> Counts {
        let mut counts = [0; 16];
        for time in times {
            counts[ENDS.iter().position(|end| time < *end).unwrap_or(15)] += 1;
        }
        counts
    }

    #[test]
    fn percentiles_are_right_to_the_step_that_they_fall_into() {
        let times: Vec<Millis> = (1..=1_000).map(|n| n * 4).collect();
        for percent in [50, 95] {
            let (true_one, told) = (times[(percent * 10 - 1) as usize], percentile(&counts(times.clone()), percent).unwrap());
            let step = |time: Millis| ENDS.iter().position(|end| time < *end);
            assert_eq!(step(told), step(true_one), "{percent}: {told} instead of {true_one}");
        }
        let median = percentile(&counts(times), 50).unwrap();
        assert!((median - 2_000).abs() < 20, "where calls lie evenly within the step it is exact: {median}");
    }

    #[test]
    fn few_calls_and_none_are_told_as_well_as_they_can_be() {
        assert_eq!(percentile(&counts([]), 50), None);
        assert!((50..=100).contains(&percentile(&counts([70]), 50).unwrap()));
        assert_eq!(percentile(&counts([600_000]), 95), Some(60_000));
        assert_eq!(percentile(&counts([10, 10, 10, 20_000]), 50).map(|time| time < 50), Some(true));
    }
}
