//! A discriminator alone, on the CPU, to be asked about images.

use burn::tensor::{Device, Tensor, TensorData};

use super::player::upload;
use crate::{
    data::idx::{PIXELS, SIDE},
    models::{Design, Mode, Network},
};

/// D of a weight file.
pub struct Critic {
    network: Network,
    views: Vec<Tensor<1>>,
    statistics: Tensor<1>,
}

impl Critic {
    /// Takes up flat parameters and running statistics on `device`, which must be a CPU.
    ///
    /// # Panics
    /// If they are not those of the design's discriminator.
    pub fn new(
        design: Design,
        parameters: Vec<f32>,
        statistics: Vec<f32>,
        device: &Device,
    ) -> Self {
        let network = design.networks().discriminator;
        Self {
            views: network.views(&upload(parameters, device)),
            statistics: upload(statistics, device),
            network,
        }
    }

    /// D(x) in (0, 1) for each of `images`, row-major `[n, 28, 28]` in [-1, 1].
    ///
    /// # Panics
    /// If they are not whole.
    pub fn scores(&self, images: &[f32]) -> Vec<f32> {
        assert!(images.len().is_multiple_of(PIXELS), "[n, 28, 28] expected");
        let n = images.len() / PIXELS;
        let data = TensorData::new(images.to_vec(), [n, 1, SIDE, SIDE]);
        let input = Tensor::from_data(data, &self.statistics.device());
        let logits = self
            .network
            .forward(&self.views, &self.statistics, input, Mode::Evaluate)
            .output;
        let logits: Vec<f32> = logits
            .into_data()
            .try_into_vec()
            .expect("f32 on every device");
        logits
            .into_iter()
            .map(|l| 1.0 / (1.0 + (-l).exp()))
            .collect()
    }
}
