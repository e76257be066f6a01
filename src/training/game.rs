//! The 1-D game, Algorithm 1 of Goodfellow et al. 2014, with exact figures of every moment.
//!
//! All arithmetic that training depends on is f32 or f64 `+ - * / sqrt` in a fixed order: the same settings
//! give the same bits natively and in WebAssembly.

mod exact;
mod frame;
mod lens;
mod losses;
mod optimiser;
mod play;
mod player;
mod presets;
mod settings;

pub use exact::Optimum;
pub use frame::{GameFrame, GameNumbers};
pub use losses::{Means, gradient_penalty, of_generator, on_fake, on_real};
pub use optimiser::Optimiser;
pub use play::{RunFigures, median, play};
pub use presets::{PRESETS, Preset, preset};
pub use settings::{GameLoss, GameSettings, NetSettings, OptimiserKind, SettingsError};

use crate::data::rng::Rng;
use crate::data::target::Target;
use crate::models::mlp::{Mlp, Tape};
use exact::Ascent;
use lens::Lens;
use player::Player;

/// Streams of the seed, one for each purpose.
const STREAM_D: u64 = 0;
const STREAM_G: u64 = 1;
const STREAM_DATA: u64 = 2;
const STREAM_NOISE: u64 = 3;

/// A game under way. A clone is a branch: it goes on from the same moment by itself.
#[derive(Clone, Debug)]
pub struct Game {
    settings: GameSettings,
    target: Target,
    iteration: u64,
    d_steps: u64,
    g_steps: u64,
    d: Player,
    g: Player,
    /// Moving average of the parameters of G; its parameters themselves while `ema` is 0.
    average: Vec<f32>,
    data: Rng,
    noise: Rng,
    /// D on real samples, D on generated ones, G on noise.
    real: Tape<f32>,
    fake: Tape<f32>,
    z: Tape<f32>,
    /// D's loss, V~ and G's loss in their last mini-batches; NaN before the first.
    loss_d: f64,
    v_batch: f64,
    loss_g: f64,
    lens: Lens,
    /// D on its way to the optimum, while it is.
    ascent: Option<Box<Ascent>>,
}

impl Game {
    /// A game before its first step. G starts with mean 0 and standard deviation 1 under the prior, D at 1/2
    /// give or take.
    ///
    /// # Errors
    /// When a setting is out of range.
    pub fn new(settings: GameSettings) -> Result<Self, SettingsError> {
        settings.validate()?;
        let target = settings.target()?;
        let seed = settings.seed;
        let (d, g) = (
            player::discriminator(&settings),
            player::generator(&settings),
        );
        let (batch, wd, wg) = (settings.batch, settings.d.width, settings.g.width);
        Ok(Self {
            average: g.parameters.clone(),
            d: Player::new(d),
            g: Player::new(g),
            data: Rng::stream(seed, STREAM_DATA),
            noise: Rng::stream(seed, STREAM_NOISE),
            real: Tape::new(batch, wd),
            fake: Tape::new(batch, wd),
            z: Tape::new(batch, wg),
            iteration: 0,
            d_steps: 0,
            g_steps: 0,
            loss_d: f64::NAN,
            v_batch: f64::NAN,
            loss_g: f64::NAN,
            lens: Lens::new(&settings, &target),
            ascent: None,
            target,
            settings,
        })
    }

    /// What the game is played with.
    #[must_use]
    pub fn settings(&self) -> &GameSettings {
        &self.settings
    }

    /// p_data.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Whole iterations so far.
    #[must_use]
    pub fn iteration(&self) -> u64 {
        self.iteration
    }

    /// The networks as they are, D and G.
    #[must_use]
    pub fn networks(&self) -> (&Mlp<f32>, &Mlp<f32>) {
        (&self.d.net, &self.g.net)
    }

