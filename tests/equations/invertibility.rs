use super::instances::{
    CELLS, FEW, HI, LO, MANY, ROUNDING, between, close, crossing, pairs, positive, rng, slope,
    smooth,
};
use crate::support::normal;
use saddle::num::rng::Rng;
use saddle::theory::pushforward::{breaks, pushforward};
use saddle::theory::quadrature::integrate;
use saddle::theory::{Grid, game, grid};
use std::f64::consts::PI;

/// Nodes of z, and the masses of a standard normal between them; 0.002 apart.
pub(super) fn prior() -> (Vec<f64>, Vec<f64>) {
    let (lo, hi, cells) = (-8.25, 8.25, 8192);
    let z = Grid { lo, hi, cells }.edges();
    let masses = z.windows(2).map(|e| normal::interval(e[0], e[1])).collect();
    (z, masses)
}

/// Masses of a standard normal, pushed through G onto the cells between `edges`.
pub(super) fn law(edges: &[f64], g: impl Fn(f64) -> f64) -> Vec<f64> {
    let (z, masses) = prior();
    let gz: Vec<f64> = z.into_iter().map(g).collect();
    pushforward(edges, &masses, &gz).mass.cells
}

/// Cells as the page makes them, ever finer towards the folds of G.
fn refined(g: impl Fn(f64) -> f64) -> Vec<f64> {
    let gz: Vec<f64> = prior().0.into_iter().map(g).collect();
    let (lo, hi, cells) = (LO, HI, 6000);
    Grid { lo, hi, cells }.refined(&breaks(&gz, 32))
}

/// z^3 - 3 c^2 z: rises up to z = -c, falls to z = c, and rises again.
#[derive(Clone, Copy)]
pub(super) struct Cubic {
    pub(super) c: f64,
}

impl Cubic {
    pub(super) fn random(rng: &mut Rng) -> Self {
        Self { c: between(rng, 0.4, 1.1) }
    }

    pub(super) fn at(self, z: f64) -> f64 {
        z.powi(3) - 3.0 * self.c.powi(2) * z
    }

    /// Every z with G(z) = x, ascending.
    pub(super) fn roots(self, x: f64) -> Vec<f64> {
        let (c, top) = (self.c, 2.0 * self.c.powi(3));
        let mut roots = Vec::new();
        if x <= top {
            roots.push(crossing(|z| self.at(z), x, -20.0, -c));
        }
        if x.abs() < top {
            roots.push(-crossing(|z| self.at(-z), x, -c, c));
        }
        if x >= -top {
            roots.push(crossing(|z| self.at(z), x, c, 20.0));
        }
        roots
    }

    /// P_z of { z : G(z) <= x }.
    fn below(self, x: f64) -> f64 {
        match self.roots(x)[..] {
            [only] => normal::cdf(only),
            [one, two, three] => normal::cdf(one) + normal::interval(two, three),
            _ => unreachable!("a cubic has one root or three"),
        }
    }
}

/// In one dimension against the page's masses, with the inverse found by bisection; in the plane, where
/// there is a determinant, against the normal density with covariance A A^T.
#[test]
fn eq_change_of_variables() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (a, b, c) = (
            between(&mut rng, 0.4, 1.0),
            between(&mut rng, -2.0, 2.0),
            between(&mut rng, 0.0, 1.0),
        );
        let g = |z: f64| a * z + b + c * z.tanh();
        let inverse = |x: f64| crossing(g, x, -30.0, 30.0);
        let density = |x: f64| normal::density(inverse(x)) * slope(inverse, x).abs();
        let ends: Vec<f64> = (0..=10).map(|i| b + 0.4 * f64::from(i - 5)).collect();
        for (mass, e) in law(&ends, g).iter().zip(ends.windows(2)) {
            close(*mass, integrate(density, e[0], e[1], 1e-8), CELLS);
        }
        let [p, q, r, s] = [(); 4].map(|()| between(&mut rng, -2.0, 2.0));
        let determinant = p * s - q * r;
        if determinant.abs() < 0.1 {
            continue;
        }
        let (x, y) = (between(&mut rng, -2.0, 2.0), between(&mut rng, -2.0, 2.0));
        let z = [(s * x - q * y) / determinant, (p * y - r * x) / determinant];
        let changed = normal::density(z[0]) * normal::density(z[1]) / determinant.abs();
        let (xx, xy, yy) = (p * p + q * q, p * r + q * s, r * r + s * s);
        let spread = xx * yy - xy * xy;
        let form = (yy * x * x - 2.0 * xy * x * y + xx * y * y) / spread;
        close(changed, (-0.5 * form).exp() / (2.0 * PI * spread.sqrt()), 1e-9);
    }
}

