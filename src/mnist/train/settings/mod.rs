//! What a run on MNIST is made of.

mod check;

use serde::{Deserialize, Serialize};

use super::loss::Loss;
use super::optimiser::OptimiserKind;
use crate::mnist::nets::{Activation, Design, Pair, Preset};

pub use check::SettingsError;

/// When the two players take their steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Order {
    /// D first, then G against the new D, on noise of its own (Goodfellow 2014, Algorithm 1).
    #[default]
    InTurn,
    /// Both from the same samples, each against the other as it was, as the paper's program does; of k steps of D
    /// the last.
    AtOnce,
}

/// Settings of a run; the same record on the page, in files, links and on the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Which pair of networks.
    pub preset: Preset,
    /// Real images per step of D, 1 to 512; D sees as many generated ones.
    pub batch: usize,
    /// Steps of D for each one of G, 1 to 20.
    pub k: usize,
    /// When both take their steps. Runs of older files take theirs in turn.
    #[serde(default)]
    pub order: Order,
    /// G's loss; least squares is D's too.
    pub loss: Loss,
    /// How D takes a step.
    pub optimiser_d: OptimiserKind,
    /// How G takes a step.
    pub optimiser_g: OptimiserKind,
    /// D's learning rate, above 0 and at most 1.
    pub rate_d: f32,
    /// G's learning rate, above 0 and at most 1.
    pub rate_g: f32,
    /// D's momentum, Adam's beta_1; in [0, 1), of no effect for sgd.
    pub momentum_d: f32,
    /// G's momentum, Adam's beta_1; in [0, 1), of no effect for sgd.
    pub momentum_g: f32,
    /// Of D's hidden layers; maxout in the paper's D only.
    pub activation_d: Activation,
    /// Of G's hidden layers; not maxout.
    pub activation_g: Activation,
    /// Batch normalisation in G's hidden layers.
    pub batch_norm: bool,
    /// D's target for real images is 1 minus this, in [0, 0.5].
    pub smoothing: f32,
    /// Spectral normalisation in D.
    pub spectral_norm: bool,
    /// Weight gamma of R1, (gamma/2) mean |grad_x l(x)|^2 on real images, l being D's logit; 0 is off.
    pub r1: f32,
    /// Share of the old value that the moving average of G keeps at each step, in [0, 1); 0 is off.
    pub ema: f32,
    /// Steps after which both rates have halved; 0 keeps them constant.
    pub half_life: u32,
    /// Seed of weights, noise, dropout and the order of images.
    pub seed: u32,
}

impl Settings {
    /// The recommended settings of a preset.
    ///
    /// The article averages its cross-entropy over real and generated images together, the paper's code
    /// halves their sum, and here D descends the sum: so D's rate is half of theirs, for the same update.
    pub fn of(preset: Preset) -> Self {
        let ours = Self::plain(preset);
        match preset {
            Preset::Compact => ours,
            Preset::Tiny => Self { batch: 16, ema: 0.99, ..ours },
            Preset::Article => Self {
                optimiser_d: OptimiserKind::Nesterov,
                optimiser_g: OptimiserKind::Nesterov,
                // 0.001 of the mean over both halves.
                rate_d: 5e-4,
                rate_g: 1e-3,
                momentum_d: 0.9,
                momentum_g: 0.9,
                ema: 0.0,
                ..ours
            },
            Preset::Paper => Self {
                batch: 100,
                order: Order::AtOnce,
                optimiser_d: OptimiserKind::Momentum,
                optimiser_g: OptimiserKind::Momentum,
                // 0.1 of half the sum.
                rate_d: 0.05,
                rate_g: 0.1,
                // Grows to 0.7 over 250 epochs: see `momentum_at`.
                momentum_d: 0.5,
                momentum_g: 0.5,
                ema: 0.0,
                // Divided by 1.000004 at each step: log 2 / log 1.000004.
                half_life: 173_287,
                ..ours
            },
        }
    }

    /// Adam and a moving average around a preset's own networks.
    fn plain(preset: Preset) -> Self {
        let design = Design::of(preset);
        Self {
            preset,
            batch: 32,
            k: 1,
            order: Order::InTurn,
            loss: Loss::NonSaturating,
            optimiser_d: OptimiserKind::Adam,
            optimiser_g: OptimiserKind::Adam,
            rate_d: 1e-3,
            rate_g: 4e-3,
            momentum_d: 0.5,
            momentum_g: 0.5,
            activation_d: design.activation_d,
            activation_g: design.activation_g,
            batch_norm: design.batch_norm,
            smoothing: 0.0,
            spectral_norm: design.spectral_norm,
            r1: 0.0,
            ema: 0.995,
            half_life: 0,
            seed: 1,
        }
    }

    /// What of it decides the networks.
    pub fn design(&self) -> Design {
        Design {
            preset: self.preset,
            activation_d: self.activation_d,
            activation_g: self.activation_g,
            batch_norm: self.batch_norm,
            spectral_norm: self.spectral_norm,
        }
    }

    /// The same with the networks of `design`.
    #[must_use]
    pub fn with_design(self, design: Design) -> Self {
        Self {
            preset: design.preset,
            activation_d: design.activation_d,
            activation_g: design.activation_g,
            batch_norm: design.batch_norm,
            spectral_norm: design.spectral_norm,
            ..self
        }
    }

    /// The networks.
    pub fn networks(&self) -> Pair {
        self.design().networks()
    }

    /// Floating-point operations of one training step: k of D, one of G.
    pub fn flop_per_step(&self) -> f64 {
        let pair = self.networks();
        let r1 = if self.r1 > 0.0 { pair.flop_of_r1(self.batch) } else { 0.0 };
        // At once, one pass of G serves both.
        let shared = match self.order {
            Order::InTurn => 0.0,
            Order::AtOnce => 2.0 * self.batch as f64 * pair.generator.multiply_adds() as f64,
        };
        self.k as f64 * (pair.flop_of_d(self.batch) + r1) + pair.flop_of_g(self.batch) - shared
    }

    /// Whether a run with these settings has to begin again to go on with `other`: another preset, seed,
    /// network or optimiser.
    pub fn needs_restart(&self, other: &Self) -> bool {
        let fixed = |s: &Self| (s.design(), s.seed, s.optimiser_d, s.optimiser_g);
        fixed(self) != fixed(other)
    }

    /// What both rates are multiplied by after `step` steps.
    pub fn decay_at(&self, step: u64) -> f32 {
        match self.half_life {
            0 => 1.0,
            half => (-(step as f64) / f64::from(half)).exp2() as f32,
        }
    }

    /// The `momentum` in force after so many epochs: the paper's grows linearly to 0.7 over 250 epochs
    /// (`mnist.yaml`), all others are constant.
    pub fn momentum_at(&self, momentum: f32, epoch: f64) -> f32 {
        const FINAL: f32 = 0.7;
        const EPOCHS: f64 = 250.0;
        match self.preset {
            Preset::Paper if momentum < FINAL => {
                momentum + (FINAL - momentum) * (epoch / EPOCHS).min(1.0) as f32
            }
            _ => momentum,
        }
    }
}
