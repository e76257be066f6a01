use super::instances::{
    CELLS, FEW, HI, LO, MANY, QUADRATURE, ROUNDING, STEP, between, close, crossing, edges, masses, pairs, positive, rng,
    smooth,
};
use saddle::data::rng::Rng;
use saddle::theory::pushforward::{breaks, pushforward};
use saddle::theory::quadrature::integrate;
use saddle::theory::{Grid, closed, divergence, game, grid, normal};
use std::f64::consts::PI;

/// Nodes of z, and the masses of a standard normal between them; 0.002 apart.
fn prior() -> (Vec<f64>, Vec<f64>) {
    let (lo, hi, cells) = (-8.25, 8.25, 8192);
    let z = Grid { lo, hi, cells }.edges();
    let masses = z.windows(2).map(|e| normal::interval(e[0], e[1])).collect();
    (z, masses)
}

/// Masses of a standard normal, pushed through G onto the cells between `edges`.
fn law(edges: &[f64], g: impl Fn(f64) -> f64) -> Vec<f64> {
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
struct Cubic {
    c: f64,
}

impl Cubic {
    fn random(rng: &mut Rng) -> Self {
        Self { c: between(rng, 0.4, 1.1) }
    }

    fn at(self, z: f64) -> f64 {
        z.powi(3) - 3.0 * self.c.powi(2) * z
    }

    /// Every z with G(z) = x, ascending.
    fn roots(self, x: f64) -> Vec<f64> {
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

/// In one dimension against the page's densities; in the plane, where there is a determinant, against the
/// normal density with covariance A A^T.
#[test]
fn eq_change_of_variables() {
    let mut rng = rng();
    let edges = edges();
    let width = edges[1] - edges[0];
    for _ in 0..FEW {
        let (a, b, c) =
            (between(&mut rng, 0.4, 1.0), between(&mut rng, -2.0, 2.0), between(&mut rng, 0.0, 1.0));
        let g = |z: f64| a * z + b + c * z.tanh();
        let inverse = |x: f64| crossing(g, x, -30.0, 30.0);
        let masses = law(&edges, g);
        for _ in 0..10 {
            let cell = grid::cell_of(&edges, g(between(&mut rng, -3.0, 3.0))).unwrap();
            let x = edges[cell] + 0.5 * width;
            let jacobian = (inverse(x + STEP) - inverse(x - STEP)) / (2.0 * STEP);
            // G is linear within a z-cell of 0.002, so the density there is off by up to 0.001 p'.
            close(masses[cell] / width, normal::density(inverse(x)) * jacobian.abs(), 2e-3);
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
        let (height, pace, tilt) =
            (between(&mut rng, 1.0, 3.0), between(&mut rng, 0.5, 2.0), between(&mut rng, -0.5, 0.5));
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

/// A parabola: its density is chi-square, shifted and scaled, with a pole at the fold.
#[test]
fn eq_density() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (a, b) = (between(&mut rng, 0.3, 2.0), between(&mut rng, -2.0, 2.0));
        let g = |z: f64| a * z * z + b;
        let density = |x: f64| closed::chi_square_density((x - b) / a) / a;
        let ends = [b - 1.0, b, b + between(&mut rng, 0.1, 1.0), b + between(&mut rng, 1.1, 4.0)];
        let masses = law(&ends, g);
        assert_eq!(masses[0], 0.0);
        for (mass, e) in masses.iter().zip(ends.windows(2)).skip(1) {
            close(*mass, integrate(density, e[0], e[1], 1e-9), CELLS);
        }
        let logit = smooth(&mut rng);
        let f = |x: f64| game::log_sigmoid(-logit(x));
        let over_z = integrate(|z| f(g(z)) * normal::density(z), -8.25, 8.25, 1e-11);
        let near = integrate(|x| f(x) * density(x), b, b + a, 1e-10);
        let far = integrate(|x| f(x) * density(x), b + a, b + 68.0 * a, 1e-10);
        close(near + far, over_z, 1e-7);
    }
}

/// A cubic has one branch or three; cells that a fold lies in are left out.
#[test]
fn eq_folded() {
    let mut rng = rng();
    let mut three = 0;
    for _ in 0..FEW {
        let g = Cubic::random(&mut rng);
        let branches = |x: f64| -> f64 {
            let slope = |z: f64| 3.0 * (z * z - g.c * g.c);
            g.roots(x).iter().map(|z| normal::density(*z) / slope(*z).abs()).sum()
        };
        for _ in 0..5 {
            let x = between(&mut rng, -3.0, 3.0);
            let ends = [-600.0, x, x + 0.1, 600.0];
            let fold = 2.0 * g.c.powi(3);
            if [-fold, fold].iter().any(|f| (f - x - 0.05).abs() < 0.1) {
                continue;
            }
            let mass = law(&ends, |z| g.at(z))[1];
            close(mass, integrate(branches, x, x + 0.1, 1e-10), CELLS);
            three += usize::from(g.roots(x).len() == 3);
        }
    }
    assert!(three > 5, "{three}");
}

#[test]
fn eq_chi_square() {
    let mut rng = rng();
    for _ in 0..MANY {
        let x = between(&mut rng, -12.0, 4.0).exp();
        let branch = |z: f64| normal::density(z) / (2.0 * x.sqrt());
        let expected = (-0.5 * x).exp() / (2.0 * PI * x).sqrt();
        close(branch(x.sqrt()) + branch(-x.sqrt()), expected, 1e-13 * expected);
        close(closed::chi_square_density(x), expected, 1e-13 * expected);
    }
    let ends = [0.0, 0.1, 0.5, 1.0, 3.0, 10.0];
    for (mass, e) in law(&ends, |z| z * z).iter().zip(ends.windows(2)) {
        close(*mass, closed::chi_square_cdf(e[1]) - closed::chi_square_cdf(e[0]), CELLS);
        close(*mass, integrate(closed::chi_square_density, e[0], e[1], 1e-10), CELLS);
    }
    // f(x) = x: one on both sides.
    close(integrate(|z| z * z * normal::density(z), -12.0, 12.0, 1e-11), 1.0, QUADRATURE);
    close(integrate(|x| x * closed::chi_square_density(x), 0.0, 144.0, 1e-11), 1.0, QUADRATURE);
}

/// G rests at c between u and v, and, every other time, once more further up.
#[test]
fn eq_atom() {
    let mut rng = rng();
    let (z, masses) = prior();
    for i in 0..FEW {
        let c = between(&mut rng, -2.0, 2.0);
        let node = |rng: &mut Rng, lo: f64, hi: f64| z[grid::cell_of(&z, between(rng, lo, hi)).unwrap()];
        let (u, v) = (node(&mut rng, -2.0, -0.5), node(&mut rng, -0.4, 0.5));
        let (again, end) = (1.0, 2.0);
        let twice = i % 2 == 1;
        let g = |z: f64| match z {
            z if z < u => c + (z - u),
            z if z <= v => c,
            z if twice && z < again => c + (z - v) * (again - z),
            z if twice && z <= end => c,
            z if twice => c - (z - end),
            z => c + 2.0 * (z - v),
        };
        let gz: Vec<f64> = z.iter().map(|&z| g(z)).collect();
        let atoms = pushforward(&[-20.0, 20.0], &masses, &gz).atoms;
        let at_c: f64 = atoms.iter().filter(|a| a.x == c).map(|a| a.mass).sum();
        let rests = normal::interval(u, v);
        assert!(rests > 0.0 && at_c >= rests - ROUNDING);
        if twice {
            // Its ends need not be nodes: two cells of 0.002 may be missing.
            close(at_c, rests + normal::interval(again, end), 2e-3);
        } else {
            close(at_c, rests, ROUNDING);
        }
    }
}

/// Data with a density, G with an atom: densities by mu, and divergences by it and by another measure.
#[test]
fn eq_dominating() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = 3 + rng.below(8) as usize;
        let cells: Vec<f64> = (0..=n).map(|i| LO + i as f64).collect();
        let prior = positive(&mut rng, 5);
        // Flat in the middle; its value lies inside a cell.
        let (before, flat, after) = (LO + 0.3, LO + 1.2, LO + 2.6);
        let law = pushforward(&cells, &prior, &[before, 0.5 * (before + flat), flat, flat, 0.5 * (flat + after), after]);
        let mut g = law.mass.cells.clone();
        let atom = law.atoms[0];
        close(atom.mass, prior[2], ROUNDING);
        g[grid::cell_of(&cells, atom.x).unwrap()] -= atom.mass;
        g.push(atom.mass);
        let mut data = masses(&mut rng, n);
        data.push(0.0);
        let seen: Vec<(f64, f64)> = pairs(&data, &g).filter(|(p, q)| p + q > 0.0).collect();
        let jsd_by = |mu: &dyn Fn(usize, f64, f64) -> f64| -> f64 {
            let term = |(i, &(p, q)): (usize, &(f64, f64))| {
                let mu = mu(i, p, q);
                let (p, q) = (p / mu, q / mu);
                let part = |a: f64| if a > 0.0 { a * (2.0 * a / (p + q)).ln() } else { 0.0 };
                0.5 * mu * (part(p) + part(q))
            };
            seen.iter().enumerate().map(term).sum()
        };
        for &(p, q) in &seen {
            let mu = p + q;
            close(p / mu + q / mu, 1.0, ROUNDING);
            close(game::optimal(p, q).unwrap(), p / mu, ROUNDING);
        }
        assert_eq!(game::optimal(0.0, atom.mass), Some(0.0));
        let other: Vec<f64> = seen.iter().map(|_| between(&mut rng, 0.1, 10.0)).collect();
        let expected = divergence::jsd(&data, &g);
        close(jsd_by(&|_, p, q| p + q), expected, ROUNDING);
        close(jsd_by(&|i, _, _| other[i]), expected, ROUNDING);
    }
}
