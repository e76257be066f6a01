//! A ruler for nats: two normal densities of one width, moved apart until their JSD is what was asked for, and
//! the share of right answers that the best judge then has.

use serde::Serialize;

use super::spaced;
use crate::num::normal;
use crate::theory::game;

/// Marks of the ruler, nats.
pub const MARKS: [f64; 3] = [0.1, 0.3, 0.6];

/// One pair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Apart {
    /// JSD, nats.
    pub jsd: f64,
    /// Distance of the means, in deviations.
    pub shift: f64,
    /// Total variation.
    pub tv: f64,
    /// Share of right answers of the best judge, 1/2 + TV/2.
    pub accuracy: f64,
}

/// The pair asked for, the marks, and what any pair of distributions may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ruler {
    /// Of the pair, on [-5, 5], ascending.
    pub x: Vec<f64>,
    /// The density at the left.
    pub p: Vec<f64>,
    /// The other.
    pub q: Vec<f64>,
    /// The pair asked for.
    pub here: Apart,
    /// Those of [`MARKS`].
    pub marks: Vec<Apart>,
    /// Shares of right answers, 1/2..=1, ascending.
    pub accuracies: Vec<f64>,
    /// JSD of the normal densities with them, nats.
    pub normals: Vec<f64>,
    /// The least JSD of any pair with them: log 2 - h(accuracy).
    pub least: Vec<f64>,
    /// The largest: TV log 2.
    pub most: Vec<f64>,
}

/// `nats` in 0..=0.69.
pub fn ruler(nats: f64) -> Ruler {
    let here = apart(nats);
    let x = spaced(-5.0, 5.0, 201);
    let accuracies = spaced(0.5, 1.0, 101);
    let shift = |accuracy: f64| 2.0 * normal::quantile(accuracy.min(1.0 - 1e-9));
    Ruler {
        p: x.iter().map(|x| normal::pdf(x + 0.5 * here.shift)).collect(),
        q: x.iter().map(|x| normal::pdf(x - 0.5 * here.shift)).collect(),
        x,
        here,
        marks: MARKS.iter().map(|&nats| apart(nats)).collect(),
        normals: accuracies.iter().map(|&r| jsd(shift(r))).collect(),
        least: accuracies.iter().map(|&r| least(r)).collect(),
        most: accuracies.iter().map(|&r| (2.0 * r - 1.0) * 2.0_f64.ln()).collect(),
        accuracies,
    }
}

/// log 2 - h(r): what a judge who is right with probability `r` in [1/2, 1] proves (eq. score-bound), nats.
pub fn least(r: f64) -> f64 {
    let term = |p: f64| if p > 0.0 { p * p.ln() } else { 0.0 };
    2.0_f64.ln() + term(r) + term(1.0 - r)
}

/// The pair with this JSD.
pub fn apart(nats: f64) -> Apart {
    let (mut low, mut high) = (0.0, 12.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if jsd(middle) < nats {
            low = middle;
        } else {
            high = middle;
        }
    }
    let shift = 0.5 * (low + high);
    let accuracy = normal::cdf(0.5 * shift);
    Apart { jsd: jsd(shift), shift, tv: 2.0 * accuracy - 1.0, accuracy }
}

/// JSD of two normal densities of deviation 1, nats; by the trapezoidal rule. Both halves of it are equal.
pub fn jsd(shift: f64) -> f64 {
    const STEP: f64 = 0.02;
    let term = |i: i32| {
        let y = STEP * f64::from(i);
        // log(p/m) at the point y from the mean of p.
        let log = 2.0_f64.ln() + game::log_sigmoid(0.5 * shift * shift - shift * y);
        normal::pdf(y) * log * STEP
    };
    (-450..=450).map(term).sum()
}
