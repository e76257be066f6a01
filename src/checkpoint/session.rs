//! A whole run in one file: weights, optimiser state, counters, noise, settings. Single precision,
//! so that the run goes on bit for bit.

use super::{
    CheckpointError,
    blocks::{Precision, Reader, Writer},
    weights,
};
use crate::{
    models::{Network, network::flat_length},
    training::{
        optimiser::OptimiserKind,
        session::{SavedOptimiser, SavedSession},
        settings::Settings,
    },
};

const KIND: &str = "session";
/// The first version that holds all that a run needs now.
const SINCE: u32 = 2;

/// Writes a run.
pub fn encode(saved: &SavedSession) -> Vec<u8> {
    let mut writer = Writer::new(Precision::Single, KIND);
    writer.note("step", saved.step.to_string());
    writer.note("images_seen", saved.images_seen.to_string());
    writer.record("settings", &saved.settings);
    // As text: JSON's numbers are doubles to most readers.
    let words = saved.random.map(|state| state.map(|word| word.to_string()));
    writer.record("random", &words);
    writer.record(
        "optimiser_steps",
        &saved.optimisers.each_ref().map(|o| o.steps),
    );
    weights::write(&mut writer, saved.settings.design(), &saved.weights, false);
    for ((name, network, kind), optimiser) in players(&saved.settings).iter().zip(&saved.optimisers)
    {
        for (role, flat) in kind.memory().iter().zip(&optimiser.memory) {
            writer.blocks(&prefix(name, role), network.parameters(), flat);
        }
    }
    writer.finish()
}

/// Reads a run.
///
/// # Errors
/// When the file is damaged, foreign, older, newer, or does not fit the networks it names.
pub fn decode(bytes: &[u8]) -> Result<SavedSession, CheckpointError> {
    let reader = Reader::new(bytes, KIND)?;
    if reader.version < SINCE {
        return Err(CheckpointError::Older {
            found: reader.version,
        });
    }
    let settings: Settings = reader.record("settings")?;
    settings
        .validate()
        .map_err(|error| CheckpointError::Damaged(error.to_string()))?;
    let words: [[String; 4]; 2] = reader.record("random")?;
    let mut random = [[0; 4]; 2];
    for (word, text) in random
        .as_flattened_mut()
        .iter_mut()
        .zip(words.as_flattened())
    {
        *word = text
            .parse()
            .map_err(|_| CheckpointError::Foreign("the state of the noise".to_owned()))?;
    }
    let steps: [i32; 2] = reader.record("optimiser_steps")?;
    let [g, d] = players(&settings);
    let optimiser = |(name, network, kind): &Player, steps| {
        let length = flat_length(network.parameters());
        let block = |role: &&str| reader.blocks(&prefix(name, role), network.parameters(), length);
        let memory = kind.memory().iter().map(block).collect::<Result<_, _>>()?;
        Ok::<_, CheckpointError>(SavedOptimiser { memory, steps })
    };
    Ok(SavedSession {
        step: reader.record("step")?,
        images_seen: reader.record("images_seen")?,
        random,
        weights: weights::read(&reader, settings.design())?,
        optimisers: [optimiser(&g, steps[0])?, optimiser(&d, steps[1])?],
        settings,
    })
}

type Player = (&'static str, Network, OptimiserKind);

fn players(settings: &Settings) -> [Player; 2] {
    let pair = settings.networks();
    [
        ("generator", pair.generator, settings.optimiser_g),
        ("discriminator", pair.discriminator, settings.optimiser_d),
    ]
}

fn prefix(name: &str, role: &str) -> String {
    format!("optimiser.{name}.{role}")
}
