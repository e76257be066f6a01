//! Closed forms, in nats: what the page states beside its quadrature.

use std::f64::consts::LN_2;

/// KL(N(m1, s1^2) || N(m2, s2^2)); deviations > 0.
pub fn gaussian_kl(m1: f64, s1: f64, m2: f64, s2: f64) -> f64 {
    let (ratio, shift) = (s1 / s2, (m1 - m2) / s2);
    0.5 * (ratio * ratio - 1.0 + shift * shift) - ratio.ln()
}

/// JSD of two uniform distributions of one `width`, `shift` apart: log 2 times the part they do not share.
pub fn shifted_uniform_jsd(width: f64, shift: f64) -> f64 {
    LN_2 * shifted_uniform_total_variation(width, shift)
}

/// Total variation of two uniform distributions of one `width`, `shift` apart.
pub fn shifted_uniform_total_variation(width: f64, shift: f64) -> f64 {
    (shift.abs() / width).min(1.0)
}
