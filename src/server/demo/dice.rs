//! Choices that look like chance and are the same each time.

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number from 0, below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        // xorshift64: G. Marsaglia, “Xorshift RNGs” (2003).
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }

    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).max(1).unsigned_abs()) as i64
    }

    /// True so many times of a thousand.
    pub fn of_1000(&mut self, times: u64) -> bool {
        self.below(1_000) < times
    }
}
