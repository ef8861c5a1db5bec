//! One ranking from two: what the words say and what the vectors say.
//!
//! Ranks alone forget how sure a ranking is: where a query's words are hardly found, the first by words is first all the
//! same, and drags the sum down. So scores are summed, each on a scale that needs no tuning to a collection:
//!
//! - **words** `w`: the BM25 score divided by the highest that the query could reach. 1 is a passage that has every word
//!   again and again; one that has a common word of eight has next to nothing.
//! - **likeness** `z`: by how many standard deviations the cosine is above the mean of the group. Models differ in where
//!   their cosines lie; this makes them alike, and a model that can tell nothing apart has no peaks.
//!
//! `score = z + 2 √(2 ln N) · w · min(1, n / 6)`, for a query of `n` words among `N` passages. `√(2 ln N)` is what the highest of
//! `N` random likenesses would reach, so all of a query's words weigh twice as much as the best that chance can do. Few words
//! have little chance to agree: a short query is decided by likeness more than a long one.
//!
//! How the two constants were chosen, and what speaks against their being fitted to a few collections, stands in the README.

use super::top::Hit;
use std::collections::HashMap;

/// How much the words weigh beside the likeness that chance alone would bring.
const WORDS: f32 = 2.0;

/// From this many words on a query's words have their full weight.
const ENOUGH: f32 = 6.0;

/// One passage, as each of the two sees it. `None`: it has none of the words; there is no vector of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub id: i64,
    /// The BM25 score.
    pub words: Option<f32>,
    /// The cosine.
    pub likeness: Option<f32>,
}

/// What the scores are measured by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scale {
    /// The BM25 score that no passage can exceed.
    pub bound: f32,
    /// Words of the query.
    pub words: usize,
    /// How many vectors there are, the mean of their cosines with the query, and its standard deviation.
    pub vectors: usize,
    pub mean: f32,
    pub spread: f32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fused {
    pub id: i64,
    /// From 0 to 1, never rising from one result to the next. The first has the chance that words or likeness, each taken
    /// for a probability, are right: `1 − (1 − words) (1 − cosine)`; the others their part of it by score.
    pub relevance: f32,
}

/// Best first. The order of the candidates makes no difference.
pub fn fuse(candidates: &[Candidate], scale: Scale) -> Vec<Fused> {
    let mut scored: Vec<(f32, &Candidate)> = candidates.iter().map(|one| (scale.score(one), one)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    let Some((first, best)) = scored.first() else { return Vec::new() };
    let sure = 1.0 - (1.0 - scale.covered(best.words)) * (1.0 - best.likeness.unwrap_or(0.0).clamp(0.0, 1.0));
    let part = |score: f32| match score {
        score if *first > 0.0 => (score / first).clamp(0.0, 1.0),
        // None is above the average: those that are as good as the first are as good as it.
        score => f32::from(u8::from(score >= *first)),
    };
    scored.iter().map(|(score, one)| Fused { id: one.id, relevance: sure * part(*score) }).collect()
}

impl Scale {
    fn score(&self, candidate: &Candidate) -> f32 {
        let chance = (2.0 * (self.vectors.max(2) as f32).ln()).sqrt();
        let weight = WORDS * chance * (self.words as f32 / ENOUGH).min(1.0);
        self.deviation(candidate.likeness) + weight * self.covered(candidate.words)
    }

    /// 0 to 1.
    fn covered(&self, words: Option<f32>) -> f32 {
        if self.bound > 0.0 { (words.unwrap_or(0.0) / self.bound).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// What has no vector is as likely as the average; so is everything where all are equally alike.
    fn deviation(&self, likeness: Option<f32>) -> f32 {
        match likeness {
            Some(likeness) if self.spread > f32::EPSILON => (likeness - self.mean) / self.spread,
            _ => 0.0,
        }
    }
}

/// Candidates from two lists of hits: whatever either has found.
pub fn candidates(words: &[Hit], likeness: &[Hit]) -> Vec<Candidate> {
    let mut found: HashMap<i64, Candidate> = HashMap::new();
    let new = |id| Candidate { id, words: None, likeness: None };
    for hit in words {
        found.entry(hit.id).or_insert_with(|| new(hit.id)).words = Some(hit.score);
    }
    for hit in likeness {
        found.entry(hit.id).or_insert_with(|| new(hit.id)).likeness = Some(hit.score);
    }
    found.into_values().collect()
}
