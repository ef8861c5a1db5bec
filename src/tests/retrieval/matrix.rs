//! Vectors in memory: the exact scan beside a slow one, and what the matrix costs.

use crate::server::knowledge::vectors::{
    bytes, floats,
    matrix::{Matrix, dot},
    normalised,
};
use proptest::prelude::*;
use std::collections::HashSet;

fn rows(count: usize, dimension: usize) -> impl Strategy<Value = Vec<Vec<f32>>> {
    proptest::collection::vec(proptest::collection::vec(-1.0_f32..1.0, dimension), 1..count)
}

fn slow_dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

proptest! {
    #[test]
    fn the_nearest_are_those_of_a_slow_scan(rows in rows(60, 37), query in proptest::collection::vec(-1.0_f32..1.0, 37), limit in 1_usize..20) {
        let mut matrix = Matrix::new(37);
        for (id, row) in (0..).zip(&rows) {
            matrix.push(id * 10, row);
        }
        let mut expected: Vec<f64> = rows.iter().map(|row| slow_dot(row, &query)).collect();
        let mean = expected.iter().sum::<f64>() / expected.len() as f64;
        expected.sort_by(|a, b| b.total_cmp(a));
        let near = matrix.nearest(&query, limit, &HashSet::new());
        prop_assert_eq!(near.hits.len(), limit.min(rows.len()));
        prop_assert!((f64::from(near.mean) - mean).abs() < 1e-4);
        for (hit, expected) in near.hits.iter().zip(expected) {
            prop_assert!((f64::from(hit.score) - expected).abs() < 1e-4);
            prop_assert_eq!(matrix.likeness(hit.id, &query), Some(hit.score));
        }
    }

    /// Not even in the mean, by which likenesses are measured.
    #[test]
    fn hidden_rows_are_as_if_they_were_not_there(rows in rows(40, 8), hidden in proptest::collection::hash_set(0_i64..40, 0..40)) {
        let (mut all, mut visible) = (Matrix::new(8), Matrix::new(8));
        for (id, row) in (0..).zip(&rows) {
            all.push(id, row);
            if !hidden.contains(&id) {
                visible.push(id, row);
            }
        }
        let query = [1.0, 0.5, -0.5, 0.25, 0.0, 0.0, 0.0, -1.0];
        prop_assert_eq!(all.nearest(&query, 5, &hidden), visible.nearest(&query, 5, &HashSet::new()));
    }

    #[test]
    fn removing_leaves_the_others(rows in rows(50, 8), gone in proptest::collection::vec(0_i64..60, 0..60)) {
        let mut matrix = Matrix::new(8);
        for (id, row) in (0..).zip(&rows) {
            matrix.push(id, row);
        }
        gone.iter().for_each(|id| matrix.remove(*id));
        let query = [1.0, 0.5, -0.5, 0.25, 0.0, 0.0, 0.0, -1.0];
        for (id, row) in (0..).zip(&rows) {
            let expected = (!gone.contains(&id)).then(|| dot(row, &query));
            prop_assert_eq!(matrix.likeness(id, &query), expected);
        }
        prop_assert_eq!(matrix.nearest(&query, 100, &HashSet::new()).hits.len(), matrix.len());
    }

    #[test]
    fn vectors_are_kept_as_they_are(vector in proptest::collection::vec(any::<f32>(), 0..50)) {
        let kept = floats(&bytes(&vector));
        prop_assert!(kept.iter().zip(&vector).all(|(a, b)| a.to_bits() == b.to_bits()) && kept.len() == vector.len());
    }
}

#[test]
fn a_vector_without_a_direction_is_none() {
    assert_eq!(normalised(vec![0.0; 4]), None);
    assert_eq!(normalised(vec![f32::NAN, 1.0]), None);
    assert_eq!(normalised(vec![3.0, 4.0]), Some(vec![0.6, 0.8]));
}

#[test]
fn many_vectors_take_little_more_than_themselves() {
    let mut matrix = Matrix::new(384);
    let row = vec![0.05; 384];
    (0..20_000).for_each(|id| matrix.push(id, &row));
    let themselves = 20_000 * 384 * 4;
    assert!(matrix.bytes() <= themselves * 11 / 10, "{} of {themselves}", matrix.bytes());
}

#[test]
fn a_row_of_another_length_is_left_out() {
    let mut matrix = Matrix::new(3);
    matrix.push(1, &[1.0, 0.0]);
    matrix.push(2, &[1.0, 0.0, 0.0]);
    matrix.push(2, &[0.0, 1.0, 0.0]);
    assert_eq!((matrix.len(), matrix.nearest(&[1.0, 0.0, 0.0], 5, &HashSet::new()).hits[0].score), (1, 1.0));
    assert!(matrix.nearest(&[1.0], 5, &HashSet::new()).hits.is_empty());
}
