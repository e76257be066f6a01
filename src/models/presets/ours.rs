//! Our own convolutional pairs: two layers of stride 2 either way, between 28, 14 and 7 pixels.

use super::Pair;
use crate::models::{
    init::Init,
    layer::{Activation, Layer},
    network::Network,
};

/// `widths`: channels at 7 and at 14 pixels.
pub fn pair(
    latent: usize,
    widths: [usize; 2],
    activation_d: Activation,
    activation_g: Activation,
    batch_norm: bool,
) -> Pair {
    Pair {
        latent,
        generator: generator(latent, widths, activation_g, batch_norm),
        discriminator: discriminator(widths, activation_d),
    }
}

// [snippet: generator]
fn generator(latent: usize, [wide, narrow]: [usize; 2], by: Activation, norm: bool) -> Network {
    let mut layers = vec![
        dense(latent, wide * 7 * 7, !norm, RELU),
        Layer::Reshape([wide, 7, 7]),
    ];
    layers.extend(norm.then_some(Layer::BatchNorm { channels: wide }));
    layers.push(Layer::Activation(by));
    layers.push(up(wide, narrow, !norm, RELU));
    layers.extend(norm.then_some(Layer::BatchNorm { channels: narrow }));
    layers.push(Layer::Activation(by));
    layers.push(up(narrow, 1, true, LINEAR));
    layers.push(Layer::Activation(Activation::Tanh));
    Network::new([latent, 1, 1], layers)
}
// [/snippet]

// [snippet: discriminator]
fn discriminator([wide, narrow]: [usize; 2], by: Activation) -> Network {
    let layers = vec![
        down(1, narrow),
        Layer::Activation(by),
        down(narrow, wide),
        Layer::Activation(by),
        dense(wide * 7 * 7, 1, true, LINEAR),
    ];
    Network::new([1, 28, 28], layers)
}
// [/snippet]

/// Variance that keeps the scale of a signal, times the number of inputs: before a relu, which halves
/// it (He et al. 2015), and elsewhere.
const RELU: f32 = 2.0;
const LINEAR: f32 = 1.0;

/// Side, step and padding of every kernel. Side 4 with step 2 covers each pixel equally often: no
/// checkerboard from uneven overlap.
const KERNEL: (usize, usize, usize) = (4, 2, 1);

fn scaled(gain: f32, inputs: usize) -> Init {
    Init::Normal((gain / inputs as f32).sqrt())
}

fn dense(inputs: usize, outputs: usize, bias: bool, gain: f32) -> Layer {
    let init = scaled(gain, inputs);
    Layer::Dense {
        inputs,
        outputs,
        bias,
        init,
    }
}

/// Halves height and width.
fn down(inputs: usize, outputs: usize) -> Layer {
    let (kernel, stride, padding) = KERNEL;
    Layer::Conv {
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        bias: true,
        init: scaled(RELU, kernel * kernel * inputs),
    }
}

/// Doubles height and width; each output pixel hears 2 x 2 input pixels.
fn up(inputs: usize, outputs: usize, bias: bool, gain: f32) -> Layer {
    let (kernel, stride, padding) = KERNEL;
    Layer::ConvTranspose {
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        bias,
        init: scaled(gain, 4 * inputs),
    }
}
