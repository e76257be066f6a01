//! The digit classifier: what judges samples. Its probabilities make the class histogram and the MNIST
//! score; its last hidden layer makes the features of the Fréchet distance, KID, precision and recall.
//!
//! 64,666 parameters, 130 kB as half precision; 0.96 M multiply-adds per image.

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    init::Init,
    layer::{Activation, Layer, Shape3},
    network::{Mode, Network},
};

/// Width of the last hidden layer.
pub const FEATURES: usize = 48;
/// Digits 0 to 9.
pub const CLASSES: usize = 10;

const INPUT: Shape3 = [1, 28, 28];
const PIXELS: usize = 784;
/// Images judged together.
const TOGETHER: usize = 250;

/// Flat weights, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// In the order of [`network`]'s parameters.
    pub parameters: Vec<f32>,
    /// Running statistics of batch normalisation.
    pub statistics: Vec<f32>,
}

/// Images `[n, 1, 28, 28]` in [-1, 1] to logits `[n, 10, 1, 1]`.
pub fn network() -> Network {
    let layers = body().into_iter().chain([head()]).collect();
    Network::new(INPUT, layers)
}

/// Up to the features: three convolutions of stride 2 (14, 7 and 4 pixels), then 768 to 48.
fn body() -> Vec<Layer> {
    let mut layers = Vec::new();
    for (inputs, outputs, kernel) in [(1, 16, 5), (16, 32, 5), (32, 48, 3)] {
        let init = he(inputs * kernel * kernel);
        // No bias: batch normalisation takes the mean out again.
        layers.push(Layer::Conv {
            inputs,
            outputs,
            kernel,
            stride: 2,
            padding: kernel / 2,
            bias: false,
            init,
        });
        layers.push(Layer::BatchNorm { channels: outputs });
        layers.push(Layer::Activation(Activation::Relu));
    }
    let inputs = 48 * 4 * 4;
    layers.push(Layer::Dense {
        inputs,
        outputs: FEATURES,
        bias: false,
        init: he(inputs),
    });
    layers.push(Layer::BatchNorm { channels: FEATURES });
    layers.push(Layer::Activation(Activation::Relu));
    layers
}

fn head() -> Layer {
    let init = Init::Normal((1.0 / FEATURES as f32).sqrt());
    Layer::Dense {
        inputs: FEATURES,
        outputs: CLASSES,
        bias: true,
        init,
    }
}

/// He et al. 2015 (arXiv:1502.01852): keeps the variance through a relu.
fn he(fan_in: usize) -> Init {
    Init::Normal((2.0 / fan_in as f32).sqrt())
}

/// What it says of n images.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Judgement {
    /// Row-major `[n, 10]`, each row summing to 1.
    pub probabilities: Vec<f32>,
    /// Row-major `[n, 48]`, at least 0.
    pub features: Vec<f32>,
}

/// A trained classifier on the CPU.
pub struct Classifier {
    body: Network,
    head: Network,
    views: Vec<Tensor<1>>,
    statistics: Tensor<1>,
}

impl Classifier {
    /// Takes up `weights` on `device`, which must be a CPU.
    ///
    /// # Panics
    /// If the weights are not those of [`network`].
    pub fn new(weights: &Weights, device: &Device) -> Self {
        let upload = |values: &Vec<f32>| -> Tensor<1> {
            Tensor::from_data(TensorData::new(values.clone(), [values.len()]), device)
        };
        Self {
            body: Network::new(INPUT, body()),
            head: Network::new([FEATURES, 1, 1], vec![head()]),
            views: network().views(&upload(&weights.parameters)),
            statistics: upload(&weights.statistics),
        }
    }

    /// Judges `images`, row-major `[n, 28, 28]` in [-1, 1].
    ///
    /// # Panics
    /// If they are not whole.
    pub fn judge(&self, images: &[f32]) -> Judgement {
        assert!(images.len().is_multiple_of(PIXELS), "[n, 28, 28] expected");
        let mut judgement = Judgement::default();
        for part in images.chunks(TOGETHER * PIXELS) {
            let n = part.len() / PIXELS;
            let device = self.statistics.device();
            let input: Tensor<4> =
                Tensor::from_data(TensorData::new(part.to_vec(), [n, 1, 28, 28]), &device);
            // The body's blocks come first in the flat vectors of the whole network.
            let (body, head) = self.views.split_at(self.body.parameters().len());
            let features = self
                .body
                .forward(body, &self.statistics, input, Mode::Evaluate)
                .output;
            let logits = self
                .head
                .forward(head, &self.statistics, features.clone(), Mode::Evaluate)
                .output;
            judgement.features.extend(numbers(features));
            judgement.probabilities.extend(softmax(numbers(logits)));
        }
        judgement
    }
}

/// Of each row of `[n, 10]`, here and not on the device: one kernel less in the page's module.
fn softmax(mut logits: Vec<f32>) -> Vec<f32> {
    for row in logits.chunks_exact_mut(CLASSES) {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter_mut().for_each(|v| *v = (*v - most).exp());
        let sum: f32 = row.iter().sum();
        row.iter_mut().for_each(|v| *v /= sum);
    }
    logits
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .into_data()
        .try_into_vec()
        .expect("f32 on every device")
}
