//! Figures of masses on the same cells that only tests ask for.

/// Entropy of a discrete distribution, -sum p log p, nats.
pub(crate) fn entropy(p: &[f64]) -> f64 {
    -p.iter().filter(|&&m| m > 0.0).map(|m| m * m.ln()).sum::<f64>()
}

/// Differential entropy of the density that is constant in each cell, nats; may be negative.
pub(crate) fn differential_entropy(edges: &[f64], p: &[f64]) -> f64 {
    let cells = p.iter().zip(edges.windows(2)).filter(|(m, _)| **m > 0.0);
    -cells.map(|(m, e)| m * (m / (e[1] - e[0])).ln()).sum::<f64>()
}

/// Total variation, half the sum of |p - q|, in `[0, 1]`.
pub(crate) fn total_variation(p: &[f64], q: &[f64]) -> f64 {
    0.5 * p.iter().zip(q).map(|(a, b)| (a - b).abs()).sum::<f64>()
}
