//! Ranking by words: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with the
//! statistics of one group.
//!
//! A passage's score is the sum over the query's words of `idf · f (k1 + 1) / (f + k1 (1 − b + b · length / mean length))`,
//! with `idf = ln(1 + (N − n + ½) / (n + ½))`, which stays above zero where a group has few passages.

use super::{
    postings::{self, BLOCK},
    top::{Hit, Top},
};

/// How soon a word said again stops to count; and how much long passages are held back. The usual values, and the best of
/// those tried.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A piece of one word's list.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The word's place in the query.
    pub word: usize,
    pub block: i64,
    pub entries: Vec<u8>,
}

/// What is known of a group as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    pub chunks: i64,
    pub words: i64,
}

/// The best passages, and the score that none can reach.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ranking {
    pub hits: Vec<Hit>,
    /// The scores of the passages that were asked about, where they have one.
    pub also: Vec<Hit>,
    pub bound: f32,
}

/// What a ranking must know of certain passages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Certain<'a> {
    /// Those whose scores are asked for, wherever they stand.
    pub also: &'a [i64],
    /// Those that take no place, in order.
    pub hidden: &'a [i64],
}

/// The `limit` passages with the highest scores.
pub fn rank(mut pieces: Vec<Piece>, words: usize, totals: Totals, limit: usize, certain: Certain) -> Ranking {
    let Certain { also, hidden } = certain;
    let weights = weights(&pieces, words, totals);
    let mean = (totals.words as f32 / totals.chunks.max(1) as f32).max(1.0);
    pieces.sort_by_key(|piece| piece.block);
    let (mut top, mut asked) = (Top::new(limit), Vec::new());
    // One block at a time: its scores stay in the nearest cache while every word adds to them.
    let mut scores = vec![0.0_f32; BLOCK as usize];
    for block in pieces.chunk_by(|a, b| a.block == b.block) {
        scores.fill(0.0);
        for piece in block {
            add(&mut scores, piece, weights[piece.word], mean);
        }
        let first = block[0].block * BLOCK;
        for id in within(hidden, first) {
            scores[usize::from(postings::offset(*id))] = 0.0;
        }
        for (offset, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
            top.offer(first + offset as i64, *score);
        }
        let here = also.iter().filter(|id| postings::block(**id) == block[0].block);
        asked.extend(here.map(|id| Hit { id: *id, score: scores[usize::from(postings::offset(*id))] }));
    }
    asked.retain(|hit| hit.score > 0.0);
    Ranking { hits: top.best(), also: asked, bound: weights.iter().sum::<f32>() * (K1 + 1.0) }
}

/// Those of some ordered ids that stand in the block that begins with `first`.
fn within(ids: &[i64], first: i64) -> &[i64] {
    let before = |end: i64| ids.partition_point(|id| *id < end);
    &ids[before(first)..before(first + BLOCK)]
}

fn add(scores: &mut [f32], piece: &Piece, weight: f32, mean: f32) {
    for entry in postings::entries(&piece.entries) {
        let count = f32::from(entry.count);
        let held_back = K1 * (1.0 - B + B * f32::from(entry.length) / mean);
        if let Some(score) = scores.get_mut(usize::from(entry.offset)) {
            *score += weight * count * (K1 + 1.0) / (count + held_back);
        }
    }
}

/// The idf of each word of the query: the rarer, the more it tells. A word that no passage has counts as one that is as rare
/// as can be: what the query asks for and nothing has keeps every passage from being called a full answer.
fn weights(pieces: &[Piece], words: usize, totals: Totals) -> Vec<f32> {
    let mut found = vec![0_usize; words];
    for piece in pieces {
        found[piece.word] += postings::len(&piece.entries);
    }
    let all = totals.chunks as f32;
    let idf = |n: usize| (1.0 + (all - n as f32 + 0.5).max(0.0) / (n as f32 + 0.5)).ln();
    found.into_iter().map(idf).collect()
}
