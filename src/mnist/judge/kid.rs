//! Kernel distance (KID, Bińkowski et al. 2018, arXiv:1801.01401): the squared maximum mean discrepancy
//! with the kernel `(x.y / width + 1)^3`. Unlike the Fréchet distance its estimate is unbiased, so it
//! may be below 0 and is 0 in the mean for two sets of one distribution.

use super::{Estimate, rows};
use crate::num::parallel;
use crate::num::rng::Rng;

/// Subsets, and rows in each, as in the authors' code.
const SUBSETS: usize = 10;
const SIZE: usize = 1000;

/// Mean and standard error over 10 subsets of 1,000 rows of `a` and of `b` (row-major, `[n, width]` and
/// `[m, width]`), shuffled by `seed`. 10,000 rows make the subsets disjoint and the error honest; fewer
/// make them overlap, which understates it. Where a side has fewer than 1,000, subsets are as large as it.
///
/// # Panics
/// With fewer than two rows on a side, or if they are not whole.
pub fn distance(a: &[f32], b: &[f32], width: usize, seed: u64) -> Estimate {
    let size = SIZE.min(rows(a, width)).min(rows(b, width));
    let mut rng = Rng::new(seed);
    let (order_a, order_b) = (order(rows(a, width), &mut rng), order(rows(b, width), &mut rng));
    let part = |all: &[f32], order: &[usize], subset: usize| -> Vec<f32> {
        let indices = (0..size).map(|i| order[(subset * size + i) % order.len()]);
        indices.flat_map(|i| &all[i * width..(i + 1) * width]).copied().collect()
    };
    super::mean(&parallel::map(SUBSETS, |subset| {
        squared_discrepancy(&part(a, &order_a, subset), &part(b, &order_b, subset), width)
    }))
}

fn order(count: usize, rng: &mut Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    rng.shuffle(&mut order);
    order
}

/// The unbiased estimate of MMD^2 on all rows (Gretton et al. 2012, equation 3): pairs of a row with
/// itself are left out.
///
/// # Panics
/// With fewer than two rows on a side, or if they are not whole.
pub fn squared_discrepancy(a: &[f32], b: &[f32], width: usize) -> f64 {
    let (n, m) = (rows(a, width), rows(b, width));
    assert!(n > 1 && m > 1, "two rows expected on each side");
    let within = |x: &[f32], n: usize| {
        let all = x.chunks_exact(width).enumerate();
        let above = all.map(|(i, row)| sum_of_kernels(row, &x[(i + 1) * width..], width));
        2.0 * above.sum::<f64>() / (n * (n - 1)) as f64
    };
    let between: f64 = a.chunks_exact(width).map(|row| sum_of_kernels(row, b, width)).sum();
    within(a, n) + within(b, m) - 2.0 * between / (n * m) as f64
}

fn sum_of_kernels(row: &[f32], others: &[f32], width: usize) -> f64 {
    let kernel = |other: &[f32]| {
        let dot: f64 = row.iter().zip(other).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
        (dot / width as f64 + 1.0).powi(3)
    };
    others.chunks_exact(width).map(kernel).sum()
}
