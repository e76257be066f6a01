//! Settings of a run on the command line: each that is left out is the preset's.

use clap::Args;
use saddle::mnist::nets::{Activation, Preset};
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::OptimiserKind;
use saddle::mnist::train::{Order, Settings};

#[derive(Args)]
#[command(next_help_heading = "Settings, each the preset's when left out")]
pub(super) struct Options {
    /// Real images per step of D, 1 to 512
    #[arg(long)]
    batch: Option<usize>,
    /// Steps of D for each one of G, 1 to 20
    #[arg(long)]
    k: Option<usize>,
    /// Whether both players step in turn, or at once from the same samples
    #[arg(long, value_enum)]
    order: Option<Order>,
    /// G's loss; least-squares is D's too
    #[arg(long, value_enum)]
    loss: Option<Loss>,
    /// How D takes a step
    #[arg(long, value_enum)]
    optimiser_d: Option<OptimiserKind>,
    /// How G takes a step
    #[arg(long, value_enum)]
    optimiser_g: Option<OptimiserKind>,
    /// D's learning rate, above 0 and at most 1
    #[arg(long)]
    rate_d: Option<f32>,
    /// G's learning rate, above 0 and at most 1
    #[arg(long)]
    rate_g: Option<f32>,
    /// D's momentum, Adam's beta_1; 0 up to 1
    #[arg(long)]
    momentum_d: Option<f32>,
    /// G's momentum, Adam's beta_1; 0 up to 1
    #[arg(long)]
    momentum_g: Option<f32>,
    /// Of D's hidden layers; maxout in the paper's D only
    #[arg(long, value_enum)]
    activation_d: Option<Activation>,
    /// Of G's hidden layers; not maxout
    #[arg(long, value_enum)]
    activation_g: Option<Activation>,
    /// Batch normalisation in G
    #[arg(long, value_name = "true|false")]
    batch_norm: Option<bool>,
    /// One-sided label smoothing: D's target for real images is 1 minus this, 0 to 0.5
    #[arg(long)]
    smoothing: Option<f32>,
    /// Spectral normalisation in D
    #[arg(long, value_name = "true|false")]
    spectral_norm: Option<bool>,
    /// Weight gamma of R1 on D's logit, 0 for none
    #[arg(long)]
    r1: Option<f32>,
    /// Decay of the moving average of G, 0 for none
    #[arg(long)]
    ema: Option<f32>,
    /// Steps after which both rates have halved, 0 for constant ones
    #[arg(long)]
    half_life: Option<u32>,
    /// Seed of weights, noise, dropout and the order of images
    #[arg(long)]
    seed: Option<u32>,
}

impl Options {
    /// The preset's settings with what was given in their place.
    pub(super) fn of(&self, preset: Preset) -> Settings {
        let usual = Settings::of(preset);
        Settings {
            preset,
            batch: self.batch.unwrap_or(usual.batch),
            k: self.k.unwrap_or(usual.k),
            order: self.order.unwrap_or(usual.order),
            loss: self.loss.unwrap_or(usual.loss),
            optimiser_d: self.optimiser_d.unwrap_or(usual.optimiser_d),
            optimiser_g: self.optimiser_g.unwrap_or(usual.optimiser_g),
            rate_d: self.rate_d.unwrap_or(usual.rate_d),
            rate_g: self.rate_g.unwrap_or(usual.rate_g),
            momentum_d: self.momentum_d.unwrap_or(usual.momentum_d),
            momentum_g: self.momentum_g.unwrap_or(usual.momentum_g),
            activation_d: self.activation_d.unwrap_or(usual.activation_d),
            activation_g: self.activation_g.unwrap_or(usual.activation_g),
            batch_norm: self.batch_norm.unwrap_or(usual.batch_norm),
            smoothing: self.smoothing.unwrap_or(usual.smoothing),
            spectral_norm: self.spectral_norm.unwrap_or(usual.spectral_norm),
            r1: self.r1.unwrap_or(usual.r1),
            ema: self.ema.unwrap_or(usual.ema),
            half_life: self.half_life.unwrap_or(usual.half_life),
            seed: self.seed.unwrap_or(usual.seed),
        }
    }
}
