//! The pairs of networks that the page and the program offer by name.

mod article;
mod ours;
mod paper;

use serde::{Deserialize, Serialize};

use super::{
    init::Init,
    layer::{Activation, Layer},
    network::Network,
};
use crate::data::rng::Rng;

/// A pair of networks by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Preset {
    /// Ours: few parameters, sharp digits in minutes.
    Compact,
    /// Ours for phones and slow machines: first digits as soon as possible.
    Tiny,
    /// The Keras networks of the article.
    Article,
    /// The networks of Goodfellow 2014 on MNIST.
    Paper,
}

impl Preset {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Compact, Self::Tiny, Self::Article, Self::Paper];

    /// Its name, as in files, links and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Tiny => "tiny",
            Self::Article => "article",
            Self::Paper => "paper",
        }
    }

    /// Its networks as they are recommended.
    pub fn networks(self) -> Pair {
        Design::of(self).networks()
    }

    /// Draws z from p_z: uniform on (-1, 1) for the article, uniform with variance 1 for the paper,
    /// standard normal for ours; independent coordinates.
    pub fn draw(self, rng: &mut Rng, z: &mut [f32]) {
        match self {
            Self::Article => rng.fill_uniform(z, -1.0, 1.0),
            Self::Paper => rng.fill_uniform(z, -SQRT_3, SQRT_3),
            Self::Compact | Self::Tiny => rng.fill_normal(z),
        }
    }
}

const COMPACT: ours::Sizes = ours::Sizes {
    latent: 64,
    hidden_g: 256,
    hidden_d: 256,
    wide: 48,
    narrow: 24,
};

const TINY: ours::Sizes = ours::Sizes {
    latent: 32,
    hidden_g: 128,
    hidden_d: 128,
    wide: 24,
    narrow: 12,
};

const SQRT_3: f32 = 1.732_050_8;

/// All that the shape of a pair of networks depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// Which pair.
    pub preset: Preset,
    /// Of D's hidden layers.
    pub activation_d: Activation,
    /// Of G's hidden layers.
    pub activation_g: Activation,
    /// Whether G's hidden layers are normalised over the batch; in the article's G it is the one before
    /// the image.
    pub batch_norm: bool,
    /// Whether D's weights are divided by their spectral norm.
    pub spectral_norm: bool,
}

impl Design {
    /// What is recommended.
    pub fn of(preset: Preset) -> Self {
        let (activation_d, activation_g) = match preset {
            Preset::Compact | Preset::Tiny => (Activation::LeakyRelu, Activation::Relu),
            Preset::Article => (Activation::Tanh, Activation::Tanh),
            Preset::Paper => (Activation::Maxout, Activation::Relu),
        };
        Self {
            preset,
            activation_d,
            activation_g,
            batch_norm: preset != Preset::Paper,
            spectral_norm: false,
        }
    }

    /// The networks.
    pub fn networks(self) -> Pair {
        let Self {
            activation_d: d,
            activation_g: g,
            batch_norm,
            ..
        } = self;
        let mut pair = match self.preset {
            Preset::Compact => ours::pair(&COMPACT, d, g, batch_norm),
            Preset::Tiny => ours::pair(&TINY, d, g, batch_norm),
            Preset::Article => article::pair(d, g, batch_norm),
            Preset::Paper => paper::pair(d, g, batch_norm),
        };
        if self.spectral_norm {
            pair.discriminator = pair.discriminator.spectral();
        }
        pair
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
        self.flop_of_d(batch) + self.flop_of_g(batch)
    }

    /// Those of one step of D.
    pub fn flop_of_d(&self, batch: usize) -> f64 {
        let g = self.generator.multiply_adds();
        2.0 * batch as f64 * (g as f64 + 2.0 * self.learning())
    }

    /// Those of one step of G.
    pub fn flop_of_g(&self, batch: usize) -> f64 {
        let (g, d) = (&self.generator, &self.discriminator);
        2.0 * batch as f64 * (3.0 * g.multiply_adds() as f64 + 2.0 * d.multiply_adds() as f64)
    }

    /// What R1 adds to one step of D: there and back to the images, then two passes that learn.
    pub fn flop_of_r1(&self, batch: usize) -> f64 {
        let d = self.discriminator.multiply_adds() as f64;
        2.0 * batch as f64 * (2.0 * d + 2.0 * self.learning())
    }

    /// Multiply-adds of D for one image, forwards and back to the weights.
    fn learning(&self) -> f64 {
        let d = &self.discriminator;
        let first = (d.multiplications().into_iter()).find(|&count| count > 0);
        (3 * d.multiply_adds() - first.unwrap_or(0)) as f64
    }
}

/// A hidden dense layer of `units` units and what follows it.
fn hidden(inputs: usize, units: usize, init: Init, norm: bool, by: Activation) -> Vec<Layer> {
    let outputs = units * by.pieces();
    let mut layers = vec![Layer::Dense {
        inputs,
        outputs,
        // Batch normalisation takes the mean out again.
        bias: !norm,
        init,
    }];
    layers.extend(norm.then_some(Layer::BatchNorm { channels: outputs }));
    layers.push(Layer::Activation(by));
    layers
}
