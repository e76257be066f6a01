//! Direct quadrature of densities, in nats.

pub(crate) use saddle::theory::quadrature::integrate;

/// Differential entropy of a density over `[a, b]`, nats.
pub(crate) fn entropy(p: impl Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> f64 {
    integrate(|x| -x_log_x(p(x)), a, b, tolerance)
}

/// KL(p||q) of two densities over `[a, b]`, nats; infinite when a node is met where q = 0 < p.
pub(crate) fn kl(
    p: impl Fn(f64) -> f64,
    q: impl Fn(f64) -> f64,
    a: f64,
    b: f64,
    tolerance: f64,
) -> f64 {
    integrate(|x| kl_term(p(x), q(x)), a, b, tolerance)
}

/// Jensen–Shannon divergence of two densities over `[a, b]`, nats.
pub(crate) fn jsd(
    p: impl Fn(f64) -> f64,
    q: impl Fn(f64) -> f64,
    a: f64,
    b: f64,
    tolerance: f64,
) -> f64 {
    let term = |x| {
        let (p, q) = (p(x), q(x));
        let mean = 0.5 * (p + q);
        0.5 * (kl_term(p, mean) + kl_term(q, mean))
    };
    integrate(term, a, b, tolerance)
}

/// By the letter, unlike the terms that `theory::divergence` adds up.
fn kl_term(p: f64, q: f64) -> f64 {
    // Subnormal densities have no ratio left to speak of.
    if p >= f64::MIN_POSITIVE { p * (p / q).ln() } else { 0.0 }
}

fn x_log_x(p: f64) -> f64 {
    if p > 0.0 { p * p.ln() } else { 0.0 }
}
