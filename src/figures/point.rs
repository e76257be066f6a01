//! One point of the proof of proposition 1: f(y) = a log y + b log(1 - y).

use serde::Serialize;

use crate::theory::divergence;

/// The curve, its maximum, and what one y loses against it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// In (0, 1), ascending.
    pub y: Vec<f64>,
    /// f on y, nats per data unit.
    pub f: Vec<f64>,
    /// a / (a + b); NaN when both are 0.
    pub best: f64,
    /// f there.
    pub most: f64,
    /// f at the y asked for.
    pub value: f64,
    /// f' at it: a/y - b/(1 - y).
    pub slope: f64,
    /// (a + b) KL between the coins `best` and y: what y gives away.
    pub gap: f64,
}

/// `a, b >= 0`, `0 < y < 1`.
pub fn point(a: f64, b: f64, y: f64) -> Point {
    let f = |y: f64| weighted(a, y.ln()) + weighted(b, (-y).ln_1p());
    let best = a / (a + b);
    // Closer together at both ends, where f falls without bound.
    let places: Vec<f64> = (1..400)
        .map(|i| {
            let t = f64::from(i) / 400.0;
            t * t * (3.0 - 2.0 * t)
        })
        .collect();
    Point {
        f: places.iter().map(|&y| f(y)).collect(),
        y: places,
        best,
        most: f(best),
        value: f(y),
        slope: a / y - b / (1.0 - y),
        gap: (a + b) * divergence::kl(&[best, 1.0 - best], &[y, 1.0 - y]),
    }
}

/// weight * log, with 0 * -infinity = 0.
fn weighted(weight: f64, log: f64) -> f64 {
    if weight > 0.0 { weight * log } else { 0.0 }
}
