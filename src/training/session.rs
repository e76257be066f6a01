//! A run on MNIST: one D step and one G step at a time, on any device.
//!
//! [`Session::step`] only enqueues work and reads nothing back; [`Session::statistics`] is the one
//! place that waits for the device. All random draws are made on the host from the seed, so that a
//! CPU and a GPU see the same noise and the same images; on the CPU the same seed gives the same
//! numbers, bit for bit.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use serde::Serialize;

use super::{
    loss,
    optimiser::Adam,
    player::{Player, upload},
    settings::{Settings, SettingsError},
};
use crate::{
    data::{
        mnist::{Batches, Mnist},
        rng::Rng,
    },
    models::{Mode, Network, Preset},
};

/// Independent streams of one seed.
mod stream {
    pub const WEIGHTS: u64 = 1;
    pub const NOISE: u64 = 2;
}

/// Why a run cannot start.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StartError {
    /// A setting out of its range.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A batch larger than the data.
    #[error("a batch of {batch} cannot be drawn from {images} images: choose a smaller batch")]
    Batch {
        /// Images per step.
        batch: usize,
        /// Images there are.
        images: usize,
    },
}

/// A device failed while it was read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the device stopped answering: {0}. Start training again from the last saved weights")]
pub struct DeviceError(String);

/// What the last step saw; means over its batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Steps taken.
    pub step: u64,
    /// Real images that D has seen.
    pub images_seen: u64,
    /// Passes over the training set.
    pub epoch: f64,
    /// D's loss, -V~, nats; 2 log 2 when D says 1/2 everywhere.
    pub loss_d: f32,
    /// G's non-saturating loss, nats; log 2 when D says 1/2 everywhere.
    pub loss_g: f32,
    /// Mean D(x) on real images, in [0, 1].
    pub d_real: f32,
    /// Mean D(G(z)) in D's step, in [0, 1].
    pub d_fake: f32,
}

/// Logits of the last step, kept on the device until somebody asks.
#[derive(Clone)]
struct Seen {
    d_step: Tensor<4>,
    g_step: Tensor<4>,
}

/// Two players on the images of MNIST.
pub struct Session {
    settings: Settings,
    latent: usize,
    device: Device,
    generator: Player,
    discriminator: Player,
    average: Tensor<1>,
    average_statistics: Tensor<1>,
    noise: Rng,
    batches: Batches,
    data: Arc<Mnist>,
    step: u64,
    seen: Option<Seen>,
}

