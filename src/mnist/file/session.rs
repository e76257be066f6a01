//! A whole run in one file: weights, optimiser state, counters, noise, settings. Single precision,
//! so that the run goes on bit for bit.

use super::blocks::{Precision, Reader, Writer};
use super::{FileError, Kind, design};
use crate::mnist::nets::Network;
use crate::mnist::train::Settings;
use crate::mnist::train::optimiser::{Bias, OptimiserKind};
use crate::mnist::train::session::{PairWeights, SavedOptimiser, SavedSession};

/// The first version that holds all that a run needs now.
const SINCE: u32 = 2;

/// Writes a run.
pub fn encode(saved: &SavedSession) -> Vec<u8> {
    let mut writer = Writer::new(Precision::Single, Kind::Session);
    let text = serde_json::to_string(&saved.settings).expect("a plain record");
    writer.note("settings", text);
    writer.numbers("step", &[saved.step]);
    writer.numbers("images_seen", &[saved.images_seen]);
    writer.numbers("random", saved.random.as_flattened());
    writer.numbers("optimiser_steps", &saved.optimisers.each_ref().map(|o| o.steps));
    let bias = saved.optimisers.each_ref().map(|o| o.bias);
    // As bits: a run goes on as it would have.
    writer.numbers("bias_missing", &bias.map(|b| b.missing.to_bits()));
    writer.numbers("bias_since", &bias.map(|b| b.since));
    writer.numbers("bias_momentum", &bias.map(|b| b.momentum.to_bits()));
    design::write(&mut writer, saved.settings.design());
    let [g, d] = players(&saved.settings);
    let PairWeights { average, generator, discriminator } = &saved.weights;
    writer.network("generator.average", &g.network, average);
    writer.network(g.name, &g.network, generator);
    writer.network(d.name, &d.network, discriminator);
    for (player, optimiser) in [g, d].iter().zip(&saved.optimisers) {
        for (role, flat) in player.kind.memory().iter().zip(&optimiser.memory) {
            writer.blocks(&player.prefix(role), player.network.parameters(), flat);
        }
    }
    writer.finish()
}

/// Reads a run.
///
/// # Errors
/// When the file is damaged, foreign, older, newer, or does not fit the networks it names.
pub fn decode(bytes: &[u8]) -> Result<SavedSession, FileError> {
    let reader = Reader::new(bytes, &[Kind::Session])?;
    if reader.version < SINCE {
        return Err(FileError::Older { found: reader.version });
    }
    let damaged = |error: String| FileError::Damaged(format!("settings: {error}"));
    let settings: Settings = serde_json::from_str(reader.noted("settings")?)
        .map_err(|error| damaged(error.to_string()))?;
    settings.validate()?;
    let [noise, dropout]: [[u64; 4]; 2] = {
        let words: [u64; 8] = reader.numbers("random")?;
        std::array::from_fn(|i| std::array::from_fn(|j| words[4 * i + j]))
    };
    let [step] = reader.numbers("step")?;
    let [images_seen] = reader.numbers("images_seen")?;
    let steps: [i32; 2] = reader.numbers("optimiser_steps")?;
    let bias = biases(&reader, &settings, steps)?;
    let [g, d] = players(&settings);
    let optimiser = |player: &Player, steps, bias| {
        let block = |role: &&str| reader.blocks(&player.prefix(role), player.network.parameters());
        let memory = player.kind.memory().iter().map(block);
        Ok::<_, FileError>(SavedOptimiser {
            memory: memory.collect::<Result<_, _>>()?,
            steps,
            bias,
        })
    };
    Ok(SavedSession {
        step,
        images_seen,
        random: [noise, dropout],
        optimisers: [optimiser(&g, steps[0], bias[0])?, optimiser(&d, steps[1], bias[1])?],
        weights: PairWeights {
            average: reader.network("generator.average", &g.network)?,
            generator: reader.network(g.name, &g.network)?,
            discriminator: reader.network(d.name, &d.network)?,
        },
        settings,
    })
}

/// Files that do not say were written when the momentum was taken to have been the same all along.
fn biases(
    reader: &Reader<'_>,
    settings: &Settings,
    steps: [i32; 2],
) -> Result<[Bias; 2], FileError> {
    if !reader.notes("bias_missing") {
        let momenta = [settings.momentum_g, settings.momentum_d];
        return Ok([0, 1].map(|i| Bias::after(steps[i], momenta[i])));
    }
    let missing: [u32; 2] = reader.numbers("bias_missing")?;
    let since: [i32; 2] = reader.numbers("bias_since")?;
    let momentum: [u32; 2] = reader.numbers("bias_momentum")?;
    Ok([0, 1].map(|i| Bias {
        missing: f32::from_bits(missing[i]),
        since: since[i],
        momentum: f32::from_bits(momentum[i]),
    }))
}

struct Player {
    name: &'static str,
    network: Network,
    kind: OptimiserKind,
}

impl Player {
    /// Of what its optimiser remembers.
    fn prefix(&self, role: &str) -> String {
        format!("optimiser.{}.{role}", self.name)
    }
}

/// G, then D.
fn players(settings: &Settings) -> [Player; 2] {
    let pair = settings.networks();
    [
        Player { name: "generator", network: pair.generator, kind: settings.optimiser_g },
        Player { name: "discriminator", network: pair.discriminator, kind: settings.optimiser_d },
    ]
}
