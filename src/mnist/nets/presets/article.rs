//! The article's networks, layer for layer: `Keras_GAN.ipynb` of jiqizhixin/ML-Tutorial-Experiment, after
//! `dcgan.py` of jacobgil/keras-dcgan.
//!
//! Initial weights are Keras's (Glorot and Bengio 2010, uniform). Batch normalisation adds 1e-5 to the
//! variance and keeps 0.9 of its running statistics, as everywhere here; Keras has 1e-3 and 0.99.

use super::pair::{Pair, hidden};
use crate::mnist::nets::layer::{Activation, Convolution, Init, Layer};
use crate::mnist::nets::network::Network;

const LATENT: usize = 100;
const HIDDEN: usize = 1024;

pub(super) fn pair(activation_d: Activation, activation_g: Activation, batch_norm: bool) -> Pair {
    Pair {
        latent: LATENT,
        generator: generator(activation_g, batch_norm),
        discriminator: discriminator(activation_d),
    }
}

/// Another activation takes the place of every tanh, that of the image too, as where the article tried relu.
/// 6.76 million numbers, those of batch normalisation's running statistics included.
fn generator(by: Activation, batch_norm: bool) -> Network {
    let image = 128 * 7 * 7;
    let mut layers = hidden(LATENT, HIDDEN, glorot(LATENT, HIDDEN), false, by);
    layers.push(dense(HIDDEN, image));
    layers.extend(batch_norm.then_some(Layer::BatchNorm { channels: image }));
    layers.extend([
        Layer::Activation(by),
        Layer::Reshape([128, 7, 7]),
        Layer::Upsample,
        conv(128, 64, 2),
        Layer::Activation(by),
        Layer::Upsample,
        conv(64, 1, 2),
        Layer::Activation(by),
    ]);
    Network::new([LATENT, 1, 1], layers)
}

/// 3.49 million parameters.
fn discriminator(by: Activation) -> Network {
    // The article pools after the activation. All of them grow with x, so the largest of four is the same
    // either way, and so is its gradient: this order takes a quarter of the tanh.
    let mut layers = vec![
        conv(1, 64, 2),
        Layer::MaxPool,
        Layer::Activation(by),
        conv(64, 128, 0),
        Layer::MaxPool,
        Layer::Activation(by),
    ];
    let pooled = 128 * 5 * 5;
    layers.extend(hidden(pooled, HIDDEN, glorot(pooled, HIDDEN), false, by));
    layers.push(dense(HIDDEN, 1));
    Network::new([1, 28, 28], layers)
}

fn glorot(inputs: usize, outputs: usize) -> Init {
    Init::Uniform((6.0 / (inputs + outputs) as f32).sqrt())
}

fn dense(inputs: usize, outputs: usize) -> Layer {
    Layer::Dense { inputs, outputs, bias: true, init: glorot(inputs, outputs) }
}

fn conv(inputs: usize, outputs: usize, padding: usize) -> Layer {
    const KERNEL: usize = 5;
    Layer::Conv(Convolution {
        inputs,
        outputs,
        kernel: KERNEL,
        stride: 1,
        padding,
        bias: true,
        init: glorot(inputs * KERNEL * KERNEL, outputs * KERNEL * KERNEL),
    })
}
