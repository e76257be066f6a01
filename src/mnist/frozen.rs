//! A trained network, to be asked: its parameters are made effective once, when it is loaded. Only this and the
//! player that trains can run a network.

use burn::tensor::{Device, Tensor, TensorData, activation};

use super::data::{PIXELS, SIDE};
use super::nets::{Design, Effective, Mode, Network, Preset, Weights};
use crate::num::rng::Rng;

/// A network with its weights.
#[derive(Debug)]
pub struct Frozen {
    network: Network,
    parameters: Effective,
    statistics: Tensor<1>,
}

impl Frozen {
    /// Takes up weights on `device`.
    ///
    /// # Panics
    /// If they are not those of the network.
    pub fn new(network: Network, weights: Weights, device: &Device) -> Self {
        let parameters = upload(weights.parameters, device);
        let statistics = upload(weights.statistics, device);
        Self::of(network, &parameters, statistics)
    }

    /// The same from flat vectors that are on a device already.
    pub fn of(network: Network, parameters: &Tensor<1>, statistics: Tensor<1>) -> Self {
        Self { parameters: network.effective(parameters, &statistics), network, statistics }
    }

    /// Where it computes.
    pub fn device(&self) -> Device {
        self.statistics.device()
    }

    /// Numbers of one input example.
    pub fn inputs(&self) -> usize {
        self.network.input().iter().product()
    }

    /// Output `[n, channels, height, width]` for a batch of examples, batch normalisation by the running statistics.
    ///
    /// # Panics
    /// If the input is not of the network's shape.
    pub fn ask(&self, input: Tensor<4>) -> Tensor<4> {
        self.network.forward(&self.parameters, &self.statistics, input, Mode::Evaluate).output
    }

    /// The same for `inputs`, row-major `[n, channels, height, width]` on the host.
    ///
    /// # Panics
    /// If they are not n whole examples, n at least 1.
    pub fn ask_all(&self, inputs: Vec<f32>) -> Tensor<4> {
        let [channels, height, width] = self.network.input();
        let each = self.inputs();
        let whole = !inputs.is_empty() && inputs.len().is_multiple_of(each);
        assert!(whole, "{} numbers are no [n, {each}]", inputs.len());
        let shape = [inputs.len() / each, channels, height, width];
        self.ask(Tensor::from_data(TensorData::new(inputs, shape), &self.device()))
    }
}

/// G on the CPU.
#[derive(Debug)]
pub struct Generator {
    preset: Preset,
    frozen: Frozen,
}

impl Generator {
    /// Takes up weights.
    ///
    /// # Panics
    /// If they are not those of the design's generator.
    pub fn new(design: Design, weights: Weights) -> Self {
        Self {
            preset: design.preset,
            frozen: Frozen::new(design.networks().generator, weights, &Device::flex()),
        }
    }

    /// The network, to be asked for more than images.
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }

    /// Length of z.
    pub fn latent(&self) -> usize {
        self.frozen.inputs()
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, rng: &mut Rng, n: usize) -> Vec<f32> {
        self.preset.noise(rng, n * self.latent())
    }

    /// Images `[n, 28, 28]` in [-1, 1] for z, row-major `[n, latent]`.
    ///
    /// # Panics
    /// If the length of `z` is not a positive multiple of [`Self::latent`].
    pub fn images(&self, z: &[f32]) -> Vec<f32> {
        numbers(self.frozen.ask_all(z.to_vec()))
    }
}

/// D on the CPU.
#[derive(Debug)]
pub struct Discriminator(Frozen);

impl Discriminator {
    /// Takes up weights.
    ///
    /// # Panics
    /// If they are not those of the design's discriminator.
    pub fn new(design: Design, weights: Weights) -> Self {
        let network = design.networks().discriminator;
        Self(Frozen::new(network, weights, &Device::flex()))
    }

    /// D(x) in [0, 1] for each of `images`, row-major `[n, 28, 28]` in [-1, 1], n at least 1.
    ///
    /// # Panics
    /// If they are not whole.
    pub fn probabilities(&self, images: &[f32]) -> Vec<f32> {
        assert!(images.len().is_multiple_of(PIXELS), "[n, {SIDE}, {SIDE}] expected");
        numbers(activation::sigmoid(self.0.ask_all(images.to_vec())))
    }
}

/// Host values as a one-dimensional tensor on `device`.
pub fn upload(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

/// What a tensor on a CPU holds, row-major.
pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("networks compute in f32")
}
