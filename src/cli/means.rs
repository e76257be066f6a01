//! What judging needs.

use std::path::PathBuf;

use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Args;
use saddle::{checkpoint::classifier, data::mnist::Mnist, models::classifier::Classifier as Judge};

use super::files::{self, Half};

#[derive(Args, Clone)]
pub struct Means {
    /// The digit classifier, as written by `saddle classify`
    #[arg(
        long,
        value_name = "FILE",
        default_value = "pretrained/classifier.safetensors"
    )]
    pub classifier: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    pub data: PathBuf,
}

impl Means {
    pub fn judge(&self) -> Result<Judge> {
        let file = classifier::decode(&files::read(&self.classifier)?)
            .with_context(|| format!("cannot use {}", self.classifier.display()))?;
        Ok(Judge::new(&file.weights, &Device::flex()))
    }

    /// MNIST's training and test images.
    pub fn mnist(&self) -> Result<[Mnist; 2]> {
        let half = |half| files::mnist(&self.data, half);
        Ok([half(Half::Train)?, half(Half::Test)?])
    }
}
