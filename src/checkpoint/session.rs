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

pub(super) const KIND: &str = "session";
/// The first version that holds all that a run needs now.
const SINCE: u32 = 2;

/// Writes a run.
pub fn encode(saved: &SavedSession) -> Vec<u8> {
    let mut writer = Writer::new(Precision::Single, KIND);
    let text = serde_json::to_string(&saved.settings).expect("a plain record");
    writer.note("settings", text);
    writer.numbers("step", &[saved.step]);
    writer.numbers("images_seen", &[saved.images_seen]);
    writer.numbers("random", saved.random.as_flattened());
    writer.numbers(
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
    let reader = Reader::new(bytes, &[KIND])?;
    if reader.version < SINCE {
        return Err(CheckpointError::Older {
            found: reader.version,
        });
    }
    let damaged = |error: String| CheckpointError::Damaged(format!("settings: {error}"));
    let settings: Settings = serde_json::from_str(reader.noted("settings")?)
        .map_err(|error| damaged(error.to_string()))?;
    settings
        .validate()
        .map_err(|error| damaged(error.to_string()))?;
    let [noise, dropout]: [[u64; 4]; 2] = {
        let words: [u64; 8] = reader.numbers("random")?;
        std::array::from_fn(|i| std::array::from_fn(|j| words[4 * i + j]))
    };
    let [step] = reader.numbers("step")?;
    let [images_seen] = reader.numbers("images_seen")?;
    let steps: [i32; 2] = reader.numbers("optimiser_steps")?;
    let [g, d] = players(&settings);
    let optimiser = |(name, network, kind): &Player, steps| {
        let length = flat_length(network.parameters());
        let block = |role: &&str| reader.blocks(&prefix(name, role), network.parameters(), length);
        let memory = kind.memory().iter().map(block).collect::<Result<_, _>>()?;
        Ok::<_, CheckpointError>(SavedOptimiser { memory, steps })
    };
    Ok(SavedSession {
        step,
        images_seen,
        random: [noise, dropout],
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
