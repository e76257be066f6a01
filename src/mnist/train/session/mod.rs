//! A run on MNIST: k steps of D and one of G at a time, on any device.
//!
//! [`Session::step`] only enqueues work and reads nothing back, and neither does [`Session::seen`]; what many
//! steps saw is read at once, by [`Seen::read`]. All random draws are made on the host from the seed, so that a
//! CPU and a GPU see the same noise and the same images; on the CPU the same seed gives the same
//! numbers, bit for bit.
//!
//! A step has two parts: `draw` puts all that is new in it, on the host, and `compute` takes it in the same order and
//! is otherwise the same at every step, so that on WebGPU it is recorded once and then replayed.

mod saved;
mod statistics;

use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use crate::mnist::data::{Batches, Mnist, SIDE};
use crate::mnist::frozen::Frozen;
use crate::mnist::kernels::{Given, Recorder, gather, join, mean_square};
use crate::mnist::train::average::Average;
use crate::mnist::train::penalty;
use crate::mnist::train::player::{Leaves, Player};
use crate::mnist::train::read::{DeviceError, read};
use crate::mnist::train::settings::{Order, Settings, SettingsError};
use crate::num::rng::Rng;
use statistics::{Last, Under};

pub use saved::{PairWeights, SavedOptimiser, SavedSession};
pub use statistics::{Seen, Statistics};

/// Independent streams of one seed.
mod stream {
    pub(super) const WEIGHTS: u64 = 1;
    pub(super) const NOISE: u64 = 2;
    pub(super) const DROPOUT: u64 = 3;
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
///
/// ```
/// use std::sync::Arc;
///
/// use burn::tensor::Device;
/// use saddle::mnist::data::Mnist;
/// use saddle::mnist::nets::Preset;
/// use saddle::mnist::train::{Session, Settings};
///
/// # fn main() -> Result<(), saddle::mnist::train::session::StartError> {
/// // Any images of 28 x 28 grey bytes will do.
/// let data = Arc::new(Mnist { images: vec![0; 64 * 784], labels: vec![0; 64] });
/// let settings = Settings { batch: 16, ..Settings::of(Preset::Tiny) };
/// let mut session = Session::new(settings, data, &Device::flex())?;
/// session.step();
/// assert_eq!((session.steps(), session.epoch()), (1, 0.25));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
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
    given: Given,
    recorder: Recorder,
    last: Option<Last>,
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
        let mut start = pair.generator.initial(&mut weights);
        if settings.preset.starts_at_the_mean_image() {
            pair.generator.set_last_bias(&mut start, &data.mean_logits());
        }
        let (network, kind) = (pair.generator, settings.optimiser_g);
        let generator = Player::from_weights(network, kind, start, &device);
        let (network, kind) = (pair.discriminator, settings.optimiser_d);
        let discriminator = Player::new(network, kind, &mut weights, &device);
        Ok(Self {
            latent: pair.latent,
            average: Average::new(&generator),
            noise: Rng::stream(seed, stream::NOISE),
            dropout: Rng::stream(seed, stream::DROPOUT),
            batches: Batches::new(data.len(), settings.batch, seed),
            step: 0,
            given: Given::new(&device),
            recorder: Recorder::default(),
            last: None,
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
        self.recorder = Recorder::default();
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
        let Average { parameters, statistics } = &self.average;
        let frozen = Frozen::of(self.generator.network.clone(), parameters, statistics.clone());
        let images = frozen.ask_all(z.to_vec()).reshape([-1]);
        Ok(read([images]).await?.remove(0))
    }

    /// What the last step saw, for [`Seen::read`]; `None` before the first, and after other weights were taken up.
    /// Waits for nothing.
    pub fn seen(&self) -> Option<Seen> {
        let last = self.last.as_ref()?;
        let row = match &last.row {
            Some(row) => joined([row.clone()]),
            None => self.row(&last.logits),
        };
        Some(Seen {
            row,
            under: last.under,
            lengths: [&self.discriminator, &self.generator].map(|player| player.network.length()),
            step: self.step,
            images_seen: self.batches.seen(),
            epoch: self.epoch(),
        })
    }

    /// See [`Seen::row`]; after a step.
    fn row(&self, logits: &[Tensor<4>; 2]) -> Tensor<1> {
        let [of_d, of_g] = logits.each_ref().map(|logits| logits.clone().reshape([-1]));
        let square = |player: &Player| {
            mean_square(player.gradient.as_ref().expect("both players have taken a step"))
        };
        joined([of_d, of_g, square(&self.discriminator), square(&self.generator)])
    }

    /// Waits for the steps so far and reads what the last one saw; `None` where [`Self::seen`] is.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn statistics(&self) -> Result<Option<Statistics>, DeviceError> {
        Ok(Seen::read(self.seen().into_iter().collect()).await?.pop())
    }

