//! The standard normal distribution, accurate far into both tails, by other formulas than the library's.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Error function; absolute error below 1e-15.
pub(crate) fn erf(x: f64) -> f64 {
    if x.abs() > SWITCH {
        return (1.0 - erfc(x.abs())).copysign(x);
    }
    // A&S 7.1.6: 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!, whose terms all have one sign.
    let mut term = x;
    let mut sum = x;
    for n in 1..100 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
        if term.abs() <= 1e-17 * sum.abs() {
            break;
        }
    }
    2.0 / PI.sqrt() * (-x * x).exp() * sum
}

/// `1 - erf(x)`; relative error below 1e-11 until it underflows near x = 27.
pub(crate) fn erfc(x: f64) -> f64 {
    if x < SWITCH {
        return 1.0 - erf(x);
    }
    // A&S 7.1.14, from the far end: x + (1/2)/(x + 1/(x + (3/2)/(x + ...))). NaN comes through.
    let mut tail = x;
    for k in (1..=60).rev() {
        tail = x + 0.5 * f64::from(k) / tail;
    }
    (-x * x).exp() / (PI.sqrt() * tail)
}

/// Where the series hands over to the continued fraction; each is at its best on its own side.
const SWITCH: f64 = 2.5;

/// Density at z.
pub(crate) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// P(Z <= z), with relative accuracy in the lower tail.
pub(crate) fn cdf(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// P(a < Z <= b) for a <= b, with relative accuracy in both tails.
pub(crate) fn interval(a: f64, b: f64) -> f64 {
    if a > 0.0 { cdf(-a) - cdf(-b) } else { cdf(b) - cdf(a) }
}
