//! An axis with round numbers.

/// Where the lines of an axis stand that begins at zero and covers `most`: three to six of them, at 1, 2 or 5 times a power
/// of ten. The last one is at `most` or above.
pub fn lines(most: i64) -> Vec<i64> {
    let step = step(most.max(1));
    (0..).map(|n| n * step).take_while(|line| *line < most.max(1) + step).collect()
}

fn step(most: i64) -> i64 {
    let mut unit: i64 = 1;
    loop {
        for step in [unit, unit.saturating_mul(2), unit.saturating_mul(5)] {
            // Five steps at the most.
            if most <= step.saturating_mul(5) {
                return step;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_round_few_and_cover_everything() {
        assert_eq!(lines(20_100_000), [0, 5_000_000, 10_000_000, 15_000_000, 20_000_000, 25_000_000]);
        assert_eq!(lines(3), [0, 1, 2, 3]);
        assert_eq!(lines(0), [0, 1]);
        for most in (1..5_000_000_000_i64).step_by(7_777_777).chain([1, 2, 9, 10, 11, i64::MAX / 10]) {
            let lines = lines(most);
            assert!((2..=6).contains(&lines.len()) && lines.last().is_some_and(|last| *last >= most), "{most}: {lines:?}");
        }
    }
}
