//! Where the paper's G starts: with the mean image for its last bias (`init_sigmoid_bias_from_marginals` in
//! `mnist.yaml` of goodfeli/adversarial), so that its first samples are dark where digits never are.

use crate::{
    data::mnist::Mnist,
    models::Network,
    training::player::{Player, upload},
};

/// Probabilities are kept this far from 0 and 1, whose logits are infinite.
const MARGIN: f64 = 1e-7;

/// Adds the logits of the mean image of `data` to the last parameter of `player`, a bias `[784]`.
pub fn start_at_mean_image(player: &mut Player, data: &Mnist) {
    let logits = logits(&mean_image(data));
    let flat = last_block(&player.network, player.parameters.dims()[0], &logits);
    let device = player.parameters.device();
    player.parameters = player.parameters.clone() + upload(flat, &device);
}

fn last_block(network: &Network, length: usize, values: &[f32]) -> Vec<f32> {
    let mut flat = vec![0.0; length];
    if let Some(bias) = network.parameters().last() {
        flat[bias.offset..bias.offset + bias.len()].copy_from_slice(values);
    }
    flat
}

/// In [0, 1], `[784]`.
fn mean_image(data: &Mnist) -> Vec<f64> {
    let mut sums = vec![0u64; 28 * 28];
    for image in data.images.chunks_exact(sums.len()) {
        for (sum, &value) in sums.iter_mut().zip(image) {
            *sum += u64::from(value);
        }
    }
    let most = 255.0 * data.len() as f64;
    sums.into_iter().map(|sum| sum as f64 / most).collect()
}

fn logits(probabilities: &[f64]) -> Vec<f32> {
    let each = probabilities.iter().map(|p| p.clamp(MARGIN, 1.0 - MARGIN));
    each.map(|p| (p / (1.0 - p)).ln() as f32).collect()
}
