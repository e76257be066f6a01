//! How a game in the plane is looked at: the mesh of z, the cells of x, and the networks evaluated on them.

use crate::game::mlp::{LANES, Lanes, Mlp, Tape};
use crate::game::prior::Prior;
use crate::game::settings::GameSettings;
use crate::theory::plane::{Law, Window, leaves, of_curve, of_mesh};
use crate::theory::sheets::Sheets;
use crate::theory::{Grid, game};

use super::target::{Mode, PlaneTarget};

/// Cells of x along either axis.
pub(in crate::game) const CELLS: usize = 96;
/// Cells of z along either axis.
pub(in crate::game) const MESH: usize = 128;
/// Cells of a one-dimensional z.
const CURVE: usize = 4096;
/// D is asked at so many points outside the window at most.
const OUTSIDE: usize = 512;
/// Cells with less mass of p_data than this are left out of sums.
const LEAST: f64 = 1e-12;
/// Samples that go through a network at a time: their activations stay in the nearest cache.
const BLOCK: usize = 64;

/// The grids of a run and the buffers to look through them.
#[derive(Debug)]
pub(in crate::game) struct PlaneEvaluation {
    pub window: Window,
    /// p_data, and its modes.
    pub data: Law,
    pub modes: Vec<Mode>,
    /// p_data's density at points half a cell apart.
    lattice: Vec<f64>,
    target: PlaneTarget,
    prior: Mesh,
    /// Masses of a mesh of half as many cells; empty along a curve.
    half: Vec<[f64; 2]>,
    /// Middles of the cells.
    centres: Vec<Lanes<f32>>,
    g: Tape<f32>,
    d: Tape<f32>,
}

/// p_g at one moment, and D.
#[derive(Clone, Debug)]
pub(in crate::game) struct Sight {
    /// G at the nodes of z, row by row, or along the curve.
    pub images: Vec<[f64; 2]>,
    pub law: Law,
    /// D's logit in the middle of each cell.
    pub logits: Vec<f64>,
    /// Every other node of the same mesh, to be asked for the density at a point; None along a curve.
    sheets: Option<Sheets>,
    /// Images of nodes outside the window: where, D's logit there, and the prior mass around the node in any unit.
    outside: Vec<([f64; 2], f64, f64)>,
}

impl Sight {
    /// D's logit between the middles of cells, linear on either axis; None outside the window.
    fn logit(&self, window: Window, at: [f64; 2]) -> Option<f64> {
        let inside = at.iter().all(|x| x.abs() <= window.half);
        inside.then(|| {
            between(
                &self.logits,
                window.cells,
                at.map(|x| (x + window.half) / window.width() - 0.5),
            )
        })
    }
}

/// Values on a square lattice of `n` x `n`, row by row, linear on either axis between; `at` is in steps from the first.
fn between(values: &[f64], n: usize, at: [f64; 2]) -> f64 {
    let last = (n - 1) as f64;
    let [x, y] = at.map(|x| x.clamp(0.0, last));
    let (i, j) = ((x as usize).min(n - 2), (y as usize).min(n - 2));
    let (u, v) = (x - i as f64, y - j as f64);
    let row = |j: usize| (1.0 - u) * values[j * n + i] + u * values[j * n + i + 1];
    (1.0 - v) * row(j) + v * row(j + 1)
}

/// Nodes and masses of z.
#[derive(Debug)]
struct Mesh {
    /// Cells along an axis.
    side: usize,
    nodes: Vec<Lanes<f32>>,
    count: usize,
    masses: Masses,
    /// Prior mass around each node, in any unit.
    around: Vec<f64>,
}

#[derive(Debug)]
enum Masses {
    Curve(Vec<f64>),
    /// Below and above the diagonal of each cell.
    Square(Vec<[f64; 2]>),
}

