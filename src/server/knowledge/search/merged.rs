//! Passages of the same text are one: the first of them stands for all.

use crate::server::store::passages::Place;
use std::collections::HashMap;

/// Chunks of the same text under the first of them.
#[derive(Default)]
pub struct Merged {
    first: HashMap<i64, i64>,
    embedding: HashMap<i64, i64>,
    chunk_of_embedding: HashMap<i64, i64>,
}

impl Merged {
    pub fn of(places: impl Iterator<Item = Place>) -> Self {
        let mut places: Vec<Place> = places.collect();
        places.sort_by_key(|place| place.chunk);
        let (mut merged, mut first_of) = (Self::default(), HashMap::new());
        for place in places {
            let first = *first_of.entry(place.passage).or_insert(place.chunk);
            merged.first.insert(place.chunk, first);
            if let Some(embedding) = place.embedding {
                merged.embedding.insert(first, embedding);
                merged.chunk_of_embedding.insert(embedding, first);
            }
        }
        merged
    }

    pub fn chunk_of(&self, embedding: i64) -> Option<i64> {
        self.chunk_of_embedding.get(&embedding).copied()
    }

    pub fn embeddings(&self) -> impl Iterator<Item = (i64, i64)> {
        self.embedding.iter().map(|(chunk, embedding)| (*chunk, *embedding))
    }

    /// The best score of each text. What is not there any more, or does not serve, has none.
    pub fn best(&self, scores: impl Iterator<Item = (i64, f32)>) -> HashMap<i64, f32> {
        let mut best: HashMap<i64, f32> = HashMap::new();
        for (chunk, score) in scores {
            if let Some(first) = self.first.get(&chunk) {
                let known = best.entry(*first).or_insert(score);
                *known = known.max(score);
            }
        }
        best
    }

    /// The place of each text in a ranking, from 1.
    pub fn places(&self, ranking: impl Iterator<Item = i64>) -> HashMap<i64, usize> {
        let mut places = HashMap::new();
        for first in ranking.filter_map(|chunk| self.first.get(&chunk)) {
            let next = places.len() + 1;
            places.entry(*first).or_insert(next);
        }
        places
    }
}