    /// Applies settings to the running game; true when it had to start again, which it does for a new width,
    /// prior or seed. Everything else goes on from where it is; a new kind of optimiser forgets its moments.
    ///
    /// # Errors
    /// When a setting is out of range; the game is then as it was.
    pub fn configure(&mut self, settings: GameSettings) -> Result<bool, SettingsError> {
        settings.validate()?;
        let old = &self.settings;
        let key = |s: &GameSettings| (s.d.width, s.g.width, s.prior, s.seed);
        if key(old) != key(&settings) {
            *self = Self::new(settings)?;
            return Ok(true);
        }
        if (old.target, &old.drawn, old.mean, old.deviation)
            != (
                settings.target,
                &settings.drawn,
                settings.mean,
                settings.deviation,
            )
        {
            self.target = settings.target()?;
            self.lens.aim(&self.target);
            self.ascent = None;
        }
        if old.batch != settings.batch {
            self.real.resize(settings.batch, settings.d.width);
            self.fake.resize(settings.batch, settings.d.width);
            self.z.resize(settings.batch, settings.g.width);
        }
        if old.ema == 0.0 {
            self.average.clone_from(&self.g.net.parameters);
        }
        self.d.configure(&old.d, &settings.d);
        self.g.configure(&old.g, &settings.g);
        self.settings = settings;
        Ok(false)
    }

    /// Starts again with another seed.
    ///
    /// # Errors
    /// When the seed is above 2^53 - 1.
    pub fn reset(&mut self, seed: u64) -> Result<(), SettingsError> {
        *self = Self::new(GameSettings {
            seed,
            ..self.settings.clone()
        })?;
        Ok(())
    }

    /// n whole iterations: kD steps of D, then kG of G.
    pub fn step(&mut self, n: u32) {
        for _ in 0..n {
            self.step_d(self.settings.k_d);
            self.step_g(self.settings.k_g);
            self.iteration += 1;
        }
    }

    /// n steps of D, each on a new mini-batch of data and of noise; counts as no iteration.
    pub fn step_d(&mut self, n: u32) {
        let factor = self.settings.rate_factor(self.iteration);
        let loss = self.settings.loss;
        for _ in 0..n {
            self.target.fill(&mut self.data, self.real.inputs());
            self.generate();
            self.fake.x.copy_from_slice(&self.z.y);
            let net = &self.d.net;
            net.forward(&mut self.real);
            let real = on_real(loss, &mut self.real);
            net.forward(&mut self.fake);
            let fake = on_fake(loss, &mut self.fake);
            self.v_batch = real.value + fake.value;
            self.loss_d = real.loss + fake.loss;
            self.d.gradient.fill(0.0);
            if self.settings.r1 > 0.0 {
                net.tangent(&mut self.real);
                self.loss_d += gradient_penalty(self.settings.r1 as f32, &mut self.real);
                net.backward_with_slope(&mut self.real, &mut self.d.gradient);
            } else {
                net.backward(&mut self.real, &mut self.d.gradient);
            }
            net.backward(&mut self.fake, &mut self.d.gradient);
            self.d.descend(&self.settings.d, factor);
            self.d_steps += 1;
        }
    }

    /// n steps of G, each on a new mini-batch of noise; counts as no iteration.
    pub fn step_g(&mut self, n: u32) {
        let factor = self.settings.rate_factor(self.iteration);
        for _ in 0..n {
            self.generate();
            self.fake.x.copy_from_slice(&self.z.y);
            self.d.net.forward(&mut self.fake);
            self.loss_g = of_generator(self.settings.loss, &mut self.fake).loss;
            self.d.net.backward_input(&mut self.fake);
            self.z.dy.copy_from_slice(&self.fake.dx);
            self.g.gradient.fill(0.0);
            self.g.net.backward(&mut self.z, &mut self.g.gradient);
            self.g.descend(&self.settings.g, factor);
            self.follow();
            self.g_steps += 1;
        }
    }

    /// New noise through G.
    fn generate(&mut self) {
        self.settings.prior.fill(&mut self.noise, self.z.inputs());
        self.g.net.forward(&mut self.z);
    }

    /// One step of the moving average of G.
    fn follow(&mut self) {
        let keep = self.settings.ema as f32;
        for (a, &p) in self.average.iter_mut().zip(&self.g.net.parameters) {
            *a = p + keep * (*a - p);
        }
    }
}
