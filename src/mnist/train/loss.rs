//! The two players' losses, on D's logits. D(x) = sigmoid(logit); logarithms are natural.
//!
//! Cross-entropies are written with `log sigmoid(l)` and `log(1 - sigmoid(l)) = log sigmoid(-l)`, so that
//! a confident D costs no precision.

use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};
use serde::{Deserialize, Serialize};

use crate::mnist::kernels::logit_loss;

/// What the players descend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Loss {
    /// G descends mean log(1 - D(G(z))), nats.
    Minimax,
    /// G descends -mean log D(G(z)), nats (Goodfellow 2014, section 3).
    NonSaturating,
    /// Both descend half the mean square of D minus its target (Mao et al. 2017, with a sigmoid on D as
    /// in the 1-D game).
    LeastSquares,
}

// [snippet: value-function]
/// The mini-batch estimate of the value function,
/// V~ = mean log D(x) + mean log(1 - D(G(z))), in nats; D ascends it (Goodfellow 2014, Algorithm 1).
///
/// `real` and `fake` are logits of any shape.
pub fn value(real: Tensor<4>, fake: Tensor<4>) -> Tensor<1> {
    log_sigmoid(real).mean() + log_sigmoid(-fake).mean()
}
// [/snippet]

impl Loss {
    /// D's loss, the sum of its two halves. The target on real images is `1 - smoothing`, on generated
    /// ones 0 (one-sided: Salimans et al. 2016, section 3.4). Without smoothing a cross-entropy is -V~.
    pub fn discriminator(self, real: Tensor<4>, fake: Tensor<4>, smoothing: f32) -> Tensor<1> {
        match self {
            // (1 - s) log sigmoid(l) + s log sigmoid(-l) = log sigmoid(l) - s l
            Self::Minimax | Self::NonSaturating if smoothing > 0.0 => {
                real.clone().mean() * smoothing - value(real, fake)
            }
            Self::Minimax | Self::NonSaturating => -value(real, fake),
            Self::LeastSquares => squares(real, 1.0 - smoothing) + squares(fake, 0.0),
        }
    }

    /// [`Self::discriminator`] by all logits, so many real ones first.
    pub(super) fn on_both(self, logits: &Tensor<4>, real: usize, smoothing: f32) -> Tensor<1> {
        let terms = match self {
            Self::Minimax | Self::NonSaturating => {
                [[1.0 - smoothing, smoothing, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
            }
            Self::LeastSquares => [[0.0, 0.0, 1.0, 1.0 - smoothing], [0.0, 0.0, 1.0, 0.0]],
        };
        logit_loss(logits, real, terms).unwrap_or_else(|| {
            let half = |from| logits.clone().narrow(0, from, real);
            self.discriminator(half(0), half(real), smoothing)
        })
    }

    /// G's loss.
    pub fn generator(self, fake: Tensor<4>) -> Tensor<1> {
        let terms = match self {
            Self::Minimax => [0.0, -1.0, 0.0, 0.0],
            Self::NonSaturating => [1.0, 0.0, 0.0, 0.0],
            Self::LeastSquares => [0.0, 0.0, 1.0, 1.0],
        };
        if let Some(loss) = logit_loss(&fake, 0, [terms; 2]) {
            return loss;
        }
        match self {
            Self::Minimax => log_sigmoid(-fake).mean(),
            Self::NonSaturating => -log_sigmoid(fake).mean(),
            Self::LeastSquares => squares(fake, 1.0),
        }
    }

    /// [`Self::discriminator`] from logits on the host.
    pub fn of_discriminator(self, real: &[f32], fake: &[f32], smoothing: f32) -> f32 {
        match self {
            Self::Minimax | Self::NonSaturating => {
                mean(real, |l| softplus(-l) + smoothing * l) + mean(fake, softplus)
            }
            Self::LeastSquares => {
                mean(real, |l| square(l, 1.0 - smoothing)) + mean(fake, |l| square(l, 0.0))
            }
        }
    }

    /// [`Self::generator`] from logits on the host.
    pub fn of_generator(self, fake: &[f32]) -> f32 {
        match self {
            Self::Minimax => -mean(fake, softplus),
            Self::NonSaturating => mean(fake, |l| softplus(-l)),
            Self::LeastSquares => mean(fake, |l| square(l, 1.0)),
        }
    }
}

fn squares(logits: Tensor<4>, target: f32) -> Tensor<1> {
    let away = sigmoid(logits) + -target;
    (away.clone() * away).mean() * 0.5
}

fn square(logit: f32, target: f32) -> f32 {
    0.5 * (probability(logit) - target).powi(2)
}

/// Mean of `f` over `values`.
pub fn mean(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    values.iter().map(|&v| f(v)).sum::<f32>() / values.len() as f32
}

/// D(x) of a logit, in [0, 1].
pub fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// log(1 + e^x)
fn softplus(x: f32) -> f32 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
