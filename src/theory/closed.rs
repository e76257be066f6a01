//! Closed forms, in nats: what the page states beside its quadrature, and what the tests hold it against.

use std::f64::consts::{E, LN_2, PI};

use super::normal;

/// Differential entropy of a Gaussian: log(deviation sqrt(2 pi e)); `deviation > 0`.
pub fn gaussian_entropy(deviation: f64) -> f64 {
    deviation.ln() + 0.5 * (2.0 * PI * E).ln()
}

/// Differential entropy of a uniform distribution: log(width); `width > 0`.
pub fn uniform_entropy(width: f64) -> f64 {
    width.ln()
}

/// KL(N(m1, s1^2) || N(m2, s2^2)); deviations > 0.
pub fn gaussian_kl(m1: f64, s1: f64, m2: f64, s2: f64) -> f64 {
    let (ratio, shift) = (s1 / s2, (m1 - m2) / s2);
    0.5 * (ratio * ratio - 1.0 + shift * shift) - ratio.ln()
}

/// Total variation of two Gaussians of one deviation: erf(|m1 - m2| / (2 sqrt 2 deviation)).
pub fn gaussian_total_variation(m1: f64, m2: f64, deviation: f64) -> f64 {
    normal::erf((m1 - m2).abs() / (8.0_f64.sqrt() * deviation))
}

/// JSD of two uniform distributions of one `width`, `shift` apart: log 2 times the part they do not share.
pub fn shifted_uniform_jsd(width: f64, shift: f64) -> f64 {
    LN_2 * shifted_uniform_total_variation(width, shift)
}

/// Total variation of two uniform distributions of one `width`, `shift` apart.
pub fn shifted_uniform_total_variation(width: f64, shift: f64) -> f64 {
    (shift.abs() / width).min(1.0)
}

/// KL from a uniform distribution to one `ratio >= 1` times as wide that contains it: log(ratio).
pub fn nested_uniform_kl(ratio: f64) -> f64 {
    ratio.ln()
}

/// P(Z^2 <= x): chi-square with one degree of freedom, the law of the fold G(z) = z^2.
pub fn chi_square_cdf(x: f64) -> f64 {
    if x > 0.0 {
        normal::erf((0.5 * x).sqrt())
    } else {
        0.0
    }
}

/// Density of chi-square with one degree of freedom; infinite at 0.
pub fn chi_square_density(x: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    (-0.5 * x).exp() / (2.0 * PI * x).sqrt()
}
