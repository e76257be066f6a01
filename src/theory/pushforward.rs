//! p_g exactly: the law of x = G(z) for a scalar G, without drawing a sample.
//!
//! G is tabulated at the nodes of a fine z-grid and taken as linear between them, at smooth folds as
//! quadratic. The prior mass of each z-cell is spread evenly over `[G(z_i), G(z_i+1)]`; branches of a fold add
//! up by themselves. The error in the distribution function is of the second order in the z-step.

use super::Mass;
use super::fold;
use super::fold::Vertex;
use super::grid;

/// Mass that sits on one value, because G is constant on an interval of z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Atom {
    /// Where, in data units.
    pub x: f64,
    /// How much; it is also in the cell that holds `x` (or in the tail).
    pub mass: f64,
}

/// The law of G(z) on some edges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pushforward {
    /// Masses of the cells and of both tails; atoms included.
    pub mass: Mass,
    /// Point masses, in the order of z; neighbours of one value are one atom.
    pub atoms: Vec<Atom>,
    /// Prior mass of z-cells where G is NaN or infinite, which is nowhere on the x-axis. With it the total
    /// is 1.
    pub undefined: f64,
}

impl Pushforward {
    /// Everything: the sum of the prior's masses but for rounding (below 1e-9).
    pub fn total(&self) -> f64 {
        self.mass.total() + self.undefined
    }
}

/// Images narrower than this part of the x-interval are points: far below what a cell resolves, and well
/// above the rounding of x.
const POINT: f64 = 1e-12;

/// Gathered of G(z), where `gz[i]` is G at the i-th node of z and `prior[i]` the mass between nodes i and i + 1
/// (`gz.len() == prior.len() + 1`), between ascending `edges` (at least 2).
///
/// Takes O(z log x + x) steps for z cells of the prior and x cells, however wide the images are. An atom
/// exactly on an edge goes to the cell on its right, on the last edge to the last cell.
pub fn pushforward(edges: &[f64], prior: &[f64], gz: &[f64]) -> Pushforward {
    let cells = edges.len().saturating_sub(1);
    if cells == 0 {
        return Pushforward { undefined: prior.iter().sum(), ..Pushforward::default() };
    }
    let mut law = Gathered::new(edges);
    let mut out = Pushforward::default();
    let point = POINT * (edges[cells] - edges[0]);
    let mut last_was_atom = false;
    let (prior, gz) = fold::resolve(prior, gz);
    for (&mass, ends) in prior.iter().zip(gz.windows(2)) {
        let (a, b) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        // `min` and `max` pass over NaN, so the ends themselves are asked.
        if !(ends[0].is_finite() && ends[1].is_finite()) {
            out.undefined += mass;
            last_was_atom = false;
        } else if b - a > point {
            law.spread(mass, a, b);
            last_was_atom = false;
        } else {
            law.put(mass, a);
            match out.atoms.last_mut() {
                Some(atom) if last_was_atom && (atom.x - a).abs() <= point => atom.mass += mass,
                _ => out.atoms.push(Atom { x: a, mass }),
            }
            last_was_atom = true;
        }
    }
    out.mass = law.finish();
    out
}

/// Values at which the density of G(z) may jump or blow up: G at both ends of z, at its turning points, and
/// on its flat pieces. Finite, in the order of z, for [`Grid::refined`](super::Grid::refined); the first
/// `most` of them, since a G of noise turns at every node.
pub fn breaks(gz: &[f64], most: usize) -> Vec<f64> {
    let turns = gz.windows(3).enumerate().filter(|(_, g)| {
        let (before, after) = (g[1] - g[0], g[2] - g[1]);
        // Not `<= 0`: inside a flat piece both are 0, and its two ends are enough.
        before * after < 0.0 || (before == 0.0) != (after == 0.0)
    });
    let ends = gz.first().into_iter().chain(gz.last()).copied();
    let turning_value =
        |(i, g): (usize, &[f64])| Vertex::near(gz, i + 1).map_or(g[1], |v| v.turning_value());
    ends.chain(turns.map(turning_value)).filter(|x| x.is_finite()).take(most).collect()
}

/// Masses being gathered. Whole cells are covered through differences of the density, so that an image over
/// many cells costs no more than one over two.
struct Gathered<'a> {
    edges: &'a [f64],
    mass: Mass,
    /// Change of density, and of the number of images, on entering each cell.
    density: Vec<f64>,
    images: Vec<i32>,
}

impl<'a> Gathered<'a> {
    fn new(edges: &'a [f64]) -> Self {
        let cells = edges.len() - 1;
        Self {
            edges,
            mass: Mass { cells: vec![0.0; cells], ..Mass::default() },
            density: vec![0.0; cells + 1],
            images: vec![0; cells + 1],
        }
    }

    fn put(&mut self, mass: f64, x: f64) {
        match grid::cell_of(self.edges, x) {
            Some(cell) => self.mass.cells[cell] += mass,
            None if x < self.edges[0] => self.mass.below += mass,
            None => self.mass.above += mass,
        }
    }

    fn spread(&mut self, mass: f64, a: f64, b: f64) {
        let (lo, hi) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let density = mass / (b - a);
        self.mass.below += density * (lo.min(b) - a).max(0.0);
        self.mass.above += density * (b - hi.max(a)).max(0.0);
        let (a, b) = (a.max(lo), b.min(hi));
        if a >= b {
            return;
        }
        let (Some(first), Some(last)) =
            (grid::cell_of(self.edges, a), grid::cell_of(self.edges, b))
        else {
            return;
        };
        if first == last {
            self.mass.cells[first] += density * (b - a);
            return;
        }
        self.mass.cells[first] += density * (self.edges[first + 1] - a);
        self.mass.cells[last] += density * (b - self.edges[last]);
        // No whole cell between: a narrow image across an edge has a density that would only cost digits.
        if first + 1 < last {
            self.density[first + 1] += density;
            self.density[last] -= density;
            self.images[first + 1] += 1;
            self.images[last] -= 1;
        }
    }

    fn finish(mut self) -> Mass {
        let (mut density, mut images) = (0.0, 0);
        for (cell, mass) in self.mass.cells.iter_mut().enumerate() {
            density += self.density[cell];
            images += self.images[cell];
            if images == 0 {
                // Where no image lies the density is 0, not the rounding left by the last one.
                density = 0.0;
            } else {
                *mass += density.max(0.0) * (self.edges[cell + 1] - self.edges[cell]);
            }
        }
        self.mass
    }
}
