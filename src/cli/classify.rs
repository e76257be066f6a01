//! `saddle classify`

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use saddle::mnist::file::classifier::{self, ClassifierFile};
use saddle::mnist::judge::classifier::Classifier;
use saddle::mnist::train::classifier::{Recipe, Training, accuracy};

use super::files::{self, Half};

#[derive(Args)]
pub(super) struct Classify {
    /// Where to write the classifier (.safetensors)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
    /// Passes over the training set
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=1000))]
    epochs: u16,
    /// Seed of weights, shifts and the order of images
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Classify {
    pub(super) fn run(self) -> Result<()> {
        let train = files::mnist(&self.data, Half::Train)?;
        let test = files::mnist(&self.data, Half::Test)?;
        let recipe = Recipe { epochs: self.epochs.into(), seed: self.seed, ..Recipe::default() };
        println!("{}", serde_json::to_string(&recipe)?);
        let mut training = Training::new(recipe, &train, &Device::flex());
        let per_epoch = training.length() / recipe.epochs;
        let bar =
            ProgressBar::new(training.length() as u64).with_style(ProgressStyle::with_template(
                "{bar:30} {pos}/{len} steps  {per_sec}  {eta} left  {msg}",
            )?);
        let start = Instant::now();
        while training.steps() < training.length() {
            let loss = training.step();
            bar.inc(1);
            let step = training.steps();
            if step.is_multiple_of(20) {
                let loss: Vec<f32> =
                    loss.into_data().try_into_vec().context("the loss is not f32")?;
                bar.set_message(format!("{:.4} nats", loss[0]));
            }
            if step.is_multiple_of(per_epoch) {
                let right = accuracy(&Classifier::new(&training.weights()), &test);
                // `ProgressBar::println` is silent where there is no terminal.
                bar.suspend(|| {
                    println!(
                        "epoch {}: {:.2} % of the test images",
                        step / per_epoch,
                        100.0 * right
                    );
                });
            }
        }
        bar.finish();
        // What counts is the accuracy of what is shipped: after rounding to half precision.
        let mut file = ClassifierFile { test_accuracy: 0.0, weights: training.weights() };
        file.weights = classifier::decode(&classifier::encode(&file))?.weights;
        file.test_accuracy = accuracy(&Classifier::new(&file.weights), &test);
        let bytes = classifier::encode(&file);
        files::write(&self.out, &bytes)?;
        println!(
            "{}: {} bytes, {:.2} % of the test images, {:.0} s",
            self.out.display(),
            bytes.len(),
            100.0 * file.test_accuracy,
            start.elapsed().as_secs_f64()
        );
        Ok(())
    }
}
