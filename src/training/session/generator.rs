//! G alone.

use burn::tensor::{Device, Tensor, TensorData};

use super::upload;
use crate::{
    data::rng::Rng,
    models::{Design, Mode, Network, Preset},
};

/// A generator alone, on the CPU.
pub struct Generator {
    preset: Preset,
    network: Network,
    views: Vec<Tensor<1>>,
    statistics: Tensor<1>,
}

impl Generator {
    /// Takes up flat parameters and running statistics on `device`, which must be a CPU.
    ///
    /// # Panics
    /// If they are not those of the design's generator.
    pub fn new(
        design: Design,
        parameters: Vec<f32>,
        statistics: Vec<f32>,
        device: &Device,
    ) -> Self {
        let network = design.networks().generator;
        Self {
            preset: design.preset,
            views: network.views(&upload(parameters, device)),
            statistics: upload(statistics, device),
            network,
        }
    }

    /// Length of z.
    pub fn latent(&self) -> usize {
        self.network.input()[0]
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, rng: &mut Rng, n: usize) -> Vec<f32> {
        let mut z = vec![0.0; n * self.latent()];
        self.preset.draw(rng, &mut z);
        z
    }

    /// Images `[n, 28, 28]` in [-1, 1] for z, row-major `[n, latent]`.
    ///
    /// # Panics
    /// If the length of `z` is not a positive multiple of [`Self::latent`].
    pub fn images(&self, z: &[f32]) -> Vec<f32> {
        let z = latent_batch(z, self.latent(), &self.statistics.device());
        let images = self
            .network
            .forward(&self.views, &self.statistics, z, Mode::Evaluate)
            .output;
        images
            .into_data()
            .try_into_vec()
            .expect("f32 on every device")
    }
}

pub fn latent_batch(z: &[f32], latent: usize, device: &Device) -> Tensor<4> {
    assert!(
        z.len().is_multiple_of(latent) && !z.is_empty(),
        "z must be [n, {latent}]"
    );
    Tensor::from_data(
        TensorData::new(z.to_vec(), [z.len() / latent, latent, 1, 1]),
        device,
    )
}
