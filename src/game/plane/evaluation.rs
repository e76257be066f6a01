//! How a game in the plane is looked at: the mesh of z, the cells of x, and the networks evaluated on them.

use crate::game::mlp::{LANES, Lanes, Mlp, Tape};
use crate::game::prior::Prior;
use crate::game::settings::GameSettings;
use crate::theory::plane::{Law, Window, leaves, of_curve, of_mesh};
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
/// Samples that go through a network at a time: their activations stay in the nearest cache.
const BLOCK: usize = 128;

/// The grids of a run and the buffers to look through them.
#[derive(Debug)]
pub(in crate::game) struct PlaneEvaluation {
    pub window: Window,
    /// p_data, and its modes.
    pub data: Law,
    pub modes: Vec<Mode>,
    prior: Mesh,
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
    /// Images of nodes outside the window: where, D's logit there, and the prior mass around the node in any unit.
    outside: Vec<([f64; 2], f64, f64)>,
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
        let mut evaluation = Self {
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
        self.centres = pairs((0..window.count()).map(|cell| window.centre(cell)));
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
        defined.then_some(Sight { images, law, logits, outside })
    }
}

/// p_data, p_g and D's logit part by part: cells with a density, cells whose mass has none, what lies outside. Parts
/// of which one has a density and the other has none are never one part, which is Lebesgue's decomposition; two parts
/// without density are taken as lying on different curves, as they do unless they share a piece of one.
#[derive(Clone, Debug, Default)]
pub(in crate::game) struct Parts {
    /// A point of each.
    pub at: Vec<[f64; 2]>,
    /// D's there.
    pub logits: Vec<f64>,
    pub data: Vec<f64>,
    pub g: Vec<f64>,
    /// So many parts at the start are cells with a density.
    pub dense: usize,
}

impl Parts {
    /// Cells with no more mass than `least` are left out.
    pub(in crate::game) fn new(window: Window, data: &Law, sight: &Sight, least: f64) -> Self {
        let mut parts = Self::default();
        let (g, logits) = (&sight.law, &sight.logits);
        let mut cell = |cell: usize, data: f64, g: f64| {
            if data + g > least {
                parts.push(window.centre(cell), logits[cell], data, g);
            }
            parts.logits.len()
        };
        let mut dense = 0;
        for (i, (&a, &b)) in data.cells.iter().zip(&g.cells).enumerate() {
            dense = cell(i, a, b);
        }
        for (i, &a) in data.singular.iter().enumerate() {
            cell(i, a, 0.0);
        }
        for (i, &b) in g.singular.iter().enumerate() {
            cell(i, 0.0, b);
        }
        parts.dense = dense;
        // Of p_data less than 1e-7 is outside; D is taken there as it is in the corner.
        if data.outside > 0.0 {
            parts.push(window.centre(0), logits[0], data.outside, 0.0);
        }
        let around: f64 = sight.outside.iter().map(|o| o.2).sum();
        for &(at, logit, mass) in &sight.outside {
            parts.push(at, logit, 0.0, g.outside * mass / around);
        }
        parts
    }

    fn push(&mut self, at: [f64; 2], logit: f64, data: f64, g: f64) {
        self.at.push(at);
        self.logits.push(logit);
        self.data.push(data);
        self.g.push(g);
    }

    /// sup |D - D*| over the parts that hold `fraction` of the mass of (p_data + p_g)/2, those with the highest
    /// densities.
    pub(in crate::game) fn sup_from_optimal(&self, fraction: f64) -> f64 {
        self.sup(fraction, |i| self.data[i] + self.g[i], |i| {
            game::optimal(self.data[i], self.g[i])
        })
    }

    /// sup |D - 1/2| over the parts that hold `fraction` of the mass of p_data.
    pub(in crate::game) fn sup_from_half(&self, fraction: f64) -> f64 {
        self.sup(fraction, |i| self.data[i], |_| Some(0.5))
    }

    fn sup(
        &self,
        fraction: f64,
        mass: impl Fn(usize) -> f64,
        of: impl Fn(usize) -> Option<f64>,
    ) -> f64 {
        let mut dense: Vec<usize> = (0..self.dense).filter(|&i| mass(i) > 0.0).collect();
        dense.sort_unstable_by(|&i, &j| mass(j).total_cmp(&mass(i)));
        let rest = self.dense..self.logits.len();
        // What has no density has the highest; what is outside is counted with it.
        let all = rest.filter(|&i| mass(i) > 0.0).chain(dense);
        let total: f64 = (0..self.logits.len()).map(&mass).sum();
        let (mut sum, mut sup) = (0.0, 0.0_f64);
        for i in all {
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
        let (nodes, masses) = axis(prior, side);
        let count = nodes.len();
        let at = |i: usize| [nodes[i % count], nodes[i / count]];
        let pdf = |z: [f64; 2]| prior.pdf(z[0]) * prior.pdf(z[1]);
        // The density in the middle of each triangle divides the mass of their cell.
        let halves = |cell: usize| {
            let (i, j) = (cell % side, cell / side);
            let third = |t: f64, k: usize| nodes[k] + t * (nodes[k + 1] - nodes[k]);
            let below = pdf([third(2.0 / 3.0, i), third(1.0 / 3.0, j)]);
            let above = pdf([third(1.0 / 3.0, i), third(2.0 / 3.0, j)]);
            let mass = masses[i] * masses[j] / (below + above);
            [mass * below, mass * above]
        };
        Self {
            side,
            nodes: pairs((0..count * count).map(at)),
            count: count * count,
            masses: Masses::Square((0..side * side).map(halves).collect()),
            around: (0..count * count).map(|i| pdf(at(i))).collect(),
        }
    }
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
