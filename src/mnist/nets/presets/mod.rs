//! The pairs of networks that the page and the program offer by name.

mod article;
mod ours;
mod pair;
mod paper;

pub use pair::Pair;

use serde::{Deserialize, Serialize};

use super::layer::Activation;
use crate::num::rng::Rng;

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

    /// Whether G's last bias starts at the logits of the mean image, so that G begins with it.
    pub fn starts_at_the_mean_image(self) -> bool {
        self == Self::Paper
    }

    /// `length` draws from p_z: uniform on (-1, 1) for the article, uniform with variance 1 for the paper, standard
    /// normal for ours; independent coordinates.
    pub fn noise(self, rng: &mut Rng, length: usize) -> Vec<f32> {
        let mut z = vec![0.0; length];
        match self {
            Self::Article => rng.fill_uniform(&mut z, -1.0, 1.0),
            Self::Paper => rng.fill_uniform(&mut z, -SQRT_3, SQRT_3),
            Self::Compact | Self::Tiny => rng.fill_normal(&mut z),
        }
        z
    }
}

const COMPACT: ours::Sizes =
    ours::Sizes { latent: 64, hidden_g: 256, hidden_d: 256, wide: 48, narrow: 24 };

const TINY: ours::Sizes =
    ours::Sizes { latent: 32, hidden_g: 128, hidden_d: 128, wide: 24, narrow: 12 };

/// Half the width of the uniform distribution of variance 1.
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
        let Self { activation_d: d, activation_g: g, batch_norm, .. } = self;
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
