//! The second half of the section on invertibility: where densities come from, and where there is none.

use super::instances::{
    CELLS, FEW, LO, MANY, QUADRATURE, ROUNDING, between, close, masses, pairs, positive, rng,
    smooth,
};
use super::invertibility::{Cubic, law, prior};
use crate::support::{closed, normal};
use saddle::num::rng::Rng;
use saddle::theory::pushforward::pushforward;
use saddle::theory::quadrature::integrate;
use saddle::theory::{divergence, game, grid};
use std::f64::consts::PI;

/// A parabola: its density is chi-square, shifted and scaled, with a pole at the fold.
#[test]
fn eq_density() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (a, b) = (between(&mut rng, 0.3, 2.0), between(&mut rng, -2.0, 2.0));
        let g = |z: f64| a * z * z + b;
        // By the distance from the pole: x itself could not come near enough.
        let density = |from_pole: f64| closed::chi_square_density(from_pole / a) / a;
        let ends = [b - 1.0, b, b + between(&mut rng, 0.1, 1.0), b + between(&mut rng, 1.1, 4.0)];
        let masses = law(&ends, g);
        assert_eq!(masses[0], 0.0);
        for (mass, e) in masses.iter().zip(ends.windows(2)).skip(1) {
            close(*mass, integrate(density, e[0] - b, e[1] - b, 1e-9), CELLS);
        }
        let logit = smooth(&mut rng);
        let f = |x: f64| game::log_sigmoid(-logit(x));
        let over_z = integrate(|z| f(g(z)) * normal::density(z), -8.25, 8.25, 1e-11);
        let weighed = |from_pole: f64| f(b + from_pole) * density(from_pole);
        let near = integrate(weighed, 0.0, a, 1e-10);
        let far = integrate(weighed, a, 68.0 * a, 1e-10);
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
        let node =
            |rng: &mut Rng, lo: f64, hi: f64| z[grid::cell_of(&z, between(rng, lo, hi)).unwrap()];
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
        let law = pushforward(
            &cells,
            &prior,
            &[before, 0.5 * (before + flat), flat, flat, 0.5 * (flat + after), after],
        );
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
                let part = |a: f64| {
                    if a > 0.0 { a * (2.0 * a / (p + q)).ln() } else { 0.0 }
                };
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