impl PlaneEvaluation {
    /// For games with the shapes, the prior and the target of these; `cells` of x and `mesh` of z along either axis.
    pub(in crate::game) fn new(
        settings: &GameSettings,
        target: &PlaneTarget,
        cells: usize,
        mesh: usize,
    ) -> Self {
        let prior = if settings.latent == 1 {
            Mesh::curve(settings.prior, CURVE / MESH * mesh)
        } else {
            Mesh::square(settings.prior, mesh)
        };
        let half =
            if settings.latent == 1 { Vec::new() } else { square_masses(settings.prior, mesh / 2) };
        let mut evaluation = Self {
            lattice: Vec::new(),
            target: target.clone(),
            half,
            window: target.window(cells),
            data: Law::default(),
            modes: Vec::new(),
            prior,
            centres: Vec::new(),
            g: Tape::new(BLOCK, settings.shape_of_g()),
            d: Tape::new(BLOCK, settings.shape_of_d()),
        };
        evaluation.set_target(target);
        evaluation
    }

    /// Looks at games with another target.
    pub(in crate::game) fn set_target(&mut self, target: &PlaneTarget) {
        let window = target.window(self.window.cells);
        self.window = window;
        self.data = target.law(window);
        self.modes = target.modes(window);
        self.lattice = target.lattice(window, 2 * window.cells);
        self.target.clone_from(target);
        self.centres = pairs((0..window.count()).map(|cell| window.centre(cell)));
    }

    /// p_data's density at a point of the window, per squared data unit.
    fn density(&self, at: [f64; 2]) -> f64 {
        if self.lattice.is_empty() {
            return self.target.pdf(at);
        }
        let step = 0.5 * self.window.width();
        between(&self.lattice, 2 * self.window.cells + 1, at.map(|x| (x + self.window.half) / step))
    }

    /// Nodes in a row of the mesh of z; all of them when z has one dimension.
    pub(in crate::game) fn row(&self) -> usize {
        self.prior.side + 1
    }

    /// p_g and D as they are; None when either network has weights that are no numbers, or gives what
    /// is none.
    pub(in crate::game) fn look(&mut self, d: &Mlp<f32>, g: &Mlp<f32>) -> Option<Sight> {
        if !d.parameters.iter().chain(&g.parameters).all(|p| p.is_finite()) {
            return None;
        }
        let images = ask(g, &mut self.g, &self.prior.nodes, self.prior.count);
        let images: Vec<[f64; 2]> =
            images.chunks_exact(2).map(|x| [x[0].into(), x[1].into()]).collect();
        let law = match &self.prior.masses {
            Masses::Curve(masses) => of_curve(self.window, masses, &images),
            Masses::Square(masses) => of_mesh(self.window, self.prior.side, masses, &images),
        };
        let side = self.prior.side / 2;
        let sheets = (!self.half.is_empty()).then(|| {
            let every_other = |i: usize| images[2 * (i / (side + 1) * self.row() + i % (side + 1))];
            let some: Vec<[f64; 2]> = (0..(side + 1) * (side + 1)).map(every_other).collect();
            Sheets::new(self.window, side, &self.half, &some)
        });
        let wide = |logits: Vec<f32>| logits.into_iter().map(f64::from).collect::<Vec<f64>>();
        let logits = wide(ask(d, &mut self.d, &self.centres, self.window.count()));
        let mut outside = Vec::new();
        if law.outside > 0.0 {
            let out: Vec<usize> =
                (0..images.len()).filter(|&i| leaves(self.window, images[i])).collect();
            let some: Vec<usize> =
                out.iter().copied().step_by(out.len().div_ceil(OUTSIDE).max(1)).collect();
            let at = pairs(some.iter().map(|&i| images[i]));
            let logits = wide(ask(d, &mut self.d, &at, some.len()));
            let place = |(l, i): (f64, usize)| (images[i], l, self.prior.around[i]);
            outside = logits.into_iter().zip(some).map(place).collect();
        }
        let defined = law.undefined == 0.0 && logits.iter().all(|l| l.is_finite());
        defined.then_some(Sight { images, law, logits, sheets, outside })
    }
}

/// p_data, p_g and D's logit part by part, to be summed over.
///
/// An integral over the plane of a function of both densities is the mean of that function, divided by their sum, over
/// p_data and over p_g together. So the parts are the cells of x by their mass of p_data, and the triangles of z by their
/// mass of p_g wherever it lies, and each is shared out as D* says there. Then what G folds or draws together is
/// seen as sharply as the mesh has it, and every term of a divergence keeps its sign. Mass without density has D* = 1 or
/// 0, which is Lebesgue's decomposition; two such masses are taken as lying on different curves, as they do
/// unless they share a piece of one.
#[derive(Clone, Debug, Default)]
pub(in crate::game) struct Parts {
    /// A point of each.
    pub at: Vec<[f64; 2]>,
    /// D's there.
    pub logits: Vec<f64>,
    pub data: Vec<f64>,
    pub g: Vec<f64>,
    /// p_data and p_g there, per squared data unit; infinite where a mass has none.
    densities: Vec<[f64; 2]>,
}

