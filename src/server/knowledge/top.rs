//! The best few of many: a heap no larger than what is asked for.

use std::{cmp::Ordering, collections::BinaryHeap};

/// Something found, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: i64,
    pub score: f32,
}

/// Of those offered the `limit` with the highest scores. Of equal scores the smaller id is better, so that the same
/// question has the same answer.
pub struct Top {
    limit: usize,
    /// The worst of the kept on top.
    kept: BinaryHeap<Worst>,
}

struct Worst(Hit);

impl Top {
    pub fn new(limit: usize) -> Self {
        Self { limit, kept: BinaryHeap::with_capacity(limit + 1) }
    }

    /// Most of what is offered is worse than all that is kept: that is seen at a glance.
    #[inline]
    pub fn offer(&mut self, id: i64, score: f32) {
        if self.kept.len() >= self.limit && self.kept.peek().is_none_or(|worst| score < worst.0.score) {
            return;
        }
        self.keep(Hit { id, score });
    }

    fn keep(&mut self, hit: Hit) {
        self.kept.push(Worst(hit));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
    }

    /// Best first.
    pub fn best(self) -> Vec<Hit> {
        // The heap's order is "worse is greater", so sorted upwards is best first.
        self.kept.into_sorted_vec().into_iter().map(|worst| worst.0).collect()
    }
}

impl Ord for Worst {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.score.total_cmp(&self.0.score).then(self.0.id.cmp(&other.0.id))
    }
}

impl PartialOrd for Worst {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Worst {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Worst {}
