//! A run on MNIST: k steps of D and one of G at a time, on any device.
//!
//! [`Session::step`] only enqueues work and reads nothing back; [`Session::statistics`] is the one
//! place that waits for the device. All random draws are made on the host from the seed, so that a
//! CPU and a GPU see the same noise and the same images; on the CPU the same seed gives the same
//! numbers, bit for bit.

mod generator;
mod read;
mod saved;
mod statistics;
mod step;

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::{
    average::Average,
    player::{Player, upload},
    settings::{Settings, SettingsError},
};
use crate::{
    data::{
        mnist::{Batches, Mnist},
        rng::Rng,
    },
    models::Mode,
};

pub use generator::Generator;
pub use read::DeviceError;
pub use saved::{SavedOptimiser, SavedSession, Weights};
pub use statistics::Statistics;

/// Independent streams of one seed.
mod stream {
    pub const WEIGHTS: u64 = 1;
    pub const NOISE: u64 = 2;
    pub const DROPOUT: u64 = 3;
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

/// Why a run cannot go on with other settings.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// A run with them could not start either.
    #[error(transparent)]
    Start(#[from] StartError),
    /// They need another network, seed or optimiser.
    #[error("these settings need a run of their own: begin again with them")]
    Restart,
}

/// Two players on the images of MNIST.
pub struct Session {
    settings: Settings,
    latent: usize,
    device: Device,
    generator: Player,
    discriminator: Player,
    average: Average,
    noise: Rng,
    dropout: Rng,
    batches: Batches,
    data: Arc<Mnist>,
    step: u64,
    seen: Option<statistics::Seen>,
}

impl Session {
    /// Fresh networks on `device`, which need not have autodiff enabled.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn new(settings: Settings, data: Arc<Mnist>, device: &Device) -> Result<Self, StartError> {
        check(&settings, &data)?;
        let device = device.clone().inner();
        let pair = settings.networks();
        let seed = u64::from(settings.seed);
        let mut weights = Rng::stream(seed, stream::WEIGHTS);
        let mut player = |network, kind| Player::new(network, kind, &mut weights, &device);
        let generator = player(pair.generator, settings.optimiser_g);
        let discriminator = player(pair.discriminator, settings.optimiser_d);
        Ok(Self {
            latent: pair.latent,
            average: Average {
                parameters: generator.parameters.clone(),
                statistics: generator.statistics.clone(),
            },
            noise: Rng::stream(seed, stream::NOISE),
            dropout: Rng::stream(seed, stream::DROPOUT),
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

    /// Goes on with other settings: rates, momenta, k, loss, smoothing, R1, the average, the half-life and the
    /// batch may change. A change of the batch drops the rest of a batch from the count of images seen.
    ///
    /// # Errors
    /// When a setting is out of its range, or needs a restart; nothing is changed then.
    pub fn change(&mut self, settings: Settings) -> Result<(), ChangeError> {
        check(&settings, &self.data)?;
        if self.settings.needs_restart(&settings) {
            return Err(ChangeError::Restart);
        }
        if settings.batch != self.settings.batch {
            let seed = u64::from(settings.seed);
            self.batches =
                Batches::resume(self.data.len(), settings.batch, seed, self.batches.seen());
        }
        self.settings = settings;
        Ok(())
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

    /// Passes over the training set so far.
    pub fn epoch(&self) -> f64 {
        self.batches.seen() as f64 / self.data.len() as f64
    }

    /// The averaged generator.
    pub fn average(&self) -> &Average {
        &self.average
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
        let views = network.views(&self.average.parameters);
        let z = generator::latent_batch(z, self.latent, &self.device);
        let images = network
            .forward(&views, &self.average.statistics, z, Mode::Evaluate)
            .output;
        Ok(read::all([images.reshape([-1])]).await?.remove(0))
    }

    fn images(&mut self) -> Tensor<4> {
        let images = self.data.images_at(self.batches.next_batch());
        let data = TensorData::new(images, [self.settings.batch, 1, 28, 28]);
        Tensor::from_data(data, &self.device)
    }

    fn draw(&mut self) -> Tensor<4> {
        let n = self.settings.batch;
        let mut z = vec![0.0; n * self.latent];
        self.settings.preset.draw(&mut self.noise, &mut z);
        Tensor::from_data(TensorData::new(z, [n, self.latent, 1, 1]), &self.device)
    }
}

fn check(settings: &Settings, data: &Mnist) -> Result<(), StartError> {
    settings.validate()?;
    if settings.batch > data.len() {
        return Err(StartError::Batch {
            batch: settings.batch,
            images: data.len(),
        });
    }
    Ok(())
}