impl Session {
    /// Fresh networks on `device`, which need not have autodiff enabled.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(settings: Settings, data: Arc<Mnist>, device: &Device) -> Result<Self, StartError> {
        settings.validate()?;
        if settings.batch > data.len() {
            return Err(StartError::Batch {
                batch: settings.batch,
                images: data.len(),
            });
        }
        let device = device.clone().inner();
        let pair = settings.preset.networks();
        let seed = u64::from(settings.seed);
        let mut weights = Rng::stream(seed, stream::WEIGHTS);
        let generator = Player::new(pair.generator, &mut weights, &device);
        let discriminator = Player::new(pair.discriminator, &mut weights, &device);
        Ok(Self {
            latent: pair.latent,
            average: generator.parameters.clone(),
            average_statistics: generator.statistics.clone(),
            noise: Rng::stream(seed, stream::NOISE),
            batches: Batches::new(data.len(), settings.batch, seed),
            step: 0,
            seen: None,
            settings,
            device,
            generator,
            discriminator,
            data,
        })
    }

    /// What the run is made of.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Length of z.
    pub fn latent(&self) -> usize {
        self.latent
    }

    /// G and D as they learn.
    pub fn players(&self) -> (&Player, &Player) {
        (&self.generator, &self.discriminator)
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// One step of D, then one of G (Goodfellow 2014, Algorithm 1 with k = 1). Reads nothing back.
    pub fn step(&mut self) {
        let real = self.images();
        let z = self.draw();
        let d_step = self.step_discriminator(real, z);
        let z = self.draw();
        let g_step = self.step_generator(z);
        self.update_average();
        self.seen = Some(Seen { d_step, g_step });
        self.step += 1;
    }

    // [snippet: d-step]
    /// Ascends V~ in D's parameters; the generated images are constants here. Returns the logits,
    /// real ones first.
    fn step_discriminator(&mut self, real: Tensor<4>, z: Tensor<4>) -> Tensor<4> {
        let n = self.settings.batch;
        let fake = self.generator.fixed(z);
        let leaves = self.discriminator.leaves();
        let both = Tensor::cat(vec![real, fake], 0);
        let d = &self.discriminator;
        let logits = d
            .network
            .forward(&leaves, &d.statistics, both, Mode::Train)
            .output;
        let (on_real, on_fake) = (
            logits.clone().narrow(0, 0, n),
            logits.clone().narrow(0, n, n),
        );
        let loss = loss::discriminator(on_real, on_fake);
        self.discriminator
            .descend(&loss, &leaves, self.settings.rate_d, self.settings.beta1);
        logits.inner()
    }
    // [/snippet]

    // [snippet: g-step]
    /// Descends -mean log D(G(z)) in G's parameters; D is stacked on G and held fixed. Returns the logits.
    fn step_generator(&mut self, z: Tensor<4>) -> Tensor<4> {
        let leaves = self.generator.leaves();
        let g = &self.generator;
        let made = g.network.forward(&leaves, &g.statistics, z, Mode::Train);
        let logits = self.discriminator.fixed(made.output);
        let loss = loss::generator(logits.clone());
        self.generator
            .descend(&loss, &leaves, self.settings.rate_g, self.settings.beta1);
        self.generator.observe(made.batch_statistics);
        logits.inner()
    }
    // [/snippet]

    /// Moves the average of G: its parameters, and with them the statistics of batch normalisation,
    /// without which averaged weights would be normalised as the newest ones are.
    fn update_average(&mut self) {
        // Early on a long average would still be the random start: it grows with the steps.
        let keep = self
            .settings
            .ema
            .min((self.step as f32 + 1.0) / (self.step as f32 + 10.0));
        self.average =
            self.average.clone() * keep + self.generator.parameters.clone() * (1.0 - keep);
        self.average_statistics = self.average_statistics.clone() * keep
            + self.generator.statistics.clone() * (1.0 - keep);
    }

    /// The averaged generator's parameters and running statistics, flat.
    pub fn average(&self) -> (Tensor<1>, Tensor<1>) {
        (self.average.clone(), self.average_statistics.clone())
    }

    /// Waits for the steps so far and reads what the last one saw; `None` before the first.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn statistics(&self) -> Result<Option<Statistics>, DeviceError> {
        let Some(seen) = self.seen.clone() else {
            return Ok(None);
        };
        let logits = read([seen.d_step.reshape([-1]), seen.g_step.reshape([-1])]).await?;
        let n = self.settings.batch;
        let (real, fake) = logits[0].split_at(n);
        let images_seen = self.step * n as u64;
        Ok(Some(Statistics {
            step: self.step,
            images_seen,
            epoch: images_seen as f64 / self.data.len() as f64,
            loss_d: mean(real, |l| softplus(-l)) + mean(fake, softplus),
            loss_g: mean(&logits[1], |l| softplus(-l)),
            d_real: mean(real, sigmoid),
            d_fake: mean(fake, sigmoid),
        }))
    }

    /// Images of the averaged generator for z, row-major `[n, latent]`: `[n, 28, 28]` in [-1, 1].
    ///
    /// # Errors
    /// When the device is lost.
    ///
    /// # Panics
    /// If the length of `z` is not a multiple of [`Self::latent`].
    pub async fn sample(&self, z: &[f32]) -> Result<Vec<f32>, DeviceError> {
        let network = &self.generator.network;
        let views = network.views(&self.average);
        let z = latent_batch(z, self.latent, &self.device);
        let images = network
            .forward(&views, &self.average_statistics, z, Mode::Evaluate)
            .output;
        Ok(read([images.reshape([-1])]).await?.remove(0))
    }

    /// Takes up saved weights of G and D with fresh optimisers; counters and noise go on.
    ///
    /// # Panics
    /// If the vectors are not those of this session's networks.
    pub fn set_weights(&mut self, weights: &Weights) {
        self.average = upload(weights.average.clone(), &self.device);
        self.average_statistics = upload(weights.average_statistics.clone(), &self.device);
        self.generator.restart(
            weights.generator.clone(),
            weights.generator_statistics.clone(),
        );
        self.discriminator.restart(
            weights.discriminator.clone(),
            weights.discriminator_statistics.clone(),
        );
    }

    /// Reads the weights back in one transfer.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn weights(&self) -> Result<Weights, DeviceError> {
        let all = read([
            self.average.clone(),
            self.average_statistics.clone(),
            self.generator.parameters.clone(),
            self.generator.statistics.clone(),
            self.discriminator.parameters.clone(),
            self.discriminator.statistics.clone(),
        ])
        .await?;
        let [
            average,
            average_statistics,
            generator,
            generator_statistics,
            discriminator,
            discriminator_statistics,
        ] = all.try_into().expect("as many as were asked for");
        Ok(Weights {
            average,
            average_statistics,
            generator,
            generator_statistics,
            discriminator,
            discriminator_statistics,
        })
    }

    /// Everything that the run needs to go on exactly as it would have.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn save(&self) -> Result<SavedSession, DeviceError> {
        let (g_mean, g_square, _) = self.generator.optimiser.state();
        let (d_mean, d_square, _) = self.discriminator.optimiser.state();
        let moments = read([g_mean, g_square, d_mean, d_square]).await?;
        Ok(SavedSession {
            settings: self.settings.clone(),
            step: self.step,
            noise: self.noise.state(),
            weights: self.weights().await?,
            moments: moments.try_into().expect("as many as were asked for"),
            optimiser_steps: [
                self.generator.optimiser.steps(),
                self.discriminator.optimiser.steps(),
            ],
        })
    }

    /// Goes on from a saved session.
    ///
    /// # Errors
    /// When a saved setting is out of its range.
    ///
    /// # Panics
    /// If the vectors are not those of the preset's networks.
    pub fn restore(
        saved: SavedSession,
        data: Arc<Mnist>,
        device: &Device,
    ) -> Result<Self, StartError> {
        let mut session = Self::new(saved.settings, data, device)?;
        session.set_weights(&saved.weights);
        session.step = saved.step;
        session.noise = Rng::from_state(saved.noise);
        let seen = saved.step * session.settings.batch as u64;
        let seed = u64::from(session.settings.seed);
        session.batches = Batches::resume(session.data.len(), session.settings.batch, seed, seen);
        let [g_mean, g_square, d_mean, d_square] =
            saved.moments.map(|m| upload(m, &session.device));
        session.generator.optimiser = Adam::restore(g_mean, g_square, saved.optimiser_steps[0]);
        session.discriminator.optimiser = Adam::restore(d_mean, d_square, saved.optimiser_steps[1]);
        Ok(session)
    }

    fn images(&mut self) -> Tensor<4> {
        let n = self.settings.batch;
        let images = self.data.images_at(self.batches.next_batch());
        Tensor::from_data(TensorData::new(images, [n, 1, 28, 28]), &self.device)
    }

    fn draw(&mut self) -> Tensor<4> {
        let n = self.settings.batch;
        let mut z = vec![0.0; n * self.latent];
        self.noise.fill_normal(&mut z);
        Tensor::from_data(TensorData::new(z, [n, self.latent, 1, 1]), &self.device)
    }
}

