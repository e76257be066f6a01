//! Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): every weight is used divided by an
//! estimate of its largest singular value.
//!
//! A weight is read as a matrix W `[outputs, rest]`. Its statistic u `[outputs]` follows the first left
//! singular vector, one power iteration for each step of training: v = W'u / |W'u|, u = Wv / |Wv|,
//! sigma = u'Wv. The gradient takes u and v for constants, as there.

use burn::tensor::{Gradients, Tensor};

use super::{Network, Parameter, end, views};
use crate::mnist::kernels::dense;
use crate::mnist::nets::layer::{Init, Role};

/// Added to norms before they divide.
const EPSILON: f32 = 1e-12;

/// A network's parameters as it uses them: as they are stored, but with spectral normalisation each weight divided
/// by its norm. Nothing else can be run, so that no caller can forget the norm.
#[derive(Clone, Debug)]
pub struct Effective {
    /// In the order of [`Network::parameters`], each one-dimensional.
    views: Vec<Tensor<1>>,
    /// For each of the views; none without spectral normalisation, and for what is not a weight.
    directions: Vec<Option<Direction>>,
}

#[derive(Clone, Debug)]
struct Direction {
    side: Side,
    u: Tensor<1>,
    v: Tensor<1>,
    /// `[1]`
    sigma: Tensor<1>,
}

/// How a weight lies in memory as a matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Side {
    rows: usize,
    columns: usize,
    /// Outputs are the rows; in a dense layer they are the columns.
    outputs_first: bool,
}

impl Side {
    /// None for what is not a weight.
    ///
    /// # Panics
    /// For a transposed convolution, whose outputs are neither rows nor columns: no D has one.
    fn of(parameter: &Parameter) -> Option<Self> {
        let Role::Weight { outputs } = parameter.role else {
            return None;
        };
        let outputs_first = outputs == 0;
        let matrix = outputs_first || parameter.shape.len() == 2;
        assert!(matrix, "{} cannot be normalised", parameter.name);
        let rows = parameter.shape[0];
        Some(Self { rows, columns: parameter.len() / rows, outputs_first })
    }

    fn outputs(self) -> usize {
        if self.outputs_first { self.rows } else { self.columns }
    }

    /// W'u, not normed.
    fn back(self, w: &Tensor<1>, u: &Tensor<1>) -> Tensor<1> {
        self.multiply(w, u, self.outputs_first)
    }

    /// Wv, not normed.
    fn forth(self, w: &Tensor<1>, v: &Tensor<1>) -> Tensor<1> {
        self.multiply(w, v, !self.outputs_first)
    }

    /// x times the matrix in memory from the left, or from the right.
    fn multiply(self, w: &Tensor<1>, x: &Tensor<1>, from_left: bool) -> Tensor<1> {
        let Self { rows, columns, .. } = self;
        let (w, x) = (w.clone(), x.clone());
        let product = if from_left {
            dense(x.reshape([1, rows, 1, 1]), w, None, [rows, columns])
        } else {
            dense(w.reshape([rows, columns, 1, 1]), x, None, [columns, 1])
        };
        product.reshape([-1])
    }

    /// uv' as it lies in memory.
    fn outer(self, u: Tensor<1>, v: Tensor<1>) -> Tensor<1> {
        let (left, right) = if self.outputs_first { (u, v) } else { (v, u) };
        let Self { rows, columns, .. } = self;
        dense(left.reshape([rows, 1, 1, 1]), right, None, [1, columns]).reshape([-1])
    }
}

impl Network {
    /// The same network with spectral normalisation: each weight gets a statistic, behind the running
    /// ones.
    #[must_use]
    pub fn spectral(mut self) -> Self {
        for parameter in &self.parameters {
            if let Some(side) = Side::of(parameter) {
                let offset = end(&self.statistics);
                self.statistics.push(Parameter {
                    name: parameter.name.replace(parameter.role.name(), Role::Direction.name()),
                    role: Role::Direction,
                    shape: vec![side.outputs()],
                    offset,
                    init: Init::Normal(1.0),
                });
            }
        }
        self
    }

    /// Whether it has spectral normalisation.
    pub(crate) fn is_spectral(&self) -> bool {
        self.statistics.last().is_some_and(is_direction)
    }

