//! The x-axis cut into cells, and distributions tabulated on it as one mass per cell.

use std::ops::Range;

use super::quadrature::integrate;

/// `cells` cells of equal width on `[lo, hi]`, in data units; `lo < hi`, both finite, `cells >= 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Left end.
    pub lo: f64,
    /// Right end.
    pub hi: f64,
    /// Number of cells.
    pub cells: usize,
}

/// Distances of the edges around a break, in cells: from 4 down to 2^-21, the ratio of neighbours growing
/// from 2^(1/4) to 2^(2/3). Follows an inverse-square-root singularity, which is what a fold of G makes, as
/// closely as the rest of the grid follows a smooth density; what lies nearer has ever less mass.
fn distances() -> impl Iterator<Item = f64> {
    (0..=50).map(|i| {
        let i = f64::from(i);
        (2.0 - 0.25 * i * (1.0 + i / 60.0)).exp2()
    })
}

/// Narrowest cell kept, as a part of a grid cell.
const NARROW: f64 = 1e-7;

impl Grid {
    /// Width of one cell, in data units.
    pub fn width(&self) -> f64 {
        (self.hi - self.lo) / self.cells as f64
    }

    /// The `cells + 1` edges, ascending, from `lo` to `hi` exactly.
    pub fn edges(&self) -> Vec<f64> {
        let width = self.width();
        let mut edges: Vec<f64> = (0..self.cells).map(|i| self.lo + width * i as f64).collect();
        edges.push(self.hi);
        edges
    }

    /// The edges of the grid, with one at each of `breaks` (within 1e-7 of a cell) and ever smaller cells towards it.
    ///
    /// For points where a density jumps or is singular; a cell that straddles a jump would cost up to a
    /// quarter of its mass in nats. Adds about 100 edges per break; breaks outside `(lo, hi)` are left out.
    ///
    /// ```
    /// use saddle::theory::Grid;
    ///
    /// let grid = Grid { lo: -4.0, hi: 4.0, cells: 256 };
    /// let edges = grid.refined(&[0.3]);
    /// assert!(edges.contains(&0.3));
    /// assert!(edges.len() > 257 && edges.is_sorted());
    /// ```
    pub fn refined(&self, breaks: &[f64]) -> Vec<f64> {
        self.refined_with(breaks, [])
    }

    /// The same, and one edge at each of `points`: where a density may be narrower than the cells.
    pub fn refined_with(&self, breaks: &[f64], points: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut edges = self.edges();
        let width = self.width();
        let inside = |x: &f64| *x > self.lo && *x < self.hi;
        for &at in breaks.iter().filter(|x| inside(x)) {
            edges.push(at);
            for distance in distances() {
                let step = width * distance;
                edges.extend([at - step, at + step].iter().filter(|x| inside(x)));
            }
        }
        edges.extend(points.into_iter().filter(inside));
        edges.sort_unstable_by(f64::total_cmp);
        // Breaks that all but coincide would leave cells too narrow to hold a density. `hi` must survive.
        let narrow = width * NARROW;
        edges.dedup_by(|next, kept| *next - *kept < narrow && *next < self.hi);
        edges
    }
}

/// Midpoints of the cells between `edges`, in data units.
pub fn centres(edges: &[f64]) -> Vec<f64> {
    edges.windows(2).map(|e| 0.5 * (e[0] + e[1])).collect()
}

/// Where to evaluate D for masses [`with_tails`](Mass::with_tails): the first edge, the centres, the last.
pub fn points(edges: &[f64]) -> Vec<f64> {
    let (Some(&lo), Some(&hi)) = (edges.first(), edges.last()) else {
        return Vec::new();
    };
    let mut points = vec![lo];
    points.extend(centres(edges));
    points.push(hi);
    points
}

/// Index of the cell that holds `x`: each cell holds its left edge, the last one both. None outside.
pub fn cell_of(edges: &[f64], x: f64) -> Option<usize> {
    let (&lo, &hi) = (edges.first()?, edges.last()?);
    let cells = edges.len().checked_sub(2)? + 1;
    // Written so that NaN is outside.
    (x >= lo && x <= hi)
        .then(|| edges.partition_point(|&e| e <= x).saturating_sub(1).min(cells - 1))
}

