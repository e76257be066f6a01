//! A whole run in one file: weights, optimiser state, counters, noise, settings. Single precision,
//! so that the run goes on bit for bit.

use super::{
    CheckpointError,
    blocks::{Precision, Reader, Writer},
    weights,
};
use crate::{models::network::flat_length, training::session::SavedSession};

const KIND: &str = "session";
/// What [`SavedSession::moments`] holds, in its order.
const MOMENTS: [&str; 4] = [
    "adam.generator.mean",
    "adam.generator.square",
    "adam.discriminator.mean",
    "adam.discriminator.square",
];

/// Writes a run.
pub fn encode(saved: &SavedSession) -> Vec<u8> {
    let mut writer = Writer::new(Precision::Single, KIND);
    let preset = saved.settings.preset;
    let pair = preset.networks();
    writer.note("preset", preset.name().to_owned());
    writer.note("step", saved.step.to_string());
    writer.note("settings", to_json(&saved.settings));
    writer.note("noise", to_json(&saved.noise.map(|word| word.to_string())));
    writer.note("optimiser_steps", to_json(&saved.optimiser_steps));
    weights::write(&mut writer, preset, &saved.weights, false);
    for (index, (prefix, flat)) in MOMENTS.iter().zip(&saved.moments).enumerate() {
        let network = if index < 2 {
            &pair.generator
        } else {
            &pair.discriminator
        };
        writer.blocks(prefix, network.parameters(), flat);
    }
    writer.finish()
}

/// Reads a run.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the networks it names.
pub fn decode(bytes: &[u8]) -> Result<SavedSession, CheckpointError> {
    let reader = Reader::new(bytes, KIND)?;
    let preset = weights::preset(&reader)?;
    let pair = preset.networks();
    let words: [String; 4] = from_json(&reader, "noise")?;
    let mut noise = [0; 4];
    for (word, text) in noise.iter_mut().zip(words) {
        *word = text
            .parse()
            .map_err(|_| CheckpointError::Foreign("the state of the noise".to_owned()))?;
    }
    let moment = |index: usize| {
        let network = if index < 2 {
            &pair.generator
        } else {
            &pair.discriminator
        };
        reader.blocks(
            MOMENTS[index],
            network.parameters(),
            flat_length(network.parameters()),
        )
    };
    Ok(SavedSession {
        settings: from_json(&reader, "settings")?,
        step: from_json(&reader, "step")?,
        noise,
        weights: weights::read(&reader, preset)?,
        moments: [moment(0)?, moment(1)?, moment(2)?, moment(3)?],
        optimiser_steps: from_json(&reader, "optimiser_steps")?,
    })
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain records")
}

fn from_json<T: serde::de::DeserializeOwned>(
    reader: &Reader<'_>,
    key: &str,
) -> Result<T, CheckpointError> {
    serde_json::from_str(reader.noted(key)?)
        .map_err(|error| CheckpointError::Damaged(format!("{key}: {error}")))
}
