//! Optimisers on one flat vector.
//!
//! The state is plain tensors that can be read asynchronously, which is what a checkpoint in the
//! browser needs: burn's own optimiser records are read with a blocking call that a browser's main
//! loop cannot serve.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

const BETA_2: f32 = 0.999;
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

/// An optimiser and what it remembers.
#[derive(Clone, Debug)]
pub struct Optimiser {
    kind: OptimiserKind,
    memory: Vec<Tensor<1>>,
    steps: i32,
}

impl Optimiser {
    /// State for `length` parameters.
    pub fn new(kind: OptimiserKind, length: usize, device: &Device) -> Self {
        let blank = |_| Tensor::zeros([length], device);
        Self {
            kind,
            memory: kind.memory().iter().map(blank).collect(),
            steps: 0,
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
        self.steps = self.steps.saturating_add(1);
        match (self.kind, self.memory.as_mut_slice()) {
            (OptimiserKind::Momentum, [velocity]) => {
                *velocity = velocity.clone() * momentum - gradient * rate;
                parameters + velocity.clone()
            }
            (OptimiserKind::Nesterov, [velocity]) => {
                let down = gradient * rate;
                *velocity = velocity.clone() * momentum - down.clone();
                parameters + velocity.clone() * momentum - down
            }
            (OptimiserKind::Adam, [mean, square]) => {
                *mean = mean.clone() * momentum + gradient.clone() * (1.0 - momentum);
                *square = square.clone() * BETA_2 + gradient.clone() * gradient * (1.0 - BETA_2);
                // Both bias corrections, folded into one factor and epsilon.
                let second = (1.0 - BETA_2.powi(self.steps)).sqrt();
                let step = rate * second / (1.0 - momentum.powi(self.steps));
                parameters - mean.clone() * step / (square.clone().sqrt() + EPSILON * second)
            }
            _ => parameters - gradient * rate,
        }
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

    /// Takes up saved state.
    ///
    /// # Panics
    /// If it is another kind's.
    pub fn restore(kind: OptimiserKind, memory: Vec<Tensor<1>>, steps: i32) -> Self {
        assert_eq!(
            memory.len(),
            kind.memory().len(),
            "the state of another optimiser"
        );
        Self {
            kind,
            memory,
            steps,
        }
    }
}
