//! A trial: digits one after another, each real or generated with equal chance, and what a D says to them.

use burn::tensor::{Device, Tensor, TensorData, activation};
use serde::Serialize;

use super::{
    player::upload,
    session::{Generator, Weights},
};
use crate::{
    data::{idx::PIXELS, rng::Rng},
    models::{Design, Mode, Network},
};

/// A discriminator alone, on the CPU.
pub struct Judge {
    network: Network,
    views: Vec<Tensor<1>>,
    statistics: Tensor<1>,
}

impl Judge {
    /// The discriminator of `weights` on `device`, which must be a CPU.
    ///
    /// # Panics
    /// If the weights are not those of the design's networks.
    pub fn new(design: Design, weights: &Weights, device: &Device) -> Self {
        let network = design.networks().discriminator;
        Self {
            views: network.views(&upload(weights.discriminator.clone(), device)),
            statistics: upload(weights.discriminator_statistics.clone(), device),
            network,
        }
    }

    /// D(x) in [0, 1] for grey bytes `[n, 28, 28]`, n at least 1.
    pub fn says(&self, images: &[u8]) -> Vec<f32> {
        let n = images.len() / PIXELS;
        let values: Vec<f32> = images.iter().map(|&b| f32::from(b) / 127.5 - 1.0).collect();
        let device = self.statistics.device();
        let input = Tensor::from_data(TensorData::new(values, [n, 1, 28, 28]), &device);
        let logits = self
            .network
            .forward(&self.views, &self.statistics, input, Mode::Evaluate)
            .output;
        activation::sigmoid(logits)
            .into_data()
            .try_into_vec()
            .expect("f32 on every device")
    }
}

/// One round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Round {
    /// Grey bytes `[n, 28, 28]`.
    pub images: Vec<u8>,
    /// Which of them are real.
    pub real: Vec<bool>,
    /// D(x) of each.
    pub says: Vec<f32>,
}

/// Draws `n` digits: for each a fair coin chooses between one of `pool`, grey bytes `[m, 28, 28]` of which none
/// comes twice, and a sample of `generator`. Both are bytes by then, so that nothing but the image tells.
/// `None` when the pool has fewer than `n`, or `n` is 0.
pub fn round(
    generator: &Generator,
    judge: &Judge,
    pool: &[u8],
    seed: u32,
    n: usize,
) -> Option<Round> {
    let mut order: Vec<usize> = (0..pool.len() / PIXELS).collect();
    if n == 0 || order.len() < n {
        return None;
    }
    let mut rng = Rng::new(u64::from(seed));
    rng.shuffle(&mut order);
    let real: Vec<bool> = (0..n).map(|_| rng.below(2) == 1).collect();
    let z = generator.noise(&mut rng, n);
    let mut images = bytes(&generator.images(&z));
    for (at, _) in real.iter().enumerate().filter(|(_, real)| **real) {
        let from = order[at] * PIXELS;
        images[at * PIXELS..][..PIXELS].copy_from_slice(&pool[from..from + PIXELS]);
    }
    let says = judge.says(&images);
    Some(Round { images, real, says })
}

/// -1 black .. 1 white to grey bytes.
fn bytes(images: &[f32]) -> Vec<u8> {
    images
        .iter()
        .map(|v| ((v + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8)
        .collect()
}
