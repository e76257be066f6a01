//! The digit classifier in a file: `classifier.*`, and how good it is.

use super::{
    CheckpointError,
    blocks::{Precision, Reader, Writer},
};
use crate::models::{
    classifier::{self, Weights},
    network::flat_length,
};

const KIND: &str = "classifier";
const ACCURACY: &str = "test_accuracy";

/// A classifier read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassifierFile {
    /// Share of MNIST's test images that it names rightly, in [0, 1].
    pub test_accuracy: f64,
    /// Its weights.
    pub weights: Weights,
}

/// Writes a classifier as safetensors, half precision: 132 kB.
pub fn encode(file: &ClassifierFile) -> Vec<u8> {
    let network = classifier::network();
    let mut writer = Writer::new(Precision::Half, KIND);
    writer.note(ACCURACY, file.test_accuracy.to_string());
    writer.blocks(KIND, network.parameters(), &file.weights.parameters);
    writer.blocks(KIND, network.statistics(), &file.weights.statistics);
    writer.finish()
}

/// Reads a classifier.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the network.
pub fn decode(bytes: &[u8]) -> Result<ClassifierFile, CheckpointError> {
    let network = classifier::network();
    let reader = Reader::new(bytes, &[KIND])?;
    let test_accuracy = reader
        .noted(ACCURACY)?
        .parse()
        .map_err(|_| CheckpointError::Foreign("a test accuracy".to_owned()))?;
    let (parameters, statistics) = (network.parameters(), network.statistics());
    Ok(ClassifierFile {
        test_accuracy,
        weights: Weights {
            parameters: reader.blocks(KIND, parameters, flat_length(parameters))?,
            statistics: reader.blocks(KIND, statistics, flat_length(statistics))?,
        },
    })
}
