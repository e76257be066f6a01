//! A game at one moment, and its steps.

use super::data::Data;
use super::losses::{gradient_penalty, of_generator, on_fake, on_real};
use super::mlp::{Mlp, Tape};
use super::optimiser::Optimiser;
use super::player::{self, Player};
use super::settings::{GameSettings, SettingsError};
use crate::num::rng::Rng;

/// Streams of the seed; those of the networks are in [`player`].
const STREAM_DATA: u64 = 2;
const STREAM_NOISE: u64 = 3;

/// All that decides how a game goes on: about 10 kB, so that hundreds of moments can be kept.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub settings: GameSettings,
    pub target: Data,
    pub iteration: u64,
    pub d_steps: u64,
    pub g_steps: u64,
    pub d: Player,
    pub g: Player,
    /// Moving average of the parameters of G; its parameters themselves while `ema` is 0.
    average: Vec<f32>,
    data: Rng,
    noise: Rng,
    /// D's loss, V~ and G's loss in their last mini-batches; NaN before the first.
    pub loss_d: f64,
    pub v_batch: f64,
    pub loss_g: f64,
    /// D on its way to its optimum, while it is.
    pub ascent: Option<Ascent>,
}

/// How far the maximisation of V(D, G) over D has come for one G.
#[derive(Clone, Debug)]
pub(super) struct Ascent {
    /// Steps of G when it began; G having moved since makes it void.
    pub g_steps: u64,
    pub steps: u64,
    pub optimiser: Optimiser,
}

/// Buffers of mini-batches: D on real samples, D on generated ones, G on noise.
#[derive(Debug)]
pub(super) struct Batch {
    real: Tape<f32>,
    fake: Tape<f32>,
    z: Tape<f32>,
}

impl Batch {
    pub(super) fn new(settings: &GameSettings) -> Self {
        let n = settings.batch;
        let of_d = || Tape::new(n, settings.shape_of_d());
        Self { real: of_d(), fake: of_d(), z: Tape::new(n, settings.shape_of_g()) }
    }
}

impl State {
    pub(super) fn new(settings: GameSettings) -> Result<Self, SettingsError> {
        settings.validate()?;
        let target = settings.data()?;
        let seed = settings.seed;
        let (d, g) = (player::discriminator(&settings), player::generator(&settings));
        Ok(Self {
            average: g.parameters.clone(),
            d: Player::new(d),
            g: Player::new(g),
            data: Rng::stream(seed, STREAM_DATA),
            noise: Rng::stream(seed, STREAM_NOISE),
            iteration: 0,
            d_steps: 0,
            g_steps: 0,
            loss_d: f64::NAN,
            v_batch: f64::NAN,
            loss_g: f64::NAN,
            ascent: None,
            target,
            settings,
        })
    }

    /// Goes on with settings that need no restart.
    pub(super) fn configure(&mut self, settings: GameSettings) -> Result<(), SettingsError> {
        let target = settings.data()?;
        if target != self.target {
            self.target = target;
            self.ascent = None;
        }
        let old = &self.settings;
        if old.ema == 0.0 {
            self.average.clone_from(&self.g.net.parameters);
        }
        self.d.configure(&old.d, &settings.d);
        self.g.configure(&old.g, &settings.g);
        self.settings = settings;
        Ok(())
    }

    /// G as it is, or its moving average where there is one.
    pub(super) fn shown(&self, average: bool) -> Mlp<f32> {
        let mut g = self.g.net.clone();
        if average && self.settings.ema > 0.0 {
            g.parameters.clone_from(&self.average);
        }
        g
    }

    /// n steps of D, each on a new mini-batch of data and of noise; counts as no iteration.
    pub(super) fn step_d(&mut self, batch: &mut Batch, n: u32) {
        let factor = self.settings.rate_factor(self.iteration);
        let loss = self.settings.loss;
        for _ in 0..n {
            self.target.fill(&mut self.data, &mut batch.real);
            self.generate(&mut batch.z);
            batch.fake.x.copy_from_slice(&batch.z.y);
            let net = &self.d.net;
            net.forward(&mut batch.real);
            let real = on_real(loss, &mut batch.real);
            net.forward(&mut batch.fake);
            let fake = on_fake(loss, &mut batch.fake);
            self.v_batch = real.value + fake.value;
            self.loss_d = real.loss + fake.loss;
            self.d.gradient.fill(0.0);
            if self.settings.r1 > 0.0 {
                net.tangent(&mut batch.real);
                self.loss_d += gradient_penalty(self.settings.r1 as f32, &mut batch.real);
                net.backward_with_slope(&mut batch.real, &mut self.d.gradient);
            } else {
                net.backward(&mut batch.real, &mut self.d.gradient);
            }
            net.backward(&mut batch.fake, &mut self.d.gradient);
            self.d.descend(&self.settings.d, factor);
            self.d_steps += 1;
        }
    }

    /// n steps of G, each on a new mini-batch of noise; counts as no iteration.
    pub(super) fn step_g(&mut self, batch: &mut Batch, n: u32) {
        let factor = self.settings.rate_factor(self.iteration);
        for _ in 0..n {
            self.generate(&mut batch.z);
            batch.fake.x.copy_from_slice(&batch.z.y);
            self.d.net.forward(&mut batch.fake);
            self.loss_g = of_generator(self.settings.loss, &mut batch.fake).loss;
            self.d.net.backward_input(&mut batch.fake);
            batch.z.dy.copy_from_slice(&batch.fake.dx);
            self.g.gradient.fill(0.0);
            self.g.net.backward(&mut batch.z, &mut self.g.gradient);
            self.g.descend(&self.settings.g, factor);
            self.update_average();
            self.g_steps += 1;
        }
    }

    /// New noise through G.
    fn generate(&mut self, z: &mut Tape<f32>) {
        noise(&self.settings, &mut self.noise, z);
        self.g.net.forward(z);
    }

    /// One step of the moving average of G.
    fn update_average(&mut self) {
        let keep = self.settings.ema as f32;
        for (a, &p) in self.average.iter_mut().zip(&self.g.net.parameters) {
            *a = p + keep * (*a - p);
        }
    }
}

/// New noise into the inputs of G.
pub(super) fn noise(settings: &GameSettings, rng: &mut Rng, z: &mut Tape<f32>) {
    let prior = settings.prior;
    if settings.shape_of_g().inputs == 1 {
        prior.fill(rng, z.inputs());
    } else {
        z.fill_pairs(|| [0; 2].map(|_| prior.sample(rng) as f32));
    }
}
