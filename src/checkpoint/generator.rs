//! A generator alone: `generator.*`, for whoever only draws. Names, shapes and notes are such that other
//! programs can use it: `generator.3.conv.weight` is layer 3's weight `[outputs, inputs, height, width]`, a
//! dense one is `[inputs, outputs]`, and the note `layers` lists all layers.

use super::{
    CheckpointError,
    blocks::{Precision, Reader, Writer},
    session, weights,
};
use crate::models::{Design, Layer, network::flat_length};

const KIND: &str = "generator";

/// A generator read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorFile {
    /// The networks it is of.
    pub design: Design,
    /// Steps of training behind it.
    pub step: u64,
    /// Flat parameters, those of the moving average.
    pub parameters: Vec<f32>,
    /// Flat running statistics.
    pub statistics: Vec<f32>,
}

/// Writes a generator as safetensors.
pub fn encode(file: &GeneratorFile, precision: Precision) -> Vec<u8> {
    let network = file.design.networks().generator;
    let mut writer = Writer::new(precision, KIND);
    weights::note(&mut writer, file.design);
    writer.numbers("step", &[file.step]);
    let kinds: Vec<&str> = network.layers().iter().map(Layer::kind).collect();
    writer.note("layers", kinds.join(" "));
    writer.blocks(KIND, network.parameters(), &file.parameters);
    writer.blocks(KIND, network.statistics(), &file.statistics);
    writer.finish()
}

/// Reads a generator, from such a file, from weights or from a run.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the network it names.
pub fn decode(bytes: &[u8]) -> Result<GeneratorFile, CheckpointError> {
    let reader = Reader::new(bytes, &[KIND, weights::KIND, session::KIND])?;
    let design = weights::design(&reader)?;
    let network = design.networks().generator;
    let prefix = if reader.noted("saddle")? == KIND {
        "generator"
    } else {
        "generator.average"
    };
    let blocks = |blocks| reader.blocks(prefix, blocks, flat_length(blocks));
    let [step] = reader.numbers("step")?;
    Ok(GeneratorFile {
        design,
        step,
        parameters: blocks(network.parameters())?,
        statistics: blocks(network.statistics())?,
    })
}
