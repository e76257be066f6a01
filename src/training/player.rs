//! One player: a network, its parameters and its optimiser.

use burn::tensor::{Device, Tensor, TensorData};

use super::optimiser::Adam;
use crate::{
    data::rng::Rng,
    models::{Mode, Network},
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
    /// Flat running statistics of batch normalisation.
    pub statistics: Tensor<1>,
    /// Its optimiser's state.
    pub optimiser: Adam,
}

impl Player {
    /// Fresh weights from `rng`.
    pub fn new(network: Network, rng: &mut Rng, device: &Device) -> Self {
        let parameters = network.initial_parameters(rng);
        let statistics = network.initial_statistics();
        let optimiser = Adam::new(parameters.len(), device);
        Self {
            parameters: upload(parameters, device),
            statistics: upload(statistics, device),
            network,
            optimiser,
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
        self.optimiser = Adam::new(parameters.len(), &device);
        self.parameters = upload(parameters, &device);
        self.statistics = upload(statistics, &device);
    }

    /// Views of the parameters through which a gradient can be taken.
    pub fn leaves(&self) -> Vec<Tensor<1>> {
        self.network
            .views(&self.parameters)
            .into_iter()
            .map(|v| v.autodiff().require_grad())
            .collect()
    }

    /// Output in training mode with the parameters held fixed, `[n, ...]`.
    pub fn fixed(&self, input: Tensor<4>) -> Tensor<4> {
        let views = self.network.views(&self.parameters);
        self.network
            .forward(&views, &self.statistics, input, Mode::Train)
            .output
    }

    /// One optimiser step down the gradient of `loss` with respect to `leaves`.
    pub fn descend(&mut self, loss: &Tensor<1>, leaves: &[Tensor<1>], rate: f32, beta_1: f32) {
        let mut gradients = loss.backward();
        let parts = leaves
            .iter()
            .map(|leaf| {
                leaf.grad_remove(&mut gradients)
                    .expect("every parameter reaches the loss")
            })
            .collect();
        let gradient = self.network.flatten(parts);
        self.parameters = self
            .optimiser
            .step(self.parameters.clone(), gradient, rate, beta_1);
    }

    /// Moves the running statistics towards those of a batch.
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
