//! Neighbours: precision and recall of a set of samples, and the real image nearest to one.

use super::{Estimate, rows};
use crate::num::{distance, parallel};

/// Rows compared together with all others.
const TOGETHER: usize = 64;

/// Improved precision and recall (Kynkäänniemi et al. 2019, arXiv:1904.06991).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrecisionRecall {
    /// Share of generated rows within the real manifold: how many samples are good.
    pub precision: Estimate,
    /// Share of real rows within the generated manifold: how much of the data is reached.
    pub recall: Estimate,
}

/// Precision and recall of `generated` (`[m, width]`) against `real` (`[n, width]`). The manifold of a set
/// is the union of closed balls around its rows, each as far as its `k`-th neighbour, itself not counted;
/// the authors use 3. Both depend on how many rows there are: give both sides equally many.
///
/// The standard errors are binomial: they count the tested side as drawn and the manifold as fixed.
///
/// # Panics
/// If a side has not more than `k` rows, `k` is 0, or rows are not whole.
pub fn precision_recall(
    real: &[f32],
    generated: &[f32],
    width: usize,
    k: usize,
) -> PrecisionRecall {
    let within = |manifold: &[f32], tested: &[f32]| {
        let radii = squared_radii(manifold, width, k);
        let inside = by_row(tested, manifold, width, |squares| {
            squares.iter().zip(&radii).any(|(square, radius)| square <= radius)
        });
        let n = inside.len() as f64;
        let value = inside.iter().filter(|&&inside| inside).count() as f64 / n;
        Estimate { value, standard_error: (value * (1.0 - value) / n).sqrt() }
    };
    PrecisionRecall { precision: within(real, generated), recall: within(generated, real) }
}

/// Squared distance of each row from its `k`-th neighbour among the others.
fn squared_radii(all: &[f32], width: usize, k: usize) -> Vec<f32> {
    assert!(k > 0 && rows(all, width) > k, "more than {k} rows and k of at least 1 expected");
    by_row(all, all, width, |squares| {
        // The row itself is at distance 0, so its k-th neighbour stands at k when sorted.
        *squares.to_vec().select_nth_unstable_by(k, f32::total_cmp).1
    })
}

/// `f` of the squared distances of each row of `a` from all rows of `b`.
fn by_row<T: Send>(a: &[f32], b: &[f32], width: usize, f: impl Fn(&[f32]) -> T + Sync) -> Vec<T> {
    let (n, m) = (rows(a, width), rows(b, width));
    let blocks = parallel::map(n.div_ceil(TOGETHER), |block| {
        let end = a.len().min((block + 1) * TOGETHER * width);
        let squares = distance::all(&a[block * TOGETHER * width..end], b, width);
        squares.chunks_exact(m).map(&f).collect::<Vec<T>>()
    });
    blocks.into_iter().flatten().collect()
}

/// A row near to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its row.
    pub index: usize,
    /// Euclidean distance.
    pub distance: f64,
}

/// The `k` rows of `all` (`[n, width]`) nearest to `query` (`[width]`), nearest first, the lower index first
/// among equals; all of them where there are fewer. In units of the values.
///
/// # Panics
/// If the rows are not whole or as wide as `query`.
pub fn nearest(query: &[f32], all: &[f32], k: usize) -> Vec<Neighbour> {
    rows(all, query.len());
    least(all.chunks_exact(query.len()).map(|row| f64::from(distance::squared(query, row))), k, 1.0)
}

/// The same for grey bytes, 0 to 255, compared exactly; distances are in units of intensity, white 1. For
/// the 60,000 training images this needs no copy of them as floats.
///
/// # Panics
/// If the rows are not whole or as wide as `query`.
pub fn nearest_images(query: &[u8], all: &[u8], k: usize) -> Vec<Neighbour> {
    assert!(
        !query.is_empty() && all.len().is_multiple_of(query.len()),
        "[n, {}] expected",
        query.len()
    );
    let squared = |row: &[u8]| {
        let squares = query.iter().zip(row).map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2));
        f64::from(squares.sum::<u32>())
    };
    least(all.chunks_exact(query.len()).map(squared), k, 255.0)
}

fn least(squares: impl Iterator<Item = f64>, k: usize, unit: f64) -> Vec<Neighbour> {
    let mut best: Vec<(f64, usize)> = Vec::with_capacity(k + 1);
    for (index, square) in squares.enumerate() {
        if best.len() == k && best.last().is_none_or(|&(worst, _)| square >= worst) {
            continue;
        }
        let at = best.partition_point(|&(other, _)| other <= square);
        best.insert(at, (square, index));
        best.truncate(k);
    }
    let neighbour =
        |(square, index): (f64, usize)| Neighbour { index, distance: square.sqrt() / unit };
    best.into_iter().map(neighbour).collect()
}
