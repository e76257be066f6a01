//! The three products a hidden layer needs, over chunks of [`LANES`] samples.
//!
//! Activations lie as `[chunk][unit][lane]`, so the batch is the contiguous inner dimension and a compiler turns
//! each inner loop into SIMD. Sums run in a fixed order: the same bits on every machine.

use super::math::{LANES, Lanes, Scalar};

/// How many outputs are summed at a time: 4 outputs of 8 lanes fill eight 128-bit registers.
const BLOCK: usize = 4;

/// How to read an n by n matrix as the one of the product: entry (row, column) is at `row * row_step + column *
/// column_step`.
#[derive(Clone, Copy)]
pub(super) struct View<'a, T> {
    pub entries: &'a [T],
    pub n: usize,
    pub row_step: usize,
    pub column_step: usize,
}

impl<'a, T> View<'a, T> {
    pub(super) fn rows(entries: &'a [T], n: usize) -> Self {
        Self { entries, n, row_step: n, column_step: 1 }
    }

    pub(super) fn transposed(entries: &'a [T], n: usize) -> Self {
        Self { entries, n, row_step: 1, column_step: n }
    }
}

/// `output[c][j] = start(j) + sum_i m[j][i] input[c][i]` for every chunk c; input and output of n units each.
pub(super) fn multiply<T: Scalar>(
    m: View<T>,
    start: impl Fn(usize) -> T,
    input: &[Lanes<T>],
    output: &mut [Lanes<T>],
) {
    for (input, output) in input.chunks_exact(m.n).zip(output.chunks_exact_mut(m.n)) {
        let mut j = 0;
        while j + BLOCK <= m.n {
            rows::<T, BLOCK>(m, &start, j, input, output);
            j += BLOCK;
        }
        while j < m.n {
            rows::<T, 1>(m, &start, j, input, output);
            j += 1;
        }
    }
}

#[inline(always)]
fn rows<T: Scalar, const J: usize>(
    m: View<T>,
    start: &impl Fn(usize) -> T,
    j: usize,
    input: &[Lanes<T>],
    output: &mut [Lanes<T>],
) {
    let mut sum: [Lanes<T>; J] = std::array::from_fn(|k| [start(j + k); LANES]);
    let mut at = j * m.row_step;
    for x in input {
        for (k, sum) in sum.iter_mut().enumerate() {
            let w = m.entries[at + k * m.row_step];
            for l in 0..LANES {
                sum[l] += w * x[l];
            }
        }
        at += m.column_step;
    }
    output[j..j + J].copy_from_slice(&sum);
}

/// `gradient[j * n + i] += sum over all samples of left[j] right[i]`.
pub(super) fn outer<T: Scalar>(
    n: usize,
    left: &[Lanes<T>],
    right: &[Lanes<T>],
    gradient: &mut [T],
) {
    let mut j = 0;
    while j < n {
        let tall = j + 2 <= n;
        let mut i = 0;
        while i < n {
            let wide = i + 2 <= n;
            match (tall, wide) {
                (true, true) => tile::<T, 2, 2>(n, j, i, left, right, gradient),
                (true, false) => tile::<T, 2, 1>(n, j, i, left, right, gradient),
                (false, true) => tile::<T, 1, 2>(n, j, i, left, right, gradient),
                (false, false) => tile::<T, 1, 1>(n, j, i, left, right, gradient),
            }
            i += 2;
        }
        j += 2;
    }
}

#[inline(always)]
fn tile<T: Scalar, const J: usize, const I: usize>(
    n: usize,
    j: usize,
    i: usize,
    left: &[Lanes<T>],
    right: &[Lanes<T>],
    gradient: &mut [T],
) {
    let mut sum = [[[T::default(); LANES]; I]; J];
    for (left, right) in left.chunks_exact(n).zip(right.chunks_exact(n)) {
        let (left, right) = (&left[j..j + J], &right[i..i + I]);
        for a in 0..J {
            for b in 0..I {
                for l in 0..LANES {
                    sum[a][b][l] += left[a][l] * right[b][l];
                }
            }
        }
    }
    for a in 0..J {
        for b in 0..I {
            gradient[(j + a) * n + i + b] += total(sum[a][b]);
        }
    }
}

/// Sum over the lanes, pairwise.
#[inline(always)]
pub(super) fn total<T: Scalar>(x: Lanes<T>) -> T {
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}
