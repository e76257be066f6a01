//! `saddle eval`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use saddle::{data::mnist::Mnist, metrics::parzen};

use super::{
    files::{self, Half},
    sample,
};

#[derive(Args)]
pub struct Eval {
    /// Weights, as written by `saddle train` or by the page (.safetensors)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
    /// How many samples stand for the generator
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    samples: u32,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

impl Eval {
    pub fn run(self) -> Result<()> {
        let file = files::weights(&self.weights)?;
        let train = files::mnist(&self.data, Half::Train)?;
        let test = files::mnist(&self.data, Half::Test)?;
        let images = sample::draw(&file, self.samples as usize, self.seed);
        let centres: Vec<f32> = images.iter().map(|v| (v + 1.0) / 2.0).collect();
        // Goodfellow 2014's own script: sigma from the first 1,000 of the last 10,000 training images.
        let validation = unit(&train, 50_000..51_000).context("the training set is too small")?;
        let tested = unit(&test, 0..test.len()).context("the test set is too small")?;
        let parzen = parzen::log_likelihood(&centres, &validation, &tested);
        if self.json {
            let value = serde_json::json!({
                "weights": self.weights, "preset": file.preset, "step": file.step,
                "samples": self.samples, "seed": self.seed,
                "parzen": { "mean": parzen.mean, "se": parzen.standard_error, "sigma": parzen.sigma },
            });
            println!("{}", serde_json::to_string_pretty(&value)?);
        } else {
            println!(
                "{} at step {}, {} samples, seed {}",
                file.preset.name(),
                file.step,
                self.samples,
                self.seed
            );
            println!(
                "Parzen log-likelihood  {:.1} +- {:.1} nats (sigma {:.3}; the paper's adversarial nets: 225 +- 2)",
                parzen.mean, parzen.standard_error, parzen.sigma
            );
        }
        Ok(())
    }
}

/// Images of `range` as `[n, 784]` in [0, 1].
fn unit(data: &Mnist, range: std::ops::Range<usize>) -> Option<Vec<f32>> {
    let bytes = data.images.get(range.start * 784..range.end * 784)?;
    Some(bytes.iter().map(|&v| f32::from(v) / 255.0).collect())
}
