//! Two descents: on the masses of p_g with D at its optimum, which converges, and on the two parameters of
//! the Dirac-GAN, which circles.

use serde::Serialize;

use super::spaced;
use crate::num::normal;
use crate::theory::{Mass, game};

/// Cells of the discretised p_g, on [-4, 4].
pub const CELLS: usize = 32;

/// Both descents after the steps asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descent {
    /// Masses of the data, `[CELLS]`.
    pub data: Vec<f64>,
    /// Masses of the generator after the steps, `[CELLS]`.
    pub g: Vec<f64>,
    /// C(G) + log 4 = 2 JSD after 0..=steps steps, nats.
    pub course: Vec<f64>,
    /// C(G) now, nats.
    pub c_of_g: f64,
    /// sup |p_g - p_data| over the cells, now.
    pub apart: f64,
    /// psi and theta after 0..=steps steps, one after the other: `[2 (steps + 1)]`.
    pub path: Vec<f64>,
    /// Distance from the equilibrium at the start.
    pub radius_first: f64,
    /// And now.
    pub radius: f64,
}

/// Both descents with the rate `eta` in (0, 1], `steps` times; `gamma >= 0` is the weight of R1 for the
/// Dirac-GAN (eq. dirac-r1).
pub fn descent(eta: f64, gamma: f64, steps: usize) -> Descent {
    let edges = spaced(-4.0, 4.0, CELLS + 1);
    let two = |x: f64| 0.5 * (normal::cdf((x + 1.4) / 0.6) + normal::cdf((x - 1.6) / 0.8));
    let one = |x: f64| normal::cdf((x + 2.2) / 1.1);
    let data = normalised(Mass::of(&edges, two, |_| 0.0).cells);
    let mut g = normalised(Mass::of(&edges, one, |_| 0.0).cells);
    let above = |g: &[f64]| game::c_of_g(&data, g) + 4.0_f64.ln();
    let mut course = vec![above(&g)];
    for _ in 0..steps {
        g = mirror(&data, &g, eta);
        course.push(above(&g));
    }
    let path = dirac((0.0, 1.5), eta, gamma, steps);
    let radius = |at: &[f64]| at[0].hypot(at[1]);
    let far = data.iter().zip(&g).map(|(a, b)| (a - b).abs());
    Descent {
        apart: far.fold(0.0, f64::max),
        c_of_g: game::c_of_g(&data, &g),
        radius_first: radius(&path[..2]),
        radius: radius(&path[path.len() - 2..]),
        data,
        g,
        course,
        path,
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

/// Simultaneous steps of both players of the Dirac-GAN from (psi, theta) (eq. dirac-flow).
pub fn dirac(start: (f64, f64), eta: f64, gamma: f64, steps: usize) -> Vec<f64> {
    let (mut psi, mut theta) = start;
    let mut path = vec![psi, theta];
    for _ in 0..steps {
        let weight = game::sigmoid(psi * theta);
        (psi, theta) = (psi + eta * (-theta * weight - gamma * psi), theta + eta * psi * weight);
        path.extend([psi, theta]);
    }
    path
}

fn normalised(masses: Vec<f64>) -> Vec<f64> {
    let total: f64 = masses.iter().sum();
    masses.into_iter().map(|m| m / total).collect()
}
