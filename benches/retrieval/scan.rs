//! The scan over vectors in memory, beside reading memory as such.

use crate::{PASSAGES, Result, row};
use guildhall::server::knowledge::vectors::matrix::Matrix;
use std::{collections::HashSet, hint::black_box, io::Write, time::Instant};

const DIMENSION: usize = 384;
const ROUNDS: usize = 15;

/// Floats of the buffer that is read for comparison: half a gigabyte.
const BUFFER: usize = 128 << 20;

pub fn measure(out: &mut impl Write) -> Result<()> {
    let mut matrix = Matrix::new(DIMENSION);
    let mut random = 1_u64;
    let mut vector = [0.0_f32; DIMENSION];
    for id in 0..PASSAGES as i64 {
        for value in &mut vector {
            // Knuth's generator: it only has to look like something.
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *value = (random >> 40) as f32 / (1 << 24) as f32 - 0.5;
        }
        matrix.push(id, &vector);
    }
    let themselves = (PASSAGES * DIMENSION * size_of::<f32>()) as f64;
    let hidden = HashSet::new();
    let buffer = vec![1.0_f32; BUFFER];
    // In turns, so that a busy moment of the machine meets both.
    let (mut scan, mut read) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        black_box(matrix.nearest(black_box(&vector), 100, &hidden));
        scan = scan.min(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        black_box(sum(black_box(&buffer)));
        read = read.min(begun.elapsed().as_secs_f64());
    }
    let (speed, bandwidth) = (themselves / scan / 1e9, (BUFFER * size_of::<f32>()) as f64 / read / 1e9);
    row(out, "memory bandwidth, one core", format!("{bandwidth:.1} GB/s"), "", None)?;
    row(out, "scan of 100,000 vectors of 384 numbers", format!("{:.1} ms", scan * 1000.0), "", None)?;
    row(out, "scan, bytes of vectors read", format!("{speed:.1} GB/s"), "", None)?;
    let ratio = speed / bandwidth;
    row(out, "scan / memory bandwidth", format!("{ratio:.2}"), "≥ 0.80", Some(ratio >= 0.8))?;
    let memory = matrix.bytes() as f64 / themselves;
    row(out, "memory / vectors themselves", format!("{memory:.3}"), "≤ 1.10", Some(memory <= 1.1))
}

/// Reads everything once, as fast as one core can.
fn sum(buffer: &[f32]) -> f32 {
    let (pieces, rest) = buffer.as_chunks::<64>();
    let mut sums = [0.0_f32; 64];
    for piece in pieces {
        for (sum, value) in sums.iter_mut().zip(piece) {
            *sum += value;
        }
    }
    sums.iter().chain(rest).sum()
}