    /// The flat `parameters` as they are used, by the directions of the flat `statistics`.
    pub fn effective(&self, parameters: &Tensor<1>, statistics: &Tensor<1>) -> Effective {
        self.normalise(parameters, statistics, false).0
    }

    /// The same after one power iteration, and the statistics that it leaves.
    pub fn iterate(
        &self,
        parameters: &Tensor<1>,
        statistics: &Tensor<1>,
    ) -> (Effective, Tensor<1>) {
        self.normalise(parameters, statistics, true)
    }

    fn normalise(
        &self,
        parameters: &Tensor<1>,
        statistics: &Tensor<1>,
        iterate: bool,
    ) -> (Effective, Tensor<1>) {
        let stored = views(&self.parameters, parameters);
        if !self.is_spectral() {
            let directions = vec![None; stored.len()];
            let all = Effective { views: stored, directions };
            return (all, statistics.clone());
        }
        let (mut kept, mut known) = (Vec::new(), Vec::new());
        for (block, view) in self.statistics.iter().zip(views(&self.statistics, statistics)) {
            if is_direction(block) {
                known.push(view);
            } else {
                kept.push(view);
            }
        }
        let mut known = known.into_iter();
        let mut all = Effective { views: Vec::new(), directions: Vec::new() };
        for (parameter, w) in self.parameters.iter().zip(stored) {
            let direction = Side::of(parameter).map(|side| {
                let u = known.next().expect("one direction for each weight");
                direction(side, &w, u, iterate)
            });
            all.views.push(match &direction {
                Some(direction) => w / direction.sigma.clone(),
                None => w,
            });
            kept.extend(direction.as_ref().map(|d| d.u.clone()));
            all.directions.push(direction);
        }
        let statistics = if iterate { self.flatten_statistics(kept) } else { statistics.clone() };
        (all, statistics)
    }
}

impl Effective {
    /// In the order of [`Network::parameters`], each one-dimensional.
    pub fn views(&self) -> &[Tensor<1>] {
        &self.views
    }

    /// The same as leaves that a gradient can be taken by.
    #[must_use]
    pub fn tracked(&self) -> Self {
        let leaf = |view: &Tensor<1>| view.clone().autodiff().require_grad();
        Self { views: self.views.iter().map(leaf).collect(), directions: self.directions.clone() }
    }

    /// Of leaves: the gradients by them.
    ///
    /// # Panics
    /// If one of them does not reach the loss.
    pub fn gradients(&self, gradients: &mut Gradients) -> Vec<Tensor<1>> {
        let of = |leaf: &Tensor<1>| leaf.grad_remove(gradients);
        let all: Option<Vec<_>> = self.views.iter().map(of).collect();
        all.expect("every parameter reaches the loss")
    }

    /// Gradients by the stored parameters from those by the used ones: with W/sigma = W~ and G its
    /// gradient, (G - <G, W~> uv') / sigma.
    pub fn pull_back(&self, gradients: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
        let each = gradients.into_iter().zip(&self.views);
        each.zip(&self.directions)
            .map(|((gradient, view), direction)| match direction {
                Some(Direction { side, u, v, sigma }) => {
                    let along = dot(gradient.clone(), view.clone());
                    let outer = side.outer(u.clone(), v.clone());
                    (gradient - outer * along) / sigma.clone()
                }
                None => gradient,
            })
            .collect()
    }
}

fn is_direction(block: &Parameter) -> bool {
    block.role == Role::Direction
}

fn direction(side: Side, w: &Tensor<1>, u: Tensor<1>, iterate: bool) -> Direction {
    let (v, length) = normed(side.back(w, &u));
    if iterate {
        let (u, sigma) = normed(side.forth(w, &v));
        Direction { side, u, v, sigma }
    } else {
        // u'Wv with v along W'u.
        let sigma = length;
        Direction { side, u, v, sigma }
    }
}

/// The vector of length 1, and the length it had, `[1]`.
fn normed(x: Tensor<1>) -> (Tensor<1>, Tensor<1>) {
    let length = dot(x.clone(), x.clone()).sqrt() + EPSILON;
    (x / length.clone(), length)
}

/// `[1]`
fn dot(a: Tensor<1>, b: Tensor<1>) -> Tensor<1> {
    let n = a.dims()[0] as f32;
    (a * b).mean() * n
}
