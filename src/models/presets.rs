//! The pairs of networks that the page and the program offer by name.

use serde::{Deserialize, Serialize};

use super::{
    init::Init,
    layer::{Activation, Layer},
    network::Network,
};

/// A pair of networks by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Preset {
    /// Ours: few parameters, sharp digits in minutes.
    Compact,
    /// Ours for phones and slow machines: first digits as soon as possible.
    Tiny,
}

impl Preset {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Compact, Self::Tiny];

    /// Its name, as in files, links and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Tiny => "tiny",
        }
    }

    /// Its networks.
    pub fn networks(self) -> Pair {
        match self {
            Self::Compact => convolutional(64, 64, 32),
            Self::Tiny => convolutional(32, 24, 12),
        }
    }
}

/// A generator and a discriminator that fit together.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Length of z.
    pub latent: usize,
    /// z `[n, latent, 1, 1]` to images `[n, 1, 28, 28]` in (-1, 1).
    pub generator: Network,
    /// Images `[n, 1, 28, 28]` to logits `[n, 1, 1, 1]`; D(x) is their logistic function.
    pub discriminator: Network,
}

impl Pair {
    /// Floating-point operations of one training step with `batch` images: one step of D on real and
    /// generated images and one of G. A multiply-add counts two; a backward pass counts the
    /// products it needs (weights, and inputs where a gradient flows on).
    pub fn flop_per_step(&self, batch: usize) -> f64 {
        let g = self.generator.multiply_adds() as f64;
        let d = self.discriminator.multiply_adds() as f64;
        let first =
            self.discriminator.layers()[0].multiplications(self.discriminator.input()) as f64;
        let d_step = g + 2.0 * (3.0 * d - first);
        let g_step = 3.0 * g + 2.0 * d;
        2.0 * batch as f64 * (d_step + g_step)
    }
}

/// Two stride-2 layers either way, between 28, 14 and 7 pixels; `wide` channels at 7, `narrow` at 14.
fn convolutional(latent: usize, wide: usize, narrow: usize) -> Pair {
    Pair {
        latent,
        generator: generator(latent, wide, narrow),
        discriminator: discriminator(wide, narrow),
    }
}

// [snippet: generator]
fn generator(latent: usize, wide: usize, narrow: usize) -> Network {
    let layers = vec![
        dense(latent, wide * 7 * 7, false, RELU),
        Layer::Reshape([wide, 7, 7]),
        Layer::BatchNorm { channels: wide },
        Layer::Activation(Activation::Relu),
        up(wide, narrow, false, RELU),
        Layer::BatchNorm { channels: narrow },
        Layer::Activation(Activation::Relu),
        up(narrow, 1, true, LINEAR),
        Layer::Activation(Activation::Tanh),
    ];
    Network::new([latent, 1, 1], layers)
}
// [/snippet]

// [snippet: discriminator]
fn discriminator(wide: usize, narrow: usize) -> Network {
    let layers = vec![
        down(1, narrow),
        Layer::Activation(Activation::LeakyRelu),
        down(narrow, wide),
        Layer::Activation(Activation::LeakyRelu),
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
