//! nDCG and recall among the first ten documents.

use std::collections::{HashMap, HashSet};

const FIRST: usize = 10;

/// The measures of each query.
#[derive(Default)]
pub struct Scores(Vec<(f64, f64)>);

impl Scores {
    /// Adds a query by its ranking, in which a document counts where it comes first.
    pub fn add(&mut self, ranked: &[&str], judged: &HashMap<String, f64>) {
        let mut seen = HashSet::new();
        let grades: Vec<f64> =
            ranked.iter().filter(|id| seen.insert(**id)).take(FIRST).map(|id| judged.get(*id).copied().unwrap_or(0.0)).collect();
        let mut ideal: Vec<f64> = judged.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        ideal.truncate(FIRST);
        let found = grades.iter().filter(|grade| **grade > 0.0).count();
        self.0.push((gain(&grades) / gain(&ideal), found as f64 / judged.len() as f64));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// nDCG and recall over all queries.
    pub fn means(&self) -> (f64, f64) {
        let count = self.0.len().max(1) as f64;
        let (ndcg, recall) = self.0.iter().fold((0.0, 0.0), |(a, b), (ndcg, recall)| (a + ndcg, b + recall));
        (ndcg / count, recall / count)
    }
}

fn gain(grades: &[f64]) -> f64 {
    grades.iter().enumerate().map(|(place, grade)| grade / (place as f64 + 2.0).log2()).sum()
}
