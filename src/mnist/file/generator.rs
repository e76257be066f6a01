//! A generator alone: `generator.*`, for whoever only draws. Names, shapes and notes are such that other
//! programs can use it: `generator.3.conv.weight` is layer 3's weight `[outputs, inputs, height, width]`, a
//! dense one is `[inputs, outputs]`, and the note `layers` lists all layers.

use super::blocks::{Precision, Reader, Writer};
use super::{FileError, Kind, design};
use crate::mnist::frozen::Generator;
use crate::mnist::nets::{Design, Layer, Weights};

/// A generator read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorFile {
    /// The networks it is of.
    pub design: Design,
    /// Steps of training behind it.
    pub step: u64,
    /// Those of the moving average.
    pub weights: Weights,
}

impl GeneratorFile {
    /// To be asked.
    pub fn load(self) -> Generator {
        Generator::new(self.design, self.weights)
    }
}

/// Writes a generator as safetensors.
pub fn encode(file: &GeneratorFile, precision: Precision) -> Vec<u8> {
    let network = file.design.networks().generator;
    let mut writer = Writer::new(precision, Kind::Generator);
    design::write(&mut writer, file.design);
    writer.numbers("step", &[file.step]);
    let kinds: Vec<&str> = network.layers().iter().map(Layer::kind).collect();
    writer.note("layers", kinds.join(" "));
    writer.network("generator", &network, &file.weights);
    writer.finish()
}

/// Reads a generator, from such a file, from weights or from a run.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the network it names.
pub fn decode(bytes: &[u8]) -> Result<GeneratorFile, FileError> {
    read(&Reader::new(bytes, &[Kind::Generator, Kind::Weights, Kind::Session])?)
}

pub(super) fn read(reader: &Reader<'_>) -> Result<GeneratorFile, FileError> {
    let design = design::read(reader)?;
    let prefix = match reader.kind {
        Kind::Generator => "generator",
        _ => "generator.average",
    };
    let [step] = reader.numbers("step")?;
    Ok(GeneratorFile {
        design,
        step,
        weights: reader.network(prefix, &design.networks().generator)?,
    })
}
