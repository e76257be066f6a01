//! Optimisers on one flat vector: a handful of operations for a whole network, and plain tensors to be saved.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::mnist::kernels::{self, Adam, BETA_2, By, Numbers};

const EPSILON: f32 = 1e-8;

/// How a gradient g becomes a step, at rate r and momentum m.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum OptimiserKind {
    /// Down r g; no momentum.
    Sgd,
    /// v = m v - r g, along v. The rate is inside the velocity, as in pylearn2 and Keras; PyTorch's differs
    /// when the rate changes.
    Momentum,
    /// v = m v - r g, along m v - r g once more: Nesterov's look ahead as Keras has it.
    Nesterov,
    /// Adam (Kingma & Ba 2015, Algorithm 1), beta_1 = m, beta_2 = 0.999, epsilon = 1e-8.
    Adam,
}

impl OptimiserKind {
    /// What it remembers for each parameter, by name.
    pub fn memory(self) -> &'static [&'static str] {
        match self {
            Self::Sgd => &[],
            Self::Momentum | Self::Nesterov => &["velocity"],
            Self::Adam => &["mean", "square"],
        }
    }
}

/// How much of Adam's mean is made of gradients, which its bias correction divides by: all but
/// `missing * momentum^since`, also while the momentum is being changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bias {
    /// What was missing when the momentum changed last; 1 before the first step.
    pub missing: f32,
    /// Steps since then.
    pub since: i32,
    /// The momentum of these steps.
    pub momentum: f32,
}

impl Bias {
    /// After `steps` steps of one momentum.
    pub fn after(steps: i32, momentum: f32) -> Self {
        Self { missing: 1.0, since: steps, momentum }
    }

    /// One more step; the weight of all gradients so far, in (0, 1].
    fn step(&mut self, momentum: f32) -> f32 {
        if momentum != self.momentum {
            self.missing *= self.momentum.powi(self.since);
            (self.since, self.momentum) = (0, momentum);
        }
        self.since = self.since.saturating_add(1);
        1.0 - self.missing * momentum.powi(self.since)
    }
}

/// An optimiser and what it remembers.
#[derive(Clone, Debug)]
pub struct Optimiser {
    kind: OptimiserKind,
    memory: Vec<Tensor<1>>,
    steps: i32,
    bias: Bias,
}

impl Optimiser {
    /// State for `length` parameters.
    pub fn new(kind: OptimiserKind, length: usize, device: &Device) -> Self {
        let blank = |_| Tensor::zeros([length], device);
        Self {
            kind,
            memory: kind.memory().iter().map(blank).collect(),
            steps: 0,
            bias: Bias::after(0, 0.0),
        }
    }

    /// The parameters after one step down `gradient`.
    pub fn step(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        rate: f32,
        momentum: f32,
    ) -> Tensor<1> {
        let by = By::on(&parameters.device(), self.pace(rate, momentum));
        self.follow(parameters, gradient, &by)
    }

    /// One more step begins: the numbers that it is taken by.
    pub(crate) fn pace(&mut self, rate: f32, momentum: f32) -> Numbers {
        self.steps = self.steps.saturating_add(1);
        match self.kind {
            OptimiserKind::Sgd => [rate, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            OptimiserKind::Momentum | OptimiserKind::Nesterov => {
                [rate, momentum, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
            }
            OptimiserKind::Adam => {
                // Both bias corrections, folded into one factor and epsilon.
                let second = (1.0 - BETA_2.powi(self.steps)).sqrt();
                let step = rate * second / self.bias.step(momentum);
                Adam { momentum, step, epsilon: EPSILON * second }.numbers()
            }
        }
    }

    /// The parameters after the step that [`Self::pace`] began.
    pub(crate) fn follow(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        by: &By,
    ) -> Tensor<1> {
        // Taken out, so that nobody else holds what is changed in its place.
        let mut memory = std::mem::take(&mut self.memory).into_iter();
        let mut next = || memory.next().expect("as many as its kind has");
        let (parameters, memory) = match self.kind {
            OptimiserKind::Sgd => (kernels::descend([parameters, gradient], by), Vec::new()),
            OptimiserKind::Momentum | OptimiserKind::Nesterov => {
                let ahead = self.kind == OptimiserKind::Nesterov;
                let all = [parameters, gradient, next()];
                let [parameters, velocity] = kernels::velocity(all, by, ahead);
                (parameters, vec![velocity])
            }
            OptimiserKind::Adam => {
                let all = [parameters, gradient, next(), next()];
                let [parameters, mean, square] = kernels::adam(all, by);
                (parameters, vec![mean, square])
            }
        };
        self.memory = memory;
        parameters
    }

    /// Which it is.
    pub fn kind(&self) -> OptimiserKind {
        self.kind
    }

    /// What it remembers, in the order of [`OptimiserKind::memory`].
    pub fn memory(&self) -> &[Tensor<1>] {
        &self.memory
    }

    /// Steps taken.
    pub fn steps(&self) -> i32 {
        self.steps
    }

    /// Of Adam's mean.
    pub fn bias(&self) -> Bias {
        self.bias
    }

    /// Takes up saved state.
    ///
    /// # Panics
    /// If it is another kind's.
    pub fn restore(kind: OptimiserKind, memory: Vec<Tensor<1>>, steps: i32, bias: Bias) -> Self {
        assert_eq!(memory.len(), kind.memory().len(), "the state of another optimiser");
        Self { kind, memory, steps, bias }
    }
}
