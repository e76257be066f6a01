//! The game of Goodfellow et al. 2014 on tabulated densities: V(D, G) (eq. 1), D* (proposition 1), C(G)
//! (theorem 1). D comes as logits, because a trained D saturates: log D of D = 1 - 1e-20 is lost, its logit
//! is not. `data` and `g` are masses of p_data and p_g on the same cells, as in
//! [`divergence`](super::divergence); `logits` holds D's at one point of each cell.

use std::f64::consts::LN_2;

use super::{divergence, grid};

/// D*(x) = p_data / (p_data + p_g) from masses or densities; None where both are 0.
pub fn optimal(data: f64, g: f64) -> Option<f64> {
    let sum = data + g;
    (sum > 0.0).then(|| data / sum)
}

/// 1 / (1 + e^-logit), in [0, 1].
pub fn sigmoid(logit: f64) -> f64 {
    log_sigmoid(logit).exp()
}

/// log sigmoid(logit), <= 0; relative accuracy of rounding for every logit. log(1 - D) is that of -logit.
pub fn log_sigmoid(logit: f64) -> f64 {
    logit.min(0.0) - (-logit.abs()).exp().ln_1p()
}

/// V(D, G) = E_data\[log D\] + E_g\[log(1 - D)\], nats, <= 0.
///
/// The midpoint rule within each cell: the error is of the second order in the width of a cell times the
/// slope of the logit. -infinity only for infinite logits on the wrong side of some mass.
pub fn value(logits: &[f64], data: &[f64], g: &[f64]) -> f64 {
    cells(logits, data, g)
        .map(|(l, a, b)| weighted(a, log_sigmoid(l)) + weighted(b, log_sigmoid(-l)))
        .sum()
}

/// C(G) = V(D*, G), nats, in `[-log 4, 0]`; computed from D*, not from the JSD, so that the two can be held
/// against each other.
pub fn c_of_g(data: &[f64], g: &[f64]) -> f64 {
    data.iter()
        .zip(g)
        .map(|(&a, &b)| match optimal(a, b) {
            Some(d) => weighted(a, d.ln()) + weighted(b, (b / (a + b)).ln()),
            None => 0.0,
        })
        .sum()
}

/// -log 4 + 2 JSD: what theorem 1 says C(G) is.
pub fn c_from_jsd(jsd: f64) -> f64 {
    2.0 * (jsd - LN_2)
}

/// V(D*, G) - V(D, G), nats, >= 0, as a sum over cells of (p_data + p_g) KL(D*||D), no term of which is
/// negative: near the optimum the difference of the two values would be rounding only.
pub fn gap(logits: &[f64], data: &[f64], g: &[f64]) -> f64 {
    cells(logits, data, g)
        .map(|(l, a, b)| {
            let both = a + b;
            let term = divergence::kl_term(a, both * sigmoid(l))
                + divergence::kl_term(b, both * sigmoid(-l));
            if term.is_finite() {
                return term;
            }
            // A product has underflowed; far from the optimum the logarithms lose nothing.
            let log_ratio = |mass: f64, log_d: f64| weighted(mass, (mass / both).ln() - log_d);
            log_ratio(a, log_sigmoid(l)) + log_ratio(b, log_sigmoid(-l))
        })
        .sum()
}

/// sup |D - D*| over the cells of the central `fraction` of the mass of (p_data + p_g)/2, in [0, 1]; cells
/// without any mass have no D* and are passed over. 0 when there is no mass at all.
pub fn sup_from_optimal(logits: &[f64], data: &[f64], g: &[f64], fraction: f64) -> f64 {
    let both: Vec<f64> = data.iter().zip(g).map(|(a, b)| 0.5 * (a + b)).collect();
    let central = grid::central(&both, fraction);
    cells(logits, data, g)
        .take(central.end)
        .skip(central.start)
        .filter_map(|(l, a, b)| Some((sigmoid(l) - optimal(a, b)?).abs()))
        .fold(0.0, f64::max)
}

/// sup |D - 1/2| over the cells of the central `fraction` of `masses`, in [0, 1/2]; 0 when there is no mass.
pub fn sup_from_half(logits: &[f64], masses: &[f64], fraction: f64) -> f64 {
    let central = grid::central(masses, fraction);
    cells(logits, masses, masses)
        .take(central.end)
        .skip(central.start)
        .filter(|(_, mass, _)| *mass > 0.0)
        .map(|(l, _, _)| (sigmoid(l) - 0.5).abs())
        .fold(0.0, f64::max)
}

fn cells<'a>(
    logits: &'a [f64],
    data: &'a [f64],
    g: &'a [f64],
) -> impl Iterator<Item = (f64, f64, f64)> + 'a {
    debug_assert_eq!([data.len(), g.len()], [logits.len(); 2], "on the same cells");
    let pairs = data.iter().copied().zip(g.iter().copied());
    logits.iter().copied().zip(pairs).map(|(l, (a, b))| (l, a, b))
}

/// mass * log, with 0 * -infinity = 0.
fn weighted(mass: f64, log: f64) -> f64 {
    if mass > 0.0 { mass * log } else { 0.0 }
}
