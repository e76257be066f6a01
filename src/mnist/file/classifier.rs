//! The digit classifier in a file: `classifier.*`, and how good it is.

use super::blocks::{Precision, Reader, Writer};
use super::{FileError, Kind};
use crate::mnist::nets::{Weights, classifier};

const PREFIX: &str = "classifier";
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
    let mut writer = Writer::new(Precision::Half, Kind::Classifier);
    writer.note(ACCURACY, file.test_accuracy.to_string());
    writer.network(PREFIX, &network, &file.weights);
    writer.finish()
}

/// Reads a classifier.
///
/// # Errors
/// When the file is damaged, foreign, newer, or does not fit the network.
pub fn decode(bytes: &[u8]) -> Result<ClassifierFile, FileError> {
    let network = classifier::network();
    let reader = Reader::new(bytes, &[Kind::Classifier])?;
    let test_accuracy = reader
        .noted(ACCURACY)?
        .parse()
        .map_err(|_| FileError::Damaged(format!("{ACCURACY} is no number")))?;
    Ok(ClassifierFile { test_accuracy, weights: reader.network(PREFIX, &network)? })
}