impl Parts {
    pub(in crate::game) fn new(evaluation: &PlaneEvaluation, sight: &Sight) -> Self {
        let mut parts = Self::default();
        let PlaneEvaluation { window, data, .. } = evaluation;
        let area = window.width() * window.width();
        let of_g = |at| sight.sheets.as_ref().map_or(0.0, |sheets| sheets.density(at));
        for (cell, &mass) in data.cells.iter().enumerate().filter(|(_, mass)| **mass > LEAST) {
            let at = window.centre(cell);
            parts.push(at, sight.logits[cell], mass, [mass / area, of_g(at)]);
        }
        let singular = |law: &Law| {
            let all = law.singular.iter().copied().enumerate();
            all.filter(|(_, mass)| *mass > 0.0).collect::<Vec<(usize, f64)>>()
        };
        for (cell, mass) in singular(data) {
            parts.push(window.centre(cell), sight.logits[cell], mass, [f64::INFINITY, 0.0]);
        }
        let Some(sheets) = &sight.sheets else {
            for (cell, mass) in singular(&sight.law) {
                parts.push(window.centre(cell), sight.logits[cell], mass, [0.0, f64::INFINITY]);
            }
            parts.outside(sight, sight.law.outside);
            return parts;
        };
        let mut outside = 0.0;
        for (at, mass, density) in sheets.middles() {
            match sight.logit(*window, at) {
                Some(logit) => parts.push(at, logit, mass, [evaluation.density(at), density]),
                None => outside += mass,
            }
        }
        for &(at, mass) in &sheets.flat {
            match sight.logit(*window, at) {
                Some(logit) => parts.push(at, logit, mass, [0.0, f64::INFINITY]),
                None => outside += mass,
            }
        }
        parts.outside(sight, outside);
        parts
    }

    /// Mass of p_g outside the window, where less than 1e-7 of p_data is.
    fn outside(&mut self, sight: &Sight, mass: f64) {
        let around: f64 = sight.outside.iter().map(|o| o.2).sum();
        for &(at, logit, part) in &sight.outside {
            self.push(at, logit, mass * part / around, [0.0, f64::INFINITY]);
        }
    }

    /// `mass` is of either distribution.
    fn push(&mut self, at: [f64; 2], logit: f64, mass: f64, densities: [f64; 2]) {
        let [a, b] = densities;
        // An infinite density leaves nothing to the other.
        let best = if a == f64::INFINITY {
            1.0
        } else if b == f64::INFINITY {
            0.0
        } else {
            game::optimal(a, b).unwrap_or(0.5)
        };
        self.at.push(at);
        self.logits.push(logit);
        self.data.push(mass * best);
        self.g.push(mass * (1.0 - best));
        self.densities.push(densities);
    }

    /// sup |D - D*| over the parts that hold `fraction` of the mass of (p_data + p_g)/2, those with the highest
    /// densities.
    pub(in crate::game) fn sup_from_optimal(&self, fraction: f64) -> f64 {
        let of = |i: usize| game::optimal(self.data[i], self.g[i]);
        self.sup(
            fraction,
            |i| self.densities[i][0] + self.densities[i][1],
            |i| self.data[i] + self.g[i],
            of,
        )
    }

    /// sup |D - 1/2| over the parts that hold `fraction` of the mass of p_data.
    pub(in crate::game) fn sup_from_half(&self, fraction: f64) -> f64 {
        self.sup(fraction, |i| self.densities[i][0], |i| self.data[i], |_| Some(0.5))
    }

