//! What judging needs.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use saddle::mnist::data::Mnist;
use saddle::mnist::file::classifier;
use saddle::mnist::judge::classifier::Classifier;

use super::files::{self, Half};

#[derive(Args, Clone)]
pub(super) struct Judging {
    /// The digit classifier, as written by `saddle classify`
    #[arg(long, value_name = "FILE", default_value = "pretrained/classifier.safetensors")]
    classifier: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
}

impl Judging {
    pub(super) fn classifier(&self) -> Result<Classifier> {
        let file = classifier::decode(&files::read(&self.classifier)?)
            .with_context(|| format!("cannot use {}", self.classifier.display()))?;
        Ok(Classifier::new(&file.weights))
    }

    /// MNIST's training and test images.
    pub(super) fn mnist(&self) -> Result<[Mnist; 2]> {
        let half = |half| files::mnist(&self.data, half);
        Ok([half(Half::Train)?, half(Half::Test)?])
    }
}