/// Values at ascending `from`, interpolated linearly at ascending `to`; constant beyond the ends.
///
/// To bring a D that was evaluated on a coarse grid to a refined one: interpolate its logit, which is far
/// closer to linear than D is. Error at most `h^2 / 8` times the second derivative. Same lengths of `from`
/// and `values`; empty `from` gives an empty answer.
pub fn resample(from: &[f64], values: &[f64], to: &[f64]) -> Vec<f64> {
    let last = from.len().min(values.len());
    if last == 0 {
        return Vec::new();
    }
    let mut right = 0;
    to.iter()
        .map(|&x| {
            while right < last && from[right] < x {
                right += 1;
            }
            if right == 0 {
                return values[0];
            }
            if right == last {
                return values[last - 1];
            }
            let t = (x - from[right - 1]) / (from[right] - from[right - 1]);
            values[right - 1] + t * (values[right] - values[right - 1])
        })
        .collect()
}

/// A distribution as masses of the cells between some edges, and what lies outside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mass {
    /// Mass of each cell, >= 0.
    pub cells: Vec<f64>,
    /// Mass left of the first edge.
    pub below: f64,
    /// Mass right of the last edge.
    pub above: f64,
}

impl Mass {
    /// The distribution with these functions, between `edges`; `cdf` needs an absolute accuracy of 1e-12.
    ///
    /// A mass is a difference of `cdf`, or an integral of `density` where that difference would drown in
    /// rounding. So masses keep their leading digits down to the smallest numbers, and KL(g||data) far out
    /// in a tail of p_data is finite where it should be.
    pub fn of(edges: &[f64], cdf: impl Fn(f64) -> f64, density: impl Fn(f64) -> f64) -> Self {
        let (Some(&lo), Some(&hi)) = (edges.first(), edges.last()) else {
            return Self::default();
        };
        let at: Vec<f64> = edges.iter().map(|&x| cdf(x)).collect();
        let cells = edges.windows(2).zip(at.windows(2));
        let tail = |exact: f64, a: f64, b: f64| {
            if exact > DROWNED {
                return exact;
            }
            // As wide as the grid: a tail as thin as this has all its mass near its start.
            integrate(&density, a, b, f64::INFINITY).max(0.0)
        };
        Self {
            cells: cells.map(|(e, c)| cell_mass(c[1] - c[0], e, &density)).collect(),
            below: tail(cdf(lo), 2.0 * lo - hi, lo),
            above: tail(1.0 - cdf(hi), hi, 2.0 * hi - lo),
        }
    }

    /// All of it; 1 but for rounding when it is a distribution.
    pub fn total(&self) -> f64 {
        self.below + self.cells.iter().sum::<f64>() + self.above
    }

    /// The two tails as one more cell at each end, so that divergences see all of the mass;
    /// `cells.len() + 2` values.
    pub fn with_tails(&self) -> Vec<f64> {
        let mut all = Vec::with_capacity(self.cells.len() + 2);
        all.push(self.below);
        all.extend(&self.cells);
        all.push(self.above);
        all
    }
}

/// Masses below this are taken from the density: a `cdf` near 1 leaves them too few digits.
const DROWNED: f64 = 1e-6;

fn cell_mass(difference: f64, cell: &[f64], density: impl Fn(f64) -> f64) -> f64 {
    if difference > DROWNED {
        return difference;
    }
    let (a, b) = (cell[0], cell[1]);
    let (left, middle, right) = (density(a), density(0.5 * (a + b)), density(b));
    // Simpson's rule for smooth tails only. Across the end of a support it would put mass where none is.
    if [left, middle, right].iter().all(|d| *d > 0.0 && d.is_finite()) {
        (b - a) / 6.0 * (left + 4.0 * middle + right)
    } else {
        difference.max(0.0)
    }
}

/// Cells that hold the central `fraction` (0..=1) of the mass: what is left is cut in equal parts from
/// both ends. A cell that a cut goes through is inside. Empty when there is no mass.
pub fn central(masses: &[f64], fraction: f64) -> Range<usize> {
    let total: f64 = masses.iter().sum();
    let cut = 0.5 * (1.0 - fraction.clamp(0.0, 1.0)) * total;
    let start = passing(masses.iter(), cut);
    let end = masses.len() - passing(masses.iter().rev(), cut);
    start.min(end)..end
}

/// Index of the mass with which the running sum exceeds `cut`.
fn passing<'a>(mut masses: impl ExactSizeIterator<Item = &'a f64>, cut: f64) -> usize {
    let count = masses.len();
    let mut sum = 0.0;
    masses
        .position(|mass| {
            sum += mass;
            sum > cut
        })
        .unwrap_or(count)
}
