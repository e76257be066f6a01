//! One player: a network, its parameters and its optimiser.

use burn::tensor::{Device, Tensor, TensorData};

use super::optimiser::{Optimiser, OptimiserKind};
use crate::{
    data::rng::Rng,
    models::{Mode, Network, network::Normalised},
};

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
    /// With spectral normalisation: the weights as this step uses them.
    normalised: Option<Normalised>,
}

impl Player {
    /// Fresh weights from `rng`.
    pub fn new(network: Network, kind: OptimiserKind, rng: &mut Rng, device: &Device) -> Self {
        let parameters = network.initial_parameters(rng);
        let statistics = network.initial_statistics();
        let optimiser = Optimiser::new(kind, parameters.len(), device);
        Self {
            parameters: upload(parameters, device),
            statistics: upload(statistics, device),
            network,
            optimiser,
            gradient: None,
            normalised: None,
        }
    }

    /// Takes up other weights with a fresh optimiser.
    ///
    /// # Panics
    /// If they are not as long as its own.
    pub fn restart(&mut self, parameters: Vec<f32>, statistics: Vec<f32>) {
        let device = self.parameters.device();
        assert_eq!(
            self.parameters.dims(),
            [parameters.len()],
            "parameters of another network"
        );
        assert_eq!(
            self.statistics.dims(),
            [statistics.len()],
            "statistics of another network"
        );
        self.optimiser = Optimiser::new(self.optimiser.kind(), parameters.len(), &device);
        self.parameters = upload(parameters, &device);
        self.statistics = upload(statistics, &device);
        self.gradient = None;
        self.normalised = None;
    }

    /// With spectral normalisation, one power iteration; to be called before [`Self::leaves`] in each step.
    pub fn tighten(&mut self) {
        if self.network.is_spectral() {
            let (normalised, statistics) =
                self.network
                    .normalise(&self.parameters, &self.statistics, true);
            self.statistics = statistics;
            self.normalised = Some(normalised);
        }
    }

    /// The parameters as the network uses them, each one-dimensional.
    pub fn used(&self) -> Vec<Tensor<1>> {
        match &self.normalised {
            Some(normalised) => normalised.views.clone(),
            None if self.network.is_spectral() => {
                let fixed = self
                    .network
                    .normalise(&self.parameters, &self.statistics, false);
                fixed.0.views
            }
            None => self.network.views(&self.parameters),
        }
    }

    /// The same, so that a gradient can be taken.
    pub fn leaves(&self) -> Vec<Tensor<1>> {
        self.used()
            .into_iter()
            .map(|v| v.autodiff().require_grad())
            .collect()
    }

    /// Output in training mode with the parameters held fixed, `[n, ...]`; for `masks` see
    /// [`Network::masks`].
    pub fn fixed(&self, input: Tensor<4>, masks: &[Tensor<4>]) -> Tensor<4> {
        let views = self.used();
        self.network
            .forward_masked(&views, &self.statistics, input, Mode::Train, masks)
            .output
    }

    /// One optimiser step down the gradient of `loss` with respect to `leaves`.
    pub fn descend(&mut self, loss: &Tensor<1>, leaves: &[Tensor<1>], rate: f32, momentum: f32) {
        let mut gradients = loss.backward();
        let mut parts: Vec<Tensor<1>> = leaves
            .iter()
            .map(|leaf| {
                leaf.grad_remove(&mut gradients)
                    .expect("every parameter reaches the loss")
            })
            .collect();
        // The parameters are about to change, and what was made of them is then out of date.
        if let Some(normalised) = self.normalised.take() {
            parts = normalised.pull_back(parts);
        }
        let gradient = self.network.flatten(parts);
        self.gradient = Some(gradient.clone());
        self.parameters = self
            .optimiser
            .step(self.parameters.clone(), gradient, rate, momentum);
    }

    /// Moves the running statistics towards those of a batch. For a network without spectral normalisation.
    pub fn observe(&mut self, batch_statistics: Vec<Tensor<1>>) {
        if !batch_statistics.is_empty() {
            let seen = self.network.flatten_statistics(batch_statistics);
            self.statistics = self.statistics.clone() * RUNNING + seen * (1.0 - RUNNING);
        }
    }
}

/// Host values as a one-dimensional tensor on `device`.
pub fn upload(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}
