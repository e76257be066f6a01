//! Descent on the masses of p_g with D at its optimum, which converges, and the rate that is proved for it.

use serde::Serialize;

use super::spaced;
use crate::num::normal;
use crate::theory::{Mass, divergence, game};

/// Cells of the discretised p_g, on [-4, 4].
pub const CELLS: usize = 32;

/// The descent after the steps asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descent {
    /// Masses of the data, `[CELLS]`.
    pub data: Vec<f64>,
    /// Masses of the generator after the steps, `[CELLS]`.
    pub g: Vec<f64>,
    /// KL from the data to the generator after 0..=steps steps, nats.
    pub kl: Vec<f64>,
    /// What Proposition 2 allows it to be: (1 - eta/2)^t times the first.
    pub allowed: Vec<f64>,
    /// C(G) now, nats.
    pub c_of_g: f64,
    /// sup |p_g - p_data| over the cells, now.
    pub apart: f64,
}

/// `steps` steps with the rate `eta` in (0, 1].
pub fn descent(eta: f64, steps: usize) -> Descent {
    let edges = spaced(-4.0, 4.0, CELLS + 1);
    let two = |x: f64| 0.5 * (normal::cdf((x + 1.4) / 0.6) + normal::cdf((x - 1.6) / 0.8));
    let one = |x: f64| normal::cdf((x + 2.2) / 1.1);
    let data = normalised(Mass::of(&edges, two, |_| 0.0).cells);
    let mut g = normalised(Mass::of(&edges, one, |_| 0.0).cells);
    let mut kl = vec![divergence::kl(&data, &g)];
    let mut allowed = kl.clone();
    for t in 0..steps {
        g = mirror(&data, &g, eta);
        kl.push(divergence::kl(&data, &g));
        allowed.push(allowed[t] * (1.0 - 0.5 * eta));
    }
    let far = data.iter().zip(&g).map(|(a, b)| (a - b).abs());
    Descent {
        apart: far.fold(0.0, f64::max),
        c_of_g: game::c_of_g(&data, &g),
        data,
        g,
        kl,
        allowed,
    }
}

/// One step of mirror descent (eq. mirror-step).
pub fn mirror(data: &[f64], g: &[f64], eta: f64) -> Vec<f64> {
    let next = data
        .iter()
        .zip(g)
        .map(|(&p, &q)| if q > 0.0 { q * (-eta * (q / (p + q)).ln()).exp() } else { 0.0 });
    normalised(next.collect())
}

fn normalised(masses: Vec<f64>) -> Vec<f64> {
    let total: f64 = masses.iter().sum();
    masses.into_iter().map(|m| m / total).collect()
}