    /// k steps of D, then one of G (Goodfellow 2014, Algorithm 1). Reads nothing back.
    pub fn step(&mut self) {
        self.draw();
        let mut recorder = std::mem::take(&mut self.recorder);
        let device = self.device.clone();
        let changed = if recorder.records_next() { self.changed() } else { Vec::new() };
        recorder.run(&device, &changed, || self.compute());
        self.recorder = recorder;
        self.step += 1;
    }

    /// All that is new in a step, from the host.
    fn draw(&mut self) {
        let Settings { batch: n, k, .. } = self.settings;
        let at_once = self.settings.order == Order::AtOnce;
        self.given.clear();
        for turn in 1..=k {
            self.given.put(self.data.images_at(self.batches.next_batch()));
            self.put_noise();
            self.put_masks(2 * n);
            let (rate, momentum) = self.pace(self.settings.rate_d, self.settings.momentum_d);
            self.given.put(self.discriminator.optimiser.pace(rate, momentum).to_vec());
            if at_once && turn == k {
                self.put_pace_of_generator();
            }
        }
        if !at_once {
            self.put_noise();
            self.put_masks(n);
            self.put_pace_of_generator();
        }
        self.given.put(Average::pace(self.step, self.settings.ema).to_vec());
        self.given.send();
    }

    fn put_noise(&mut self) {
        let z = self.settings.preset.noise(&mut self.noise, self.settings.batch * self.latent);
        self.given.put(z);
    }

    fn put_masks(&mut self, n: usize) {
        for mask in self.discriminator.network.mask_values(n, &mut self.dropout) {
            self.given.put(mask);
        }
    }

    fn put_pace_of_generator(&mut self) {
        let (rate, momentum) = self.pace(self.settings.rate_g, self.settings.momentum_g);
        self.given.put(self.generator.optimiser.pace(rate, momentum).to_vec());
        self.given.put(Player::running().to_vec());
    }

    /// A step from what was drawn for it.
    fn compute(&mut self) {
        self.given.rewind();
        let at_once = self.settings.order == Order::AtOnce;
        let mut of_d = None;
        for _ in usize::from(at_once)..self.settings.k {
            let (real, z) = (self.take_images(), self.take_noise());
            of_d = Some(self.step_discriminator(&real, z));
        }
        let of_g = if at_once {
            let (real, z) = (self.take_images(), self.take_noise());
            let (on_both, on_fake) = self.step_both(&real, z);
            of_d = Some(on_both);
            on_fake
        } else {
            let z = self.take_noise();
            self.step_generator(z)
        };
        self.average.follow(&self.generator, &self.given.take_numbers());
        self.last = of_d.map(|of_d| {
            let logits = [of_d, of_g];
            let recorded = self.device != Device::flex();
            let Settings { batch, loss, smoothing, .. } = self.settings;
            let under = Under { batch, loss, smoothing };
            Last { row: recorded.then(|| self.row(&logits)), logits, under }
        });
    }

    /// What [`Self::compute`] changes, on WebGPU in its place.
    fn changed(&self) -> Vec<Tensor<1>> {
        let Average { parameters, statistics } = &self.average;
        let mut all = vec![parameters.clone(), statistics.clone()];
        for player in [&self.generator, &self.discriminator] {
            all.extend([player.parameters.clone(), player.statistics.clone()]);
            all.extend(player.optimiser.memory().iter().cloned());
        }
        all
    }

    fn take_images(&mut self) -> Tensor<4> {
        self.given.take([self.settings.batch, 1, SIDE, SIDE])
    }

    fn take_noise(&mut self) -> Tensor<4> {
        self.given.take([self.settings.batch, self.latent, 1, 1])
    }

    fn take_masks(&mut self, n: usize) -> Vec<Tensor<4>> {
        let shapes = self.discriminator.network.mask_shapes(n);
        shapes.into_iter().map(|shape| self.given.take(shape)).collect()
    }

