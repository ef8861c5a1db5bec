//! The vectors of one group in memory, and the exact scan over them.

use super::super::top::{Hit, Top};
use std::collections::{HashMap, HashSet};

/// Rows of one piece of memory. The first grows as it is filled; the others are made whole, so that growing never copies
/// what is there and wastes at most one piece.
const ROWS: usize = 2048;

/// Products that are summed side by side. Sums that do not wait for each other become vector instructions.
const LANES: usize = 32;

/// Rows of equal length, each under an id. A row is a vector of length 1, so that a dot product is a cosine.
pub struct Matrix {
    dimension: usize,
    pieces: Vec<Vec<f32>>,
    /// The id of each row, and the row of each id.
    ids: Vec<i64>,
    rows: HashMap<i64, u32>,
}

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearest {
    /// Best first.
    pub hits: Vec<Hit>,
    /// How many rows were compared; the mean of their dot products with the query, and its standard deviation.
    pub rows: usize,
    pub mean: f32,
    pub spread: f32,
}

impl Matrix {
    pub fn new(dimension: usize) -> Self {
        Self { dimension, pieces: Vec::new(), ids: Vec::new(), rows: HashMap::new() }
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All the memory that this takes, in bytes.
    pub fn bytes(&self) -> usize {
        let floats: usize = self.pieces.iter().map(Vec::capacity).sum();
        // A hash table keeps one more byte per place, and an eighth of its places free.
        let places = self.rows.capacity() * 8 / 7;
        floats * size_of::<f32>() + self.ids.capacity() * size_of::<i64>() + places * (size_of::<(i64, u32)>() + 1)
    }

    /// Adds a row; one of another length, or under an id that is there, is left out.
    pub fn push(&mut self, id: i64, row: &[f32]) {
        if row.len() != self.dimension || self.dimension == 0 || self.rows.contains_key(&id) {
            return;
        }
        let place = self.ids.len();
        if place == self.pieces.len() * ROWS {
            let room = if self.pieces.is_empty() { 0 } else { ROWS * self.dimension };
            self.pieces.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.extend_from_slice(row);
        }
        self.ids.push(id);
        self.rows.insert(id, place as u32);
    }

    /// Takes a row out; the last one moves into its place.
    pub fn remove(&mut self, id: i64) {
        let Some(place) = self.rows.remove(&id).map(|place| place as usize) else { return };
        let last = self.ids.len() - 1;
        if let Some(row) = (place < last).then(|| self.row(last).to_vec()) {
            let at = place % ROWS * self.dimension;
            self.pieces[place / ROWS][at..at + self.dimension].copy_from_slice(&row);
            self.rows.insert(self.ids[last], place as u32);
        }
        self.ids.swap_remove(place);
        let piece = &mut self.pieces[last / ROWS];
        piece.truncate(piece.len() - self.dimension);
        if piece.is_empty() {
            self.pieces.pop();
        }
    }

    fn row(&self, place: usize) -> &[f32] {
        let at = place % ROWS * self.dimension;
        &self.pieces[place / ROWS][at..at + self.dimension]
    }

    /// The `limit` rows that are most like the query, by their dot products with it. Every row is looked at but the hidden.
    pub fn nearest(&self, query: &[f32], limit: usize, hidden: &HashSet<i64>) -> Nearest {
        if query.len() != self.dimension || self.is_empty() {
            return Nearest::default();
        }
        let (mut top, mut rows, mut sum, mut squares) = (Top::new(limit), 0_usize, 0.0, 0.0);
        for (piece, ids) in self.pieces.iter().zip(self.ids.chunks(ROWS)) {
            for (row, id) in piece.chunks_exact(self.dimension).zip(ids) {
                if hidden.contains(id) {
                    continue;
                }
                let likeness = dot(row, query);
                rows += 1;
                sum += f64::from(likeness);
                squares += f64::from(likeness) * f64::from(likeness);
                top.offer(*id, likeness);
            }
        }
        let of = rows.max(1) as f64;
        let mean = sum / of;
        let spread = (squares / of - mean * mean).max(0.0).sqrt();
        Nearest { hits: top.best(), rows, mean: mean as f32, spread: spread as f32 }
    }

    /// The dot product of the query with one row.
    pub fn likeness(&self, id: i64, query: &[f32]) -> Option<f32> {
        let place = *self.rows.get(&id)? as usize;
        (query.len() == self.dimension).then(|| dot(self.row(place), query))
    }
}

#[inline]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, rest_a) = a.as_chunks::<LANES>();
    let (b, rest_b) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
