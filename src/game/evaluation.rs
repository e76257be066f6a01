//! How a game is looked at: the grids of x and z, and the networks evaluated on them.

use super::mlp::{Mlp, Tape};
use super::prior::Prior;
use super::settings::GameSettings;
use super::target::Target;
use crate::theory::grid::resample;
use crate::theory::pushforward::{breaks, pushforward};
use crate::theory::{Grid, Mass};

/// Points of a frame's x-grid.
const PLOT: usize = 401;
/// D is evaluated at the ends and the quarters of each plotted interval; in between its logit is linear.
const FINE: usize = 4 * (PLOT - 1) + 1;
/// Cells of z, and where they end in a Gaussian prior. 8e-11 of it lies beyond, and wider cells follow it on either
/// side as it thins out: on one cell it would stand as a bump in p_g, and D* would dip where p_g ends.
const Z_CELLS: usize = 4096;
const Z_EDGE: f64 = 6.5;
const TAIL_CELLS: usize = 128;
const TAIL_EDGE: f64 = 12.9;
/// Of that many nodes of z the image of one is an edge of x: a G that heaps its mass up is seen as sharply there.
const NODES: usize = 2;
/// Mapping lines.
const LINES: usize = 60;
/// Folds of G that the x-grid is refined at; a smooth G of this size has fewer.
const FOLDS: usize = 24;
/// The grids of a run and the buffers to look through them.
#[derive(Debug)]
pub struct Evaluation {
    lo: f64,
    hi: f64,
    /// Masses of the cells of z.
    prior: Vec<f64>,
    /// Nodes of z, then the mapping lines'; and the images of the nodes.
    g: Tape<f32>,
    gz: Vec<f64>,
    /// The fine x-grid, and D's logits there.
    d: Tape<f32>,
    pub(super) x: Vec<f64>,
    pub(super) logits: Vec<f64>,
}

/// Both densities as cell masses.
#[derive(Clone, Debug)]
pub struct Densities {
    /// Ends of the cells, ascending, in data units.
    pub edges: Vec<f64>,
    /// Of p_data.
    pub data: Mass,
    /// Of p_g.
    pub g: Mass,
}

impl Evaluation {
    /// For games with the widths, the prior and the target of these.
    pub fn new(settings: &GameSettings, target: &Target) -> Self {
        let prior = settings.prior;
        let nodes = nodes(prior);
        let masses = Mass::of(&nodes, |z| prior.cdf(z), |z| prior.pdf(z)).cells;

        let mut g = Tape::new(nodes.len() + LINES, settings.shape_of_g());
        let lines = (0..LINES).map(|i| prior.quantile((i as f64 + 0.5) / LINES as f64));
        for (to, z) in g.inputs().iter_mut().zip(nodes.into_iter().chain(lines)) {
            *to = z as f32;
        }
        let d = Tape::new(FINE, settings.shape_of_d());
        let mut evaluation = Self {
            lo: 0.0,
            hi: 0.0,
            prior: masses,
            g,
            gz: Vec::new(),
            d,
            x: Vec::new(),
            logits: Vec::new(),
        };
        evaluation.set_target(target);
        evaluation
    }

    /// Chooses the x-range: the target's, and four standard deviations of p_g as it starts.
    pub fn set_target(&mut self, target: &Target) {
        let (lo, hi) = target.range();
        (self.lo, self.hi) = (lo.min(-3.5), hi.max(3.5));
        self.x = Grid { lo: self.lo, hi: self.hi, cells: FINE - 1 }.edges();
        for (to, &x) in self.d.inputs().iter_mut().zip(&self.x) {
            *to = x as f32;
        }
    }

    fn images(&mut self, g: &Mlp<f32>) {
        g.forward(&mut self.g);
        self.gz.clear();
        self.gz.extend(self.g.outputs()[..=self.prior.len()].iter().map(|&x| f64::from(x)));
    }

    /// The mapping lines as they were last looked at: noise at equal steps of prior mass, and where G takes it.
    pub(super) fn lines(&mut self) -> (Vec<f32>, Vec<f32>) {
        let from = self.prior.len() + 1;
        (self.g.inputs()[from..].to_vec(), self.g.outputs()[from..].to_vec())
    }

    /// p_data and p_g; `per_unit` cells per data unit, and finer where either jumps, G folds or
    /// p_g is dense.
    pub fn densities(&mut self, target: &Target, g: &Mlp<f32>, per_unit: f64) -> Densities {
        self.images(g);
        let cells = ((self.hi - self.lo) * per_unit).ceil() as usize;
        let mut at = breaks(&self.gz, FOLDS);
        at.extend_from_slice(&target.jumps());
        let edges = Grid { lo: self.lo, hi: self.hi, cells }
            .refined_with(&at, self.gz.iter().step_by(NODES).copied());
        let data = Mass::of(&edges, |x| target.cdf(x), |x| target.pdf(x));
        let g = pushforward(&edges, &self.prior, &self.gz).mass;
        Densities { edges, data, g }
    }

    /// D's logits at `at`, ascending.
    pub fn logits(&mut self, d: &Mlp<f32>, at: &[f64]) -> Vec<f64> {
        d.forward(&mut self.d);
        self.logits.clear();
        self.logits.extend(self.d.outputs().iter().map(|&l| f64::from(l)));
        resample(&self.x, &self.logits, at)
    }
}

/// Nodes of z, ascending, so that next to nothing of the prior lies beyond.
fn nodes(prior: Prior) -> Vec<f64> {
    if prior == Prior::Uniform {
        return Grid { lo: -1.0, hi: 1.0, cells: Z_CELLS }.edges();
    }
    let mut nodes = Grid { lo: -TAIL_EDGE, hi: -Z_EDGE, cells: TAIL_CELLS }.edges();
    nodes.pop();
    nodes.extend(Grid { lo: -Z_EDGE, hi: Z_EDGE, cells: Z_CELLS }.edges());
    nodes.extend(&Grid { lo: Z_EDGE, hi: TAIL_EDGE, cells: TAIL_CELLS }.edges()[1..]);
    nodes
}
