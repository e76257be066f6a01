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
    use Activation::{LeakyRelu, Relu, Tanh};
    use Layer::{Activation as Act, BatchNorm, Conv, ConvTranspose, Dense, Reshape};
    // Kernel 4 with stride 2 covers each pixel equally often: no checkerboard from uneven overlap.
    let (kernel, stride, padding) = (4, 2, 1);
    let plane = wide * 7 * 7;
    let he = |fan_in: usize| Init::Normal((2.0 / fan_in as f32).sqrt());
    let generator = Network::new(
        [latent, 1, 1],
        vec![
            Dense {
                inputs: latent,
                outputs: plane,
                bias: false,
                init: he(latent),
            },
            Reshape([wide, 7, 7]),
            BatchNorm { channels: wide },
            Act(Relu),
            // Each output pixel of a stride-2 kernel of side 4 hears 2 x 2 input pixels.
            ConvTranspose {
                inputs: wide,
                outputs: narrow,
                kernel,
                stride,
                padding,
                bias: false,
                init: he(4 * wide),
            },
            BatchNorm { channels: narrow },
            Act(Relu),
            ConvTranspose {
                inputs: narrow,
                outputs: 1,
                kernel,
                stride,
                padding,
                bias: true,
                init: Init::Normal((1.0 / (4 * narrow) as f32).sqrt()),
            },
            Act(Tanh),
        ],
    );
    let discriminator = Network::new(
        [1, 28, 28],
        vec![
            Conv {
                inputs: 1,
                outputs: narrow,
                kernel,
                stride,
                padding,
                bias: true,
                init: he(16),
            },
            Act(LeakyRelu),
            Conv {
                inputs: narrow,
                outputs: wide,
                kernel,
                stride,
                padding,
                bias: true,
                init: he(16 * narrow),
            },
            Act(LeakyRelu),
            Dense {
                inputs: plane,
                outputs: 1,
                bias: true,
                init: Init::Normal((1.0 / plane as f32).sqrt()),
            },
        ],
    );
    Pair {
        latent,
        generator,
        discriminator,
    }
}