/// Sets of random cells; their preimages under a cubic are found root by root.
#[test]
fn eq_pushforward() {
    let mut rng = rng();
    for _ in 0..FEW {
        let g = Cubic::random(&mut rng);
        let mut edges: Vec<f64> = (0..40).map(|_| between(&mut rng, -5.0, 5.0)).collect();
        edges.sort_unstable_by(f64::total_cmp);
        let masses = law(&edges, |z| g.at(z));
        for _ in 0..20 {
            let (mut of_a, mut of_preimage) = (0.0, 0.0);
            for (cell, ends) in masses.iter().zip(edges.windows(2)) {
                if rng.below(2) == 1 {
                    of_a += cell;
                    of_preimage += g.below(ends[1]) - g.below(ends[0]);
                }
            }
            close(of_a, of_preimage, CELLS);
        }
    }
}

/// A G that folds many times, and f among them log(1 - D).
#[test]
fn eq_unconscious() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (height, pace, tilt) = (
            between(&mut rng, 1.0, 3.0),
            between(&mut rng, 0.5, 2.0),
            between(&mut rng, -0.5, 0.5),
        );
        let g = |z: f64| height * (pace * z).sin() + tilt * z;
        let edges = refined(g);
        let masses = law(&edges, g);
        let logit = smooth(&mut rng);
        let test = |f: &dyn Fn(f64) -> f64| {
            let over_z = integrate(|z| f(g(z)) * normal::density(z), -8.25, 8.25, 1e-11);
            let over_x: f64 = pairs(&masses, &grid::centres(&edges)).map(|(m, x)| m * f(x)).sum();
            close(over_x, over_z, CELLS);
        };
        test(&|x| game::log_sigmoid(-logit(x)));
        test(&|x| x);
        test(&f64::cos);
    }
}

/// Piecewise linear G, for which both sides are exact, and random intervals A.
#[test]
fn eq_unconscious_indicator() {
    let mut rng = rng();
    for _ in 0..MANY {
        let corners: Vec<f64> = (0..6).map(|_| between(&mut rng, -4.0, 4.0)).collect();
        // Corners of one piece each, far enough apart that none is taken for a smooth fold.
        let pieces = 8;
        let at = |i: usize| {
            let (piece, t) = (i / pieces, (i % pieces) as f64 / pieces as f64);
            let next = corners.get(piece + 1).unwrap_or(&corners[piece]);
            corners[piece] + t * (next - corners[piece])
        };
        let gz: Vec<f64> = (0..=5 * pieces).map(at).collect();
        let prior = positive(&mut rng, gz.len() - 1);
        let (a, b) = (between(&mut rng, -4.0, 0.0), between(&mut rng, 0.0, 4.0));
        let in_a = |ends: &[f64]| {
            let (lo, hi) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            (hi.min(b) - lo.max(a)).max(0.0) / (hi - lo)
        };
        let over_z: f64 = prior.iter().zip(gz.windows(2)).map(|(m, ends)| m * in_a(ends)).sum();
        let p_g = pushforward(&[-5.0, a, b, 5.0], &prior, &gz).mass.cells;
        close(p_g[1], over_z, ROUNDING);
    }
}
