//! A run on the host: its weights, or all of it.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::{Session, StartError};
use crate::mnist::data::{Batches, Mnist};
use crate::mnist::frozen::upload;
use crate::mnist::kernels::Recorder;
use crate::mnist::nets::Weights;
use crate::mnist::train::average::Average;
use crate::mnist::train::optimiser::{Bias, Optimiser};
use crate::mnist::train::player::Player;
use crate::mnist::train::read::{DeviceError, read};
use crate::mnist::train::settings::Settings;
use crate::num::rng::Rng;

/// Weights of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct PairWeights {
    /// Of the averaged generator.
    pub average: Weights,
    /// Of the generator as it learns.
    pub generator: Weights,
    /// Of the discriminator.
    pub discriminator: Weights,
}

/// What an optimiser remembers, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedOptimiser {
    /// In the order of [`OptimiserKind::memory`](crate::mnist::train::optimiser::OptimiserKind::memory), each as long as the
    /// parameters.
    pub memory: Vec<Vec<f32>>,
    /// Steps taken.
    pub steps: i32,
    /// Of Adam's mean.
    pub bias: Bias,
}

/// A whole run, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedSession {
    /// What the run is made of.
    pub settings: Settings,
    /// Steps taken.
    pub step: u64,
    /// Real images seen.
    pub images_seen: u64,
    /// States of the generators of noise and of dropout.
    pub random: [[u64; 4]; 2],
    /// Weights and statistics.
    pub weights: PairWeights,
    /// G's optimiser, then D's.
    pub optimisers: [SavedOptimiser; 2],
}

impl Session {
    /// Takes up saved weights of G and D with fresh optimisers; counters and noise go on.
    ///
    /// # Panics
    /// If the vectors are not those of this session's networks.
    pub fn set_weights(&mut self, weights: PairWeights) {
        let PairWeights { average, generator, discriminator } = weights;
        let device = &self.device;
        self.average = Average {
            parameters: upload(average.parameters, device),
            statistics: upload(average.statistics, device),
        };
        for (player, weights) in
            [(&mut self.generator, generator), (&mut self.discriminator, discriminator)]
        {
            let (network, kind) = (player.network.clone(), player.optimiser.kind());
            *player = Player::from_weights(network, kind, weights, device);
        }
        self.recorder = Recorder::default();
        self.last = None;
    }

    /// Reads the weights back in one transfer.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn weights(&self) -> Result<PairWeights, DeviceError> {
        let (g, d) = (&self.generator, &self.discriminator);
        let all = [
            (&self.average.parameters, &self.average.statistics),
            (&g.parameters, &g.statistics),
            (&d.parameters, &d.statistics),
        ];
        let [average, generator, discriminator] = read_weights(all).await?;
        Ok(PairWeights { average, generator, discriminator })
    }

    /// Reads back the averaged generator's weights alone.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn average_weights(&self) -> Result<Weights, DeviceError> {
        let [average] =
            read_weights([(&self.average.parameters, &self.average.statistics)]).await?;
        Ok(average)
    }

    /// Reads back the averaged generator's weights, then D's.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn shown_weights(&self) -> Result<[Weights; 2], DeviceError> {
        read_weights([
            (&self.average.parameters, &self.average.statistics),
            (&self.discriminator.parameters, &self.discriminator.statistics),
        ])
        .await
    }

    /// Everything that the run needs to go on exactly as it would have.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn save(&self) -> Result<SavedSession, DeviceError> {
        Ok(SavedSession {
            settings: self.settings.clone(),
            step: self.step,
            images_seen: self.batches.seen(),
            random: [self.noise.state(), self.dropout.state()],
            weights: self.weights().await?,
            optimisers: [
                saved(&self.generator.optimiser).await?,
                saved(&self.discriminator.optimiser).await?,
            ],
        })
    }

    /// Goes on from a saved session.
    ///
    /// # Errors
    /// When a saved setting is out of its range.
    ///
    /// # Panics
    /// If the vectors are not those of the settings' networks.
    pub fn restore(
        saved: SavedSession,
        data: Arc<Mnist>,
        device: &Device,
    ) -> Result<Self, StartError> {
        let mut session = Self::new(saved.settings, data, device)?;
        session.set_weights(saved.weights);
        session.step = saved.step;
        let [noise, dropout] = saved.random.map(Rng::from_state);
        (session.noise, session.dropout) = (noise, dropout);
        let seed = u64::from(session.settings.seed);
        let (images, batch) = (session.data.len(), session.settings.batch);
        session.batches = Batches::resume(images, batch, seed, saved.images_seen);
        let players = [&mut session.generator, &mut session.discriminator];
        for (player, saved) in players.into_iter().zip(saved.optimisers) {
            let memory = saved.memory.into_iter();
            let memory = memory.map(|m| upload(m, &session.device)).collect();
            player.optimiser =
                Optimiser::restore(player.optimiser.kind(), memory, saved.steps, saved.bias);
        }
        Ok(session)
    }
}

async fn saved(optimiser: &Optimiser) -> Result<SavedOptimiser, DeviceError> {
    let memory = match optimiser.memory() {
        [] => Vec::new(),
        some => read(some.to_vec()).await?,
    };
    Ok(SavedOptimiser { memory, steps: optimiser.steps(), bias: optimiser.bias() })
}

/// In one transfer.
async fn read_weights<const N: usize>(
    all: [(&Tensor<1>, &Tensor<1>); N],
) -> Result<[Weights; N], DeviceError> {
    let tensors = all.into_iter().flat_map(|(p, s)| [p.clone(), s.clone()]);
    let mut found = read(tensors).await?.into_iter();
    let mut next = || found.next().expect("as many as were asked for");
    Ok(std::array::from_fn(|_| Weights { parameters: next(), statistics: next() }))
}
