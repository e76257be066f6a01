//! A scalar G that folds, or is constant on an interval: its branches, how they add up in p_g, and one
//! expectation both ways.

use serde::Serialize;

use super::map::{Map, Probe, REACH};
use super::spaced;
use crate::num::normal;
use crate::theory::pushforward::{Atom, breaks, pushforward};
use crate::theory::{Grid, grid, quadrature};

const NODES: usize = 16_384;
/// Ends of the drawn axes.
const DRAWN: f64 = 3.0;

/// One place where G takes the value asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preimage {
    /// Where.
    pub z: f64,
    /// p_z(z) / |G'(z)|: what it adds to p_g.
    pub density: f64,
    /// Index of the branch.
    pub branch: usize,
}

/// Curves for drawing, the branches, and one expectation both ways.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Folded {
    /// z from -3 to 3, ascending.
    pub z: Vec<f64>,
    /// G on z.
    pub gz: Vec<f64>,
    /// p_z on z.
    pub prior: Vec<f64>,
    /// Midpoints of cells of x from -3 to 3.
    pub x: Vec<f64>,
    /// Mean density of each branch in these cells, row-major `[branches, x.len()]`; atoms left out.
    pub branches: Vec<f64>,
    /// Ends of the branches in z, `[branches + 1]`.
    pub ends: Vec<f64>,
    /// Mass at one value; 0 where there is none.
    pub atom: f64,
    /// At which x; NaN where there is none.
    pub atom_at: f64,
    /// Where G takes the value asked for.
    pub preimages: Vec<Preimage>,
    /// The mean density of p_g over 0.0002 data units around it, by the pushforward's definition.
    pub density: f64,
    /// E_z f(G(z)) by quadrature over z.
    pub over_z: f64,
    /// E_x f(x) by a sum over the masses of p_g.
    pub over_x: f64,
}

/// `t` in -1..=2, `at` in -3..=3.
pub fn folded(map: Map, t: f64, probe: Probe, at: f64) -> Folded {
    let nodes = spaced(-REACH, REACH, NODES + 1);
    let prior: Vec<f64> = nodes.windows(2).map(|z| normal::interval(z[0], z[1])).collect();
    let gz: Vec<f64> = nodes.iter().map(|&z| map.at(t, z)).collect();
    let ends = map.pieces(t);

    let coarse = spaced(-DRAWN, DRAWN, 241);
    let atom = pushforward(&coarse, &prior, &gz).atoms;
    let atom = atom.iter().max_by(|a, b| a.mass.total_cmp(&b.mass));
    // A single z-cell that is nearly level, as at the turn of a fold, is no atom.
    let atom = atom.copied().filter(|atom| atom.mass > 2.0 / NODES as f64);
    let mut branches = Vec::new();
    for piece in ends.windows(2) {
        branches.extend(branch(&coarse, map, t, piece));
    }
    let z = spaced(-DRAWN, DRAWN, 241);
    Folded {
        gz: z.iter().map(|&z| map.at(t, z)).collect(),
        prior: z.iter().map(|&z| normal::pdf(z)).collect(),
        z,
        x: grid::centres(&coarse),
        branches,
        atom: atom.map_or(0.0, |atom| atom.mass),
        atom_at: atom.map_or(f64::NAN, |atom| atom.x),
        preimages: preimages(map, t, &ends, at),
        density: density(map, t, &ends, at, atom),
        over_z: over_z(map, t, probe, &ends),
        over_x: over_x(probe, &prior, &gz),
        ends,
    }
}

/// Mean density of one monotone piece, exactly: prior masses between preimages of the cells' ends.
fn branch(edges: &[f64], map: Map, t: f64, piece: &[f64]) -> Vec<f64> {
    let back: Vec<f64> = edges.iter().map(|&x| inverse(map, t, piece, x)).collect();
    let mass = |z: &[f64]| normal::interval(z[0].min(z[1]), z[0].max(z[1]));
    // A level piece has its mass at one value.
    if map.at(t, piece[0]) == map.at(t, piece[1]) {
        return vec![0.0; edges.len() - 1];
    }
    let cells = edges.windows(2).zip(back.windows(2));
    cells.map(|(x, z)| mass(z) / (x[1] - x[0])).collect()
}

/// The z of a monotone piece with G(z) = x, or its nearer end; by bisection.
fn inverse(map: Map, t: f64, piece: &[f64], x: f64) -> f64 {
    let rises = map.at(t, piece[1]) > map.at(t, piece[0]);
    let (mut lo, mut hi) = (piece[0], piece[1]);
    for _ in 0..60 {
        let middle = 0.5 * (lo + hi);
        if (map.at(t, middle) < x) == rises {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    0.5 * (lo + hi)
}

fn preimages(map: Map, t: f64, ends: &[f64], x: f64) -> Vec<Preimage> {
    let mut found = Vec::new();
    for (branch, piece) in ends.windows(2).enumerate() {
        let (a, b) = (map.at(t, piece[0]), map.at(t, piece[1]));
        if a != b && x >= a.min(b) && x < a.max(b) {
            let z = inverse(map, t, piece, x);
            found.push(Preimage { z, density: normal::pdf(z) / map.slope(t, z).abs(), branch });
        }
    }
    found
}

/// P_z of the preimage of a small interval around x, by the length of the interval.
fn density(map: Map, t: f64, ends: &[f64], x: f64, atom: Option<Atom>) -> f64 {
    const HALF: f64 = 1e-4;
    if atom.is_some_and(|atom| (atom.x - x).abs() <= HALF) {
        return f64::INFINITY;
    }
    let around = [x - HALF, x + HALF];
    let pieces = ends.windows(2);
    pieces.map(|piece| branch(&around, map, t, piece)[0]).sum()
}

fn over_z(map: Map, t: f64, probe: Probe, ends: &[f64]) -> f64 {
    let f = |z: f64| probe.at(map.at(t, z)) * normal::pdf(z);
    let parts = ends.windows(2);
    parts.map(|e| quadrature::integrate(f, e[0], e[1], 1e-11)).sum()
}

fn over_x(probe: Probe, prior: &[f64], gz: &[f64]) -> f64 {
    let (lo, hi) = gz.iter().fold((f64::MAX, f64::MIN), |(a, b), &g| (a.min(g), b.max(g)));
    let edges = Grid { lo: lo - 0.1, hi: hi + 0.1, cells: 32_768 }.refined(&breaks(gz, 8));
    let law = pushforward(&edges, prior, gz);
    // What an atom does within its cell is known; only the rest is taken at the middle of its cell.
    let mut cells = law.mass.cells;
    let mut sum = 0.0;
    for Atom { x, mass } in law.atoms {
        if let Some(cell) = grid::cell_of(&edges, x) {
            cells[cell] -= mass;
            sum += mass * probe.at(x);
        }
    }
    let middle = grid::centres(&edges);
    sum + cells.iter().zip(middle).map(|(m, x)| m * probe.at(x)).sum::<f64>()
}
