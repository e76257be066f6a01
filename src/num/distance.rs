//! Squared Euclidean distances between many rows, the inner loop of [`parzen`](super::parzen) and of
//! [`neighbours`](super::neighbours).

/// Partial sums side by side: as many as two SSE or wasm registers hold.
const LANES: usize = 8;
/// Rows either way that are taken together, so that each load from memory is used twice.
const TILE: usize = 2;

/// Squared distance of two rows of equal length. Differences are taken before squaring, so close rows
/// lose no digits: relative error about 1e-6, and exactly 0 for equal rows.
pub fn squared(a: &[f32], b: &[f32]) -> f32 {
    tile([a], [b])[0][0]
}

/// Squared distances of all rows of `a` (`[n, width]`) from all rows of `b` (`[m, width]`): `[n, m]`.
///
/// `a` should fit in a core's cache; `b` is read through once.
pub fn all(a: &[f32], b: &[f32], width: usize) -> Vec<f32> {
    let m = b.len() / width;
    let mut out = vec![0.0; a.len() / width * m];
    let row = |values: &'_ [f32], index: usize| -> std::ops::Range<usize> {
        debug_assert!((index + 1) * width <= values.len(), "no row {index}");
        index * width..(index + 1) * width
    };
    let n = a.len() / width;
    for j in (0..m).step_by(TILE) {
        for i in (0..n).step_by(TILE) {
            if i + TILE <= n && j + TILE <= m {
                let rows_a = [&a[row(a, i)], &a[row(a, i + 1)]];
                let rows_b = [&b[row(b, j)], &b[row(b, j + 1)]];
                for (s, line) in tile(rows_a, rows_b).iter().enumerate() {
                    out[(i + s) * m + j..(i + s) * m + j + TILE].copy_from_slice(line);
                }
            } else {
                for s in i..(i + TILE).min(n) {
                    for t in j..(j + TILE).min(m) {
                        out[s * m + t] = squared(&a[row(a, s)], &b[row(b, t)]);
                    }
                }
            }
        }
    }
    out
}

/// The same sums in the same order for any tile, so that tiling changes no bit.
#[inline(always)]
fn tile<const A: usize, const B: usize>(a: [&[f32]; A], b: [&[f32]; B]) -> [[f32; B]; A] {
    let a = a.map(<[f32]>::as_chunks::<LANES>);
    let b = b.map(<[f32]>::as_chunks::<LANES>);
    let mut sums = [[[0f32; LANES]; B]; A];
    for chunk in 0..a[0].0.len() {
        for s in 0..A {
            for t in 0..B {
                let (x, y) = (&a[s].0[chunk], &b[t].0[chunk]);
                for lane in 0..LANES {
                    let difference = x[lane] - y[lane];
                    sums[s][t][lane] += difference * difference;
                }
            }
        }
    }
    std::array::from_fn(|s| {
        std::array::from_fn(|t| {
            let rest = a[s].1.iter().zip(b[t].1).map(|(x, y)| (x - y) * (x - y));
            sums[s][t].iter().sum::<f32>() + rest.sum::<f32>()
        })
    })
}
