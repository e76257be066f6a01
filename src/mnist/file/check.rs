//! What a file holds, once it has been read completely.

use serde::Serialize;

use super::blocks::Reader;
use super::{FileError, Kind, classifier, generator, session, weights};
use crate::mnist::nets::Design;
use crate::mnist::train::Settings;

/// What there is to say of a whole file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// What it holds, by its name in files.
    pub kind: &'static str,
    /// Steps of training behind it.
    pub step: u64,
    /// Of a run its own; of weights and generators those of the preset, with the networks of the file.
    pub settings: Option<Settings>,
}

/// Reads the whole of a file of any kind.
///
/// # Errors
/// Whatever is wrong with it.
pub fn check(bytes: &[u8]) -> Result<Summary, FileError> {
    let kind = Reader::new(bytes, &Kind::ALL)?.kind;
    let usual = |design: Design| Some(Settings::of(design.preset).with_design(design));
    let (step, settings) = match kind {
        Kind::Session => {
            let saved = session::decode(bytes)?;
            (saved.step, Some(saved.settings))
        }
        Kind::Weights => {
            let file = weights::decode(bytes)?;
            (file.step, usual(file.design))
        }
        Kind::Generator => {
            let file = generator::decode(bytes)?;
            (file.step, usual(file.design))
        }
        Kind::Classifier => classifier::decode(bytes).map(|_| (0, None))?,
    };
    Ok(Summary { kind: kind.name(), step, settings })
}