    // [snippet: d-step]
    /// Descends D's loss in D's parameters; the generated images are constants here. Returns the logits,
    /// real ones first.
    fn step_discriminator(&mut self, real: &Tensor<4>, z: Tensor<4>) -> Tensor<4> {
        let masks = self.take_masks(2 * self.settings.batch);
        let fake = self.generator.constant(z, &[]);
        let leaves = self.discriminator.leaves();
        let d = &self.discriminator;
        let logits = d.forward(&leaves.tracked, join(real.clone(), fake), &masks).output;
        let loss = self.discriminator_loss(&leaves, real, &logits);
        let gradient = d.gradient_of(&loss, &leaves);
        self.discriminator.follow(gradient, &self.given.take_numbers());
        logits.inner()
    }
    // [/snippet]

    // [snippet: g-step]
    /// Descends G's loss in G's parameters; D is stacked on G and held fixed. Returns the logits.
    fn step_generator(&mut self, z: Tensor<4>) -> Tensor<4> {
        let masks = self.take_masks(self.settings.batch);
        let leaves = self.generator.leaves();
        let (g, d) = (&self.generator, &self.discriminator);
        let made = g.forward(&leaves.tracked, z, &[]);
        let logits = d.constant(made.output, &masks);
        let loss = self.settings.loss.generator(logits.clone());
        let gradient = g.gradient_of(&loss, &leaves);
        self.move_generator(gradient, made.batch_statistics);
        logits.inner()
    }
    // [/snippet]

    /// A step of each player from the same samples, against the other as it was; G's gradient comes through the
    /// dropped-out D that D's own comes through. Returns the logits of D's step and of G's.
    fn step_both(&mut self, real: &Tensor<4>, z: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let n = self.settings.batch;
        let masks = self.take_masks(2 * n);
        let (of_g, of_d) = (self.generator.leaves(), self.discriminator.leaves());
        let (g, d) = (&self.generator, &self.discriminator);
        let made = g.forward(&of_g.tracked, z, &[]);
        let both = join(real.clone(), made.output.clone().inner());
        let on_both = d.forward(&of_d.tracked, both, &masks).output;
        let loss_d = self.discriminator_loss(&of_d, real, &on_both);
        let of_fake: Vec<_> = masks.into_iter().map(|mask| mask.narrow(0, n, n)).collect();
        let on_fake = d.forward(&of_d.constant, made.output, &of_fake).output;
        let loss_g = self.settings.loss.generator(on_fake.clone());
        let (down_d, down_g) = (d.gradient_of(&loss_d, &of_d), g.gradient_of(&loss_g, &of_g));
        self.discriminator.follow(down_d, &self.given.take_numbers());
        self.move_generator(down_g, made.batch_statistics);
        (on_both.inner(), on_fake.inner())
    }

    fn move_generator(&mut self, gradient: Tensor<1>, batch_statistics: Vec<Tensor<1>>) {
        self.generator.follow(gradient, &self.given.take_numbers());
        self.generator.move_statistics(batch_statistics, &self.given.take_numbers());
    }

    /// D's loss by its logits, real ones first, and R1.
    fn discriminator_loss(
        &self,
        leaves: &Leaves,
        real: &Tensor<4>,
        logits: &Tensor<4>,
    ) -> Tensor<1> {
        let s = &self.settings;
        let loss = s.loss.on_both(logits, s.batch, s.smoothing);
        if s.r1 > 0.0 {
            return loss + penalty::r1(&self.discriminator, leaves, real, s.r1);
        }
        loss
    }

    /// Rate and momentum of this step.
    fn pace(&self, rate: f32, momentum: f32) -> (f32, f32) {
        (
            rate * self.settings.decay_at(self.step),
            self.settings.momentum_at(momentum, self.epoch()),
        )
    }
}

/// One behind the other.
fn joined<const N: usize>(parts: [Tensor<1>; N]) -> Tensor<1> {
    let length = |part: &Tensor<1>| part.dims()[0];
    gather(parts.into_iter().map(|part| (part.clone(), length(&part))).collect())
}

fn check(settings: &Settings, data: &Mnist) -> Result<(), StartError> {
    settings.validate()?;
    if settings.batch > data.len() {
        return Err(StartError::Batch { batch: settings.batch, images: data.len() });
    }
    Ok(())
}