/// Flat weights of a session, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The averaged generator's parameters.
    pub average: Vec<f32>,
    /// The averaged generator's running statistics.
    pub average_statistics: Vec<f32>,
    /// The generator's parameters as it learns.
    pub generator: Vec<f32>,
    /// Its running statistics.
    pub generator_statistics: Vec<f32>,
    /// The discriminator's parameters.
    pub discriminator: Vec<f32>,
    /// Its running statistics.
    pub discriminator_statistics: Vec<f32>,
}

/// A whole run, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSession {
    /// What the run is made of.
    pub settings: Settings,
    /// Steps taken.
    pub step: u64,
    /// State of the noise generator.
    pub noise: [u64; 4],
    /// Weights and statistics.
    pub weights: Weights,
    /// Adam's mean and mean square of G's gradients, then of D's.
    pub moments: [Vec<f32>; 4],
    /// Optimiser steps of G and of D.
    pub optimiser_steps: [i32; 2],
}

/// A generator alone, on the CPU: the averaged one of a session.
pub struct Generator {
    network: Network,
    views: Vec<Tensor<1>>,
    statistics: Tensor<1>,
}

impl Generator {
    /// The averaged generator of `weights` on `device`, which must be a CPU.
    ///
    /// # Panics
    /// If the weights are not those of the preset's networks.
    pub fn new(preset: Preset, weights: &Weights, device: &Device) -> Self {
        let network = preset.networks().generator;
        let parameters = upload(weights.average.clone(), device);
        Self {
            views: network.views(&parameters),
            statistics: upload(weights.average_statistics.clone(), device),
            network,
        }
    }

    /// Length of z.
    pub fn latent(&self) -> usize {
        self.network.input()[0]
    }

    /// Images `[n, 28, 28]` in [-1, 1] for z, row-major `[n, latent]`.
    ///
    /// # Panics
    /// If the length of `z` is not a positive multiple of [`Self::latent`].
    pub fn images(&self, z: &[f32]) -> Vec<f32> {
        let z = latent_batch(z, self.latent(), &self.statistics.device());
        let images = self
            .network
            .forward(&self.views, &self.statistics, z, Mode::Evaluate)
            .output;
        images
            .into_data()
            .try_into_vec()
            .expect("f32 on every device")
    }
}

fn latent_batch(z: &[f32], latent: usize, device: &Device) -> Tensor<4> {
    assert!(
        z.len().is_multiple_of(latent) && !z.is_empty(),
        "z must be [n, {latent}]"
    );
    Tensor::from_data(
        TensorData::new(z.to_vec(), [z.len() / latent, latent, 1, 1]),
        device,
    )
}

/// Reads several tensors in one transfer.
async fn read<const N: usize>(tensors: [Tensor<1>; N]) -> Result<Vec<Vec<f32>>, DeviceError> {
    let transaction = tensors
        .into_iter()
        .fold(Transaction::default(), Transaction::register);
    let data = transaction
        .execute_async()
        .await
        .map_err(|error| DeviceError(error.to_string()))?;
    data.into_iter()
        .map(|data| {
            data.try_into_vec::<f32>()
                .map_err(|error| DeviceError(format!("{error:?}")))
        })
        .collect()
}

fn mean(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    values.iter().map(|&v| f(v)).sum::<f32>() / values.len() as f32
}

fn softplus(x: f32) -> f32 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
