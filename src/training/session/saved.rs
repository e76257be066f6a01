//! A run on the host: its weights, or all of it.

use std::sync::Arc;

use burn::tensor::Device;

use super::{DeviceError, Session, StartError, read, upload};
use crate::{
    data::{
        mnist::{Batches, Mnist},
        rng::Rng,
    },
    training::{average::Average, optimiser::Optimiser, settings::Settings},
};

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
    /// Its statistics: running ones, and directions of spectral normalisation.
    pub discriminator_statistics: Vec<f32>,
}

/// What an optimiser remembers, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedOptimiser {
    /// In the order of [`OptimiserKind::memory`](crate::training::optimiser::OptimiserKind::memory), each as
    /// long as the parameters.
    pub memory: Vec<Vec<f32>>,
    /// Steps taken.
    pub steps: i32,
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
    pub weights: Weights,
    /// G's optimiser, then D's.
    pub optimisers: [SavedOptimiser; 2],
}

impl Session {
    /// Takes up saved weights of G and D with fresh optimisers; counters and noise go on.
    ///
    /// # Panics
    /// If the vectors are not those of this session's networks.
    pub fn set_weights(&mut self, weights: &Weights) {
        self.average = Average {
            parameters: upload(weights.average.clone(), &self.device),
            statistics: upload(weights.average_statistics.clone(), &self.device),
        };
        self.generator.restart(
            weights.generator.clone(),
            weights.generator_statistics.clone(),
        );
        self.discriminator.restart(
            weights.discriminator.clone(),
            weights.discriminator_statistics.clone(),
        );
        self.seen = None;
    }

    /// Reads the weights back in one transfer.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn weights(&self) -> Result<Weights, DeviceError> {
        let all = read::all([
            self.average.parameters.clone(),
            self.average.statistics.clone(),
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
        session.set_weights(&saved.weights);
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
            player.optimiser = Optimiser::restore(player.optimiser.kind(), memory, saved.steps);
        }
        Ok(session)
    }
}

async fn saved(optimiser: &Optimiser) -> Result<SavedOptimiser, DeviceError> {
    let memory = match optimiser.memory() {
        [] => Vec::new(),
        some => read::all(some.to_vec()).await?,
    };
    Ok(SavedOptimiser {
        memory,
        steps: optimiser.steps(),
    })
}
