//! Weights of a pair of networks: `generator.average.*`, `generator.*`, `discriminator.*`.

use super::{
    CheckpointError,
    blocks::{Reader, Writer},
    session,
};
use crate::{
    models::{Activation, Design, Preset, network::flat_length},
    training::session::Weights,
};

pub use super::blocks::Precision;

pub(super) const KIND: &str = "weights";

/// Weights read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsFile {
    /// The networks they are of.
    pub design: Design,
    /// Steps of training behind them.
    pub step: u64,
    /// The weights.
    pub weights: Weights,
}

/// Writes weights as safetensors. With `average_only` the learning copy of G is left out, and a
/// reader starts it from the average.
pub fn encode(file: &WeightsFile, precision: Precision, average_only: bool) -> Vec<u8> {
    let mut writer = Writer::new(precision, KIND);
    writer.numbers("step", &[file.step]);
    write(&mut writer, file.design, &file.weights, average_only);
    writer.finish()
}

/// Reads weights, of a run too.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the networks it names.
pub fn decode(bytes: &[u8]) -> Result<WeightsFile, CheckpointError> {
    let reader = Reader::new(bytes, &[KIND, session::KIND])?;
    let design = design(&reader)?;
    let [step] = reader.numbers("step")?;
    Ok(WeightsFile {
        design,
        step,
        weights: read(&reader, design)?,
    })
}

/// Of version 1 only the preset is noted.
pub(super) fn design(reader: &Reader<'_>) -> Result<Design, CheckpointError> {
    let unknown = |name: &str| CheckpointError::Foreign(format!("a network called {name}"));
    let name = reader.noted("preset")?;
    let preset = Preset::ALL.into_iter().find(|p| p.name() == name);
    let mut design = Design::of(preset.ok_or_else(|| unknown(name))?);
    if reader.version > 1 {
        let activation = |key| {
            let name = reader.noted(key)?;
            let known = Activation::ALL.into_iter().find(|a| a.name() == name);
            known.ok_or_else(|| unknown(name))
        };
        design.activation_d = activation("activation_d")?;
        design.activation_g = activation("activation_g")?;
        design.batch_norm = reader.noted("batch_norm")? == "true";
        design.spectral_norm = reader.noted("spectral_norm")? == "true";
    }
    Ok(design)
}

pub(super) fn note(writer: &mut Writer, design: Design) {
    writer.note("preset", design.preset.name().to_owned());
    writer.note("activation_d", design.activation_d.name().to_owned());
    writer.note("activation_g", design.activation_g.name().to_owned());
    writer.note("batch_norm", design.batch_norm.to_string());
    writer.note("spectral_norm", design.spectral_norm.to_string());
}

pub(super) fn write<'a>(
    writer: &mut Writer<'a>,
    design: Design,
    weights: &'a Weights,
    average_only: bool,
) {
    note(writer, design);
    let pair = design.networks();
    let (g, d) = (&pair.generator, &pair.discriminator);
    writer.blocks("generator.average", g.parameters(), &weights.average);
    writer.blocks(
        "generator.average",
        g.statistics(),
        &weights.average_statistics,
    );
    if !average_only {
        writer.blocks("generator", g.parameters(), &weights.generator);
        writer.blocks("generator", g.statistics(), &weights.generator_statistics);
    }
    writer.blocks("discriminator", d.parameters(), &weights.discriminator);
    writer.blocks(
        "discriminator",
        d.statistics(),
        &weights.discriminator_statistics,
    );
}

pub(super) fn read(reader: &Reader<'_>, design: Design) -> Result<Weights, CheckpointError> {
    let pair = design.networks();
    let (g, d) = (&pair.generator, &pair.discriminator);
    let parameters =
        |prefix: &str| reader.blocks(prefix, g.parameters(), flat_length(g.parameters()));
    let statistics =
        |prefix: &str| reader.blocks(prefix, g.statistics(), flat_length(g.statistics()));
    let learning = if reader.has("generator", g.parameters()) {
        "generator"
    } else {
        "generator.average"
    };
    Ok(Weights {
        average: parameters("generator.average")?,
        average_statistics: statistics("generator.average")?,
        generator: parameters(learning)?,
        generator_statistics: statistics(learning)?,
        discriminator: reader.blocks(
            "discriminator",
            d.parameters(),
            flat_length(d.parameters()),
        )?,
        discriminator_statistics: reader.blocks(
            "discriminator",
            d.statistics(),
            flat_length(d.statistics()),
        )?,
    })
}
