//! Weights of a pair of networks: `generator.average.*` and `discriminator.*`.

use super::blocks::{Precision, Reader, Writer};
use super::generator::{self, GeneratorFile};
use super::{FileError, Kind, design};
use crate::mnist::nets::{Design, Weights};
use crate::mnist::train::session::PairWeights;

/// Weights read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsFile {
    /// The networks they are of.
    pub design: Design,
    /// Steps of training behind them.
    pub step: u64,
    /// Of the averaged generator.
    pub average: Weights,
    /// Of the discriminator.
    pub discriminator: Weights,
}

impl WeightsFile {
    /// To train on from: the generator starts from its average.
    pub fn start(self) -> PairWeights {
        PairWeights {
            generator: self.average.clone(),
            average: self.average,
            discriminator: self.discriminator,
        }
    }
}

/// Writes weights as safetensors.
pub fn encode(file: &WeightsFile, precision: Precision) -> Vec<u8> {
    let mut writer = Writer::new(precision, Kind::Weights);
    writer.numbers("step", &[file.step]);
    design::write(&mut writer, file.design);
    let pair = file.design.networks();
    writer.network("generator.average", &pair.generator, &file.average);
    writer.network("discriminator", &pair.discriminator, &file.discriminator);
    writer.finish()
}

/// Reads weights, of a run too.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the networks it names.
pub fn decode(bytes: &[u8]) -> Result<WeightsFile, FileError> {
    read(&Reader::new(bytes, &[Kind::Weights, Kind::Session])?)
}

/// Reads a generator, and the discriminator where the file has one.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the networks it names.
pub fn decode_networks(bytes: &[u8]) -> Result<(GeneratorFile, Option<Weights>), FileError> {
    let reader = Reader::new(bytes, &[Kind::Generator, Kind::Weights, Kind::Session])?;
    if reader.kind == Kind::Generator {
        return Ok((generator::read(&reader)?, None));
    }
    let WeightsFile { design, step, average: weights, discriminator } = read(&reader)?;
    let generator = GeneratorFile { design, step, weights };
    Ok((generator, Some(discriminator)))
}

fn read(reader: &Reader<'_>) -> Result<WeightsFile, FileError> {
    let GeneratorFile { design, step, weights } = generator::read(reader)?;
    Ok(WeightsFile {
        design,
        step,
        average: weights,
        discriminator: reader.network("discriminator", &design.networks().discriminator)?,
    })
}