    fn sup(
        &self,
        fraction: f64,
        density: impl Fn(usize) -> f64,
        mass: impl Fn(usize) -> f64,
        of: impl Fn(usize) -> Option<f64>,
    ) -> f64 {
        let mut order: Vec<usize> = (0..self.logits.len()).filter(|&i| mass(i) > 0.0).collect();
        order.sort_unstable_by(|&i, &j| density(j).total_cmp(&density(i)));
        let total: f64 = order.iter().map(|&i| mass(i)).sum();
        let (mut sum, mut sup) = (0.0, 0.0_f64);
        for i in order {
            if sum >= fraction * total {
                break;
            }
            sum += mass(i);
            if let Some(best) = of(i) {
                sup = sup.max((game::sigmoid(self.logits[i]) - best).abs());
            }
        }
        sup
    }
}

impl Mesh {
    fn curve(prior: Prior, side: usize) -> Self {
        let (nodes, masses) = axis(prior, side);
        let mut lanes = vec![[0.0; LANES]; nodes.len().div_ceil(LANES)];
        for (to, &z) in lanes.as_flattened_mut().iter_mut().zip(&nodes) {
            *to = z as f32;
        }
        let around = nodes.iter().map(|&z| prior.pdf(z)).collect();
        Self { side, nodes: lanes, count: nodes.len(), masses: Masses::Curve(masses), around }
    }

    fn square(prior: Prior, side: usize) -> Self {
        let nodes = axis(prior, side).0;
        let count = nodes.len();
        let at = |i: usize| [nodes[i % count], nodes[i / count]];
        Self {
            side,
            nodes: pairs((0..count * count).map(at)),
            count: count * count,
            masses: Masses::Square(square_masses(prior, side)),
            around: (0..count * count)
                .map(|i| at(i).map(|z| prior.pdf(z)).iter().product())
                .collect(),
        }
    }
}

/// Masses of the two triangles of each cell, which the density in the middle of each shares out.
fn square_masses(prior: Prior, side: usize) -> Vec<[f64; 2]> {
    let (nodes, masses) = axis(prior, side);
    let third = |t: f64, k: usize| nodes[k] + t * (nodes[k + 1] - nodes[k]);
    let halves = |cell: usize| {
        let (i, j) = (cell % side, cell / side);
        let below = prior.pdf(third(2.0 / 3.0, i)) * prior.pdf(third(1.0 / 3.0, j));
        let above = prior.pdf(third(1.0 / 3.0, i)) * prior.pdf(third(2.0 / 3.0, j));
        let mass = masses[i] * masses[j] / (below + above);
        [mass * below, mass * above]
    };
    (0..side * side).map(halves).collect()
}

/// Nodes of one axis of z, and the masses between them; the first and the last hold the rest of a Gaussian prior.
fn axis(prior: Prior, side: usize) -> (Vec<f64>, Vec<f64>) {
    let edge = prior.edge();
    let nodes = Grid { lo: -edge, hi: edge, cells: side }.edges();
    let mut masses: Vec<f64> =
        nodes.windows(2).map(|z| prior.cdf(z[1]) - prior.cdf(z[0])).collect();
    let rest = 0.5 * (1.0 - masses.iter().sum::<f64>());
    masses[0] += rest;
    masses[side - 1] += rest;
    (nodes, masses)
}

/// Points as inputs of a network.
fn pairs(points: impl ExactSizeIterator<Item = [f64; 2]>) -> Vec<Lanes<f32>> {
    let mut lanes = vec![[0.0; LANES]; 2 * points.len().div_ceil(LANES)];
    for (i, point) in points.enumerate() {
        for (axis, x) in point.into_iter().enumerate() {
            lanes[2 * (i / LANES) + axis][i % LANES] = x as f32;
        }
    }
    lanes
}

/// The outputs of a network for `count` inputs, sample by sample.
fn ask(net: &Mlp<f32>, tape: &mut Tape<f32>, inputs: &[Lanes<f32>], count: usize) -> Vec<f32> {
    let each = net.shape.outputs;
    let mut out = vec![0.0; each * count];
    let block = tape.x.len();
    for (x, out) in inputs.chunks(block).zip(out.chunks_mut(each * BLOCK)) {
        tape.x[..x.len()].copy_from_slice(x);
        net.forward(tape);
        for (lanes, out) in tape.y.chunks_exact(each).zip(out.chunks_mut(each * LANES)) {
            for (l, sample) in out.chunks_exact_mut(each).enumerate() {
                for (to, y) in sample.iter_mut().zip(lanes) {
                    *to = y[l];
                }
            }
        }
    }
    out
}
