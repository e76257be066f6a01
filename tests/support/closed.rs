//! Closed forms, in nats, that tabulated results are held against.

use std::f64::consts::{E, PI};

use super::normal::erf;

pub(crate) use saddle::theory::closed::*;

/// Differential entropy of a Gaussian: log(deviation sqrt(2 pi e)); `deviation > 0`.
pub(crate) fn gaussian_entropy(deviation: f64) -> f64 {
    deviation.ln() + 0.5 * (2.0 * PI * E).ln()
}

/// Differential entropy of a uniform distribution: log(width); `width > 0`.
pub(crate) fn uniform_entropy(width: f64) -> f64 {
    width.ln()
}

/// Total variation of two Gaussians of one deviation: erf(|m1 - m2| / (2 sqrt 2 deviation)).
pub(crate) fn gaussian_total_variation(m1: f64, m2: f64, deviation: f64) -> f64 {
    erf((m1 - m2).abs() / (8.0_f64.sqrt() * deviation))
}

/// KL from a uniform distribution to one `ratio >= 1` times as wide that contains it: log(ratio).
pub(crate) fn nested_uniform_kl(ratio: f64) -> f64 {
    ratio.ln()
}

/// P(Z^2 <= x): chi-square with one degree of freedom, the law of the fold G(z) = z^2.
pub(crate) fn chi_square_cdf(x: f64) -> f64 {
    if x > 0.0 { erf((0.5 * x).sqrt()) } else { 0.0 }
}

/// Density of chi-square with one degree of freedom; infinite at 0.
pub(crate) fn chi_square_density(x: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    (-0.5 * x).exp() / (2.0 * PI * x).sqrt()
}
