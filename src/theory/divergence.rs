//! Divergences of masses on the same cells, in nats.
//!
//! Conventions: 0 log 0 = 0, and KL is infinite where q = 0 < p. Each divergence is a sum of terms that are
//! never negative, so that nearly equal distributions do not come out below zero; for that, both must have
//! the same total. Slices are of equal length and usually
//! [`with_tails`](super::Mass::with_tails).

use std::f64::consts::LN_2;

/// KL(p||q) of two distributions, nats; infinite where q = 0 < p.
pub fn kl(p: &[f64], q: &[f64]) -> f64 {
    pairs(p, q).map(|(a, b)| kl_term(a, b)).sum()
}

/// KL(p||q), passing over the cells with q = 0 < p as long as their p adds up to at most `ignored`.
///
/// A network with bounded activations has a bounded range, so KL(p_data||p_g) against a Gaussian is always
/// infinite by the letter, for a mass that no mini-batch ever shows. And `f64` itself ends 38 deviations out.
pub fn kl_ignoring(p: &[f64], q: &[f64], ignored: f64) -> f64 {
    let unreached: f64 = pairs(p, q).filter(|(_, b)| *b == 0.0).map(|(a, _)| a).sum();
    if unreached > ignored {
        return f64::INFINITY;
    }
    let reached = pairs(p, q).filter(|(_, b)| *b > 0.0);
    reached.map(|(a, b)| kl_term(a, b)).sum()
}

/// What lumping densities into cells takes from KL(p||q), nats, >= 0: to be added to [`kl`] where masses
/// stand for densities. p and q are masses of the cells between `edges`, without tails.
///
/// Where log(p/q) has the slope s, a cell of width h loses p (h s)^2 / 24 (to the fourth order in h). For
/// Gaussians far apart that is the greater part of the error; a JSD and a C(G) are bounded where it grows,
/// and do without. The slope
/// is limited (van Leer's monotonized central one), so that jumps add next to nothing.
pub fn kl_within_cells(edges: &[f64], p: &[f64], q: &[f64]) -> f64 {
    let log_ratio = |i: usize| {
        let (a, b) = (p[i], q[i]);
        (a > 0.0 && b > 0.0).then(|| a.ln() - b.ln())
    };
    let cells = p.len().min(q.len()).min(edges.len().saturating_sub(1));
    let mut here = (cells > 0).then(|| log_ratio(0)).flatten();
    let mut lost = 0.0;
    let mut slope_before = None;
    for i in 0..cells {
        let after = (i + 1 < cells).then(|| log_ratio(i + 1)).flatten();
        let slope_after = match (here, after) {
            (Some(l), Some(r)) => Some(2.0 * (r - l) / (edges[i + 2] - edges[i])),
            _ => None,
        };
        if let (Some(a), Some(b)) = (slope_before, slope_after) {
            let (left, right) = (edges[i + 1] - edges[i - 1], edges[i + 2] - edges[i]);
            let central = (a * left + b * right) / (left + right);
            let width = edges[i + 1] - edges[i];
            lost += p[i] * (width * limited(a, b, central)).powi(2) / 24.0;
        }
        (here, slope_before) = (after, slope_after);
    }
    lost
}

/// The central slope, at most twice either one-sided one; 0 when these disagree on the direction.
fn limited(before: f64, after: f64, central: f64) -> f64 {
    if before * after > 0.0 {
        let most = 2.0 * before.abs().min(after.abs());
        central.clamp(-most, most)
    } else {
        0.0
    }
}

/// Jensen–Shannon divergence, nats, in `[0, log 2]`.
pub fn jsd(p: &[f64], q: &[f64]) -> f64 {
    let sum: f64 = pairs(p, q).map(|(a, b)| jsd_term(a, b)).sum();
    sum.min(LN_2)
}

fn pairs<'a>(p: &'a [f64], q: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    debug_assert_eq!(p.len(), q.len(), "masses on the same cells");
    p.iter().copied().zip(q.iter().copied())
}

/// p log(p/q) - p + q: what one cell adds to KL(p||q). The last two terms sum to zero over
/// distributions and make each term non-negative.
pub(super) fn kl_term(p: f64, q: f64) -> f64 {
    if p <= 0.0 {
        return q;
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    // q (r log r - r + 1) with r = 1 + u: for small u the logarithm alone would cancel.
    let u = (p - q) / q;
    if u.abs() < 1e-4 {
        return q * u * u * (0.5 - u / 6.0);
    }
    (p * (p / q).ln() - p + q).max(0.0)
}

/// What one cell adds to JSD(p, q).
fn jsd_term(p: f64, q: f64) -> f64 {
    // Halved before they are added: the halves of subnormal masses could round to a zero mean.
    let mean = 0.5 * (p + q);
    if mean <= 0.0 {
        return 0.0;
    }
    0.5 * (kl_term(p, mean) + kl_term(q, mean))
}
