//! One player: a network, its parameters and its optimiser.

use burn::tensor::{Device, Tensor};

use super::optimiser::{Optimiser, OptimiserKind};
use crate::mnist::frozen::upload;
use crate::mnist::kernels::{By, Numbers, blend, keeping, replace};
use crate::mnist::nets::network::Forward;
use crate::mnist::nets::{Effective, Mode, Network, Weights};
use crate::num::rng::Rng;

/// Share of the old value that a running statistic keeps at each step.
const RUNNING: f32 = 0.9;

/// A network that learns.
#[derive(Clone, Debug)]
pub struct Player {
    /// The function.
    pub network: Network,
    /// Flat parameters, without autodiff.
    pub parameters: Tensor<1>,
    /// Flat statistics: running ones of batch normalisation, directions of spectral normalisation.
    pub statistics: Tensor<1>,
    /// Its optimiser's state.
    pub optimiser: Optimiser,
    /// The last gradient, flat; none before the first step.
    pub gradient: Option<Tensor<1>>,
}

/// The parameters of one step, as the network uses them.
#[derive(Debug)]
pub struct Leaves {
    /// Without a gradient.
    pub constant: Effective,
    /// With one.
    pub tracked: Effective,
}

impl Player {
    /// Fresh weights from `rng`.
    pub fn new(network: Network, kind: OptimiserKind, rng: &mut Rng, device: &Device) -> Self {
        let weights = network.initial(rng);
        Self::from_weights(network, kind, weights, device)
    }

    /// Given weights with a fresh optimiser.
    ///
    /// # Panics
    /// If they are not as long as the network's.
    pub fn from_weights(
        network: Network,
        kind: OptimiserKind,
        weights: Weights,
        device: &Device,
    ) -> Self {
        let length = network.length();
        assert_eq!(weights.parameters.len(), length, "parameters of another network");
        Self {
            optimiser: Optimiser::new(kind, length, device),
            parameters: upload(weights.parameters, device),
            statistics: upload(weights.statistics, device),
            network,
            gradient: None,
        }
    }

    /// The parameters as they are used, to learn: with spectral normalisation after one power iteration.
    pub fn leaves(&mut self) -> Leaves {
        let (constant, statistics) = self.network.iterate(&self.parameters, &self.statistics);
        if self.network.is_spectral() {
            replace(&mut self.statistics, statistics);
        }
        Leaves { tracked: constant.tracked(), constant }
    }

    /// A pass in training mode, by parameters of [`Self::leaves`]; for `masks` see [`Network::masks`].
    pub fn forward(
        &self,
        parameters: &Effective,
        input: Tensor<4>,
        masks: &[Tensor<4>],
    ) -> Forward {
        let statistics = &self.statistics;
        self.network.forward_masked(parameters, statistics, input, Mode::Train, masks)
    }

    /// Output `[n, ...]` of a pass in training mode with the parameters held constant.
    pub fn constant(&self, input: Tensor<4>, masks: &[Tensor<4>]) -> Tensor<4> {
        let parameters = self.network.effective(&self.parameters, &self.statistics);
        self.forward(&parameters, input, masks).output
    }

    /// One optimiser step down the gradient of `loss` by `leaves`.
    pub fn descend(&mut self, loss: &Tensor<1>, leaves: &Leaves, rate: f32, momentum: f32) {
        let gradient = self.gradient_of(loss, leaves);
        let by = By::on(&gradient.device(), self.optimiser.pace(rate, momentum));
        self.follow(gradient, &by);
    }

    /// The gradient of `loss` by `leaves`, flat.
    pub(crate) fn gradient_of(&self, loss: &Tensor<1>, leaves: &Leaves) -> Tensor<1> {
        let parts = leaves.tracked.gradients(&mut loss.backward());
        self.network.flatten(leaves.constant.pull_back(parts))
    }

    /// One optimiser step down `gradient`, begun by [`Optimiser::pace`]. On WebGPU the parameters change where they
    /// lie: no gradient through them may be open.
    pub(crate) fn follow(&mut self, gradient: Tensor<1>, by: &By) {
        self.gradient = Some(gradient.clone());
        self.parameters = self.optimiser.follow(self.parameters.clone(), gradient, by);
    }

    /// Moves the running statistics towards those of a batch. For a network without spectral normalisation.
    pub fn update_statistics(&mut self, batch_statistics: Vec<Tensor<1>>) {
        let by = By::on(&self.statistics.device(), Self::running());
        self.move_statistics(batch_statistics, &by);
    }

    /// The same by [`Self::running`].
    pub(crate) fn move_statistics(&mut self, batch_statistics: Vec<Tensor<1>>, by: &By) {
        if !batch_statistics.is_empty() {
            let seen = self.network.flatten_statistics(batch_statistics);
            self.statistics = blend(self.statistics.clone(), seen, by);
        }
    }

    /// What running statistics move by.
    pub(crate) fn running() -> Numbers {
        keeping(RUNNING)
    }
}
