//! Random instances, and the tolerances that the tests share.

use crate::support::{normal, quadrature};
use saddle::num::rng::Rng;
use saddle::theory::{Grid, Mass, game};

/// Instances where one costs little.
pub(crate) const MANY: usize = 300;
/// Instances where one costs a quadrature or an enumeration.
pub(crate) const FEW: usize = 20;

/// Sums of at most some hundred terms of magnitude up to some hundred: 1e2 * 1e2 * 1e-16, and a margin.
pub(crate) const ROUNDING: f64 = 1e-11;
/// Adaptive quadrature to 1e-11, and tails of 1e-13 left out.
pub(crate) const QUADRATURE: f64 = 1e-9;
/// Midpoints and linear pieces in cells of 0.004: their square times derivatives of some ten, over eight.
pub(crate) const CELLS: f64 = 2e-5;
/// Central differences of step [`STEP`]: its square times third derivatives of some hundred; rounding over
/// it is 1e-11.
pub(crate) const DIFFERENCES: f64 = 1e-7;
/// Step of central differences.
pub(crate) const STEP: f64 = 1e-5;

/// Where all mixtures lie but for 1e-13 of their mass.
pub(crate) const LO: f64 = -12.0;
pub(crate) const HI: f64 = 12.0;

#[track_caller]
pub(crate) fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

/// The same instances in each run.
pub(crate) fn rng() -> Rng {
    Rng::new(2014)
}

pub(crate) fn between(rng: &mut Rng, lo: f64, hi: f64) -> f64 {
    lo + (hi - lo) * rng.open()
}

/// Number of outcomes, 2..=12.
pub(crate) fn size(rng: &mut Rng) -> usize {
    2 + rng.below(11) as usize
}

fn normalised(mut masses: Vec<f64>) -> Vec<f64> {
    let total: f64 = masses.iter().sum();
    masses.iter_mut().for_each(|m| *m /= total);
    masses
}

/// A distribution on `n` outcomes in which zeros and tiny masses are common.
pub(crate) fn masses(rng: &mut Rng, n: usize) -> Vec<f64> {
    let certain = rng.below(n as u32) as usize;
    let mass = |i: usize, rng: &mut Rng| match rng.below(4) {
        0 if i != certain => 0.0,
        1 if i != certain => between(rng, -30.0, 0.0).exp(),
        _ => between(rng, 0.05, 1.0),
    };
    normalised((0..n).map(|i| mass(i, rng)).collect())
}

/// A distribution on `n` outcomes without zeros, ratios up to 150.
pub(crate) fn positive(rng: &mut Rng, n: usize) -> Vec<f64> {
    normalised((0..n).map(|_| between(rng, -5.0, 0.0).exp()).collect())
}

/// D on `n` outcomes, as logits that leave 1 - D enough digits for the naive side.
pub(crate) fn logits(rng: &mut Rng, n: usize) -> Vec<f64> {
    (0..n).map(|_| between(rng, -8.0, 8.0)).collect()
}

/// A table of G: for each of `from` values of z one of `to` values of x.
pub(crate) fn table(rng: &mut Rng, from: usize, to: usize) -> Vec<usize> {
    (0..from).map(|_| rng.below(to as u32) as usize).collect()
}

/// The law of a tabulated G(z) on `n` outcomes.
pub(crate) fn law(prior: &[f64], g: &[usize], n: usize) -> Vec<f64> {
    let mut law = vec![0.0; n];
    for (mass, &x) in prior.iter().zip(g) {
        law[x] += mass;
    }
    law
}

pub(crate) fn mean_of(p: &[f64], q: &[f64]) -> Vec<f64> {
    mixed(p, q, 0.5)
}

/// share p + (1 - share) q
pub(crate) fn mixed(p: &[f64], q: &[f64], share: f64) -> Vec<f64> {
    p.iter().zip(q).map(|(p, q)| share * p + (1.0 - share) * q).collect()
}

pub(crate) fn pairs<'a>(p: &'a [f64], q: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    p.iter().copied().zip(q.iter().copied())
}

pub(crate) fn dot(p: &[f64], q: &[f64]) -> f64 {
    pairs(p, q).map(|(p, q)| p * q).sum()
}

/// mass * log, with 0 log 0 = 0.
pub(crate) fn weigh(mass: f64, log: f64) -> f64 {
    if mass > 0.0 { mass * log } else { 0.0 }
}

/// D as the page writes it, without the care that `theory` takes.
pub(crate) fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

/// Logits of D*; 0 where D is free.
pub(crate) fn optimal_logits(data: &[f64], g: &[f64]) -> Vec<f64> {
    pairs(data, g).map(|(a, b)| if a + b > 0.0 { a.ln() - b.ln() } else { 0.0 }).collect()
}

/// max over D of V(D, G), by search in each outcome and without a formula for D*.
pub(crate) fn best_value(data: &[f64], g: &[f64]) -> f64 {
    pairs(data, g)
        .map(|(a, b)| {
            let at = |logit: f64| game::value(&[logit], &[a], &[b]);
            at(highest(at, -60.0, 60.0))
        })
        .sum()
}

/// Where a concave (or only unimodal) function is highest, within about 1e-7 of its scale.
pub(crate) fn highest(f: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    for _ in 0..120 {
        let (left, right) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
        if f(left) < f(right) {
            lo = left;
        } else {
            hi = right;
        }
    }
    0.5 * (lo + hi)
}

/// Where an increasing function passes `level`.
pub(crate) fn crossing(f: impl Fn(f64) -> f64, level: f64, mut lo: f64, mut hi: f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (lo + hi);
        if f(middle) < level {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    0.5 * (lo + hi)
}

/// f'(x) by central differences.
pub(crate) fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    (f(x + STEP) - f(x - STEP)) / (2.0 * STEP)
}

/// Adaptive quadrature over all of a mixture.
pub(crate) fn integral(f: impl Fn(f64) -> f64) -> f64 {
    quadrature::integrate(f, LO, HI, 1e-11)
}

/// 6,000 cells of 0.004 over all of a mixture.
pub(crate) fn edges() -> Vec<f64> {
    let (lo, hi, cells) = (LO, HI, 6000);
    Grid { lo, hi, cells }.edges()
}

/// A logit that varies smoothly with x.
pub(crate) fn smooth(rng: &mut Rng) -> impl Fn(f64) -> f64 + Copy + use<> {
    let [level, height, phase] = [2.0, 2.0, 3.0].map(|most| between(rng, -most, most));
    let (pace, tilt) = (between(rng, 0.2, 2.0), between(rng, -0.5, 0.5));
    move |x| level + height * (pace * x + phase).sin() + tilt * x
}

/// One to three normals: weight, mean within 3, deviation 0.5 to 1.2.
#[derive(Clone)]
pub(crate) struct Mixture(Vec<[f64; 3]>);

impl Mixture {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let count = 1 + rng.below(3) as usize;
        let weights = positive(rng, count);
        let part = |weight| [weight, between(rng, -3.0, 3.0), between(rng, 0.5, 1.2)];
        Self(weights.into_iter().map(part).collect())
    }

    pub(crate) fn normal(mean: f64, deviation: f64) -> Self {
        Self(vec![[1.0, mean, deviation]])
    }

    pub(crate) fn density(&self, x: f64) -> f64 {
        let part = |[weight, mean, deviation]: &[f64; 3]| {
            weight * normal::density((x - mean) / deviation) / deviation
        };
        self.0.iter().map(part).sum()
    }

    pub(crate) fn cdf(&self, x: f64) -> f64 {
        let part =
            |[weight, mean, deviation]: &[f64; 3]| weight * normal::cdf((x - mean) / deviation);
        self.0.iter().map(part).sum()
    }

    pub(crate) fn mean_and_variance(&self) -> (f64, f64) {
        let mean: f64 = self.0.iter().map(|[w, m, _]| w * m).sum();
        let square: f64 = self.0.iter().map(|[w, m, s]| w * (m * m + s * s)).sum();
        (mean, square - mean * mean)
    }

    /// Masses of the cells, without tails, as the page tabulates them.
    pub(crate) fn masses(&self, edges: &[f64]) -> Vec<f64> {
        Mass::of(edges, |x| self.cdf(x), |x| self.density(x)).cells
    }
}
