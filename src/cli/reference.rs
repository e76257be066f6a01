//! `saddle reference`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use saddle::mnist::judge::classifier::FEATURES;
use saddle::mnist::judge::frechet::Gaussian;
use saddle::mnist::judge::score::{self, Histogram};
use saddle::num::rng::Rng;
use serde_json::{Value, json};

use super::files;
use super::judging::Judging;

/// Sizes of the sets of samples that the page judges by.
const SIZES: [usize; 3] = [500, 1000, 2000];
/// Disjoint draws of real images of each size.
const DRAWS: usize = 20;

/// What the page needs to set beside samples: the features of the test images, and what real images get.
#[derive(Args)]
pub(super) struct Reference {
    /// Where to write it (.json)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    judging: Judging,
}

impl Reference {
    pub(super) fn run(self) -> Result<()> {
        let classifier = self.judging.classifier()?;
        let [train, test] = self.judging.mnist()?;
        let features = classifier.judge(&test.images_in(0..test.len())).features;
        let gaussian = Gaussian::fit(&features, FEATURES);

        let mut order: Vec<u32> = (0..train.len() as u32).collect();
        Rng::new(1).shuffle(&mut order);
        let floors: Vec<Value> = SIZES
            .iter()
            .map(|&size| {
                let draws = order.chunks_exact(size).take(DRAWS);
                let judged = draws.map(|draw| classifier.judge(&train.images_at(draw)));
                let (mut distances, mut scores) = (Vec::new(), Vec::new());
                for real in judged {
                    distances.push(Gaussian::fit(&real.features, FEATURES).distance(&gaussian));
                    scores.push(score::mnist_score(&real.probabilities).value);
                }
                json!({ "samples": size, "frechet": spread(&distances), "mnistScore": spread(&scores) })
            })
            .collect();
        // Half of the symmetric matrix, row by row, from the diagonal on.
        let covariance: Vec<f64> = (0..FEATURES)
            .flat_map(|i| (i..FEATURES).map(move |j| i * FEATURES + j))
            .map(|at| rounded(gaussian.covariance[at]))
            .collect();
        let mean: Vec<f64> = gaussian.mean.iter().copied().map(rounded).collect();
        let all = json!({
            "classes": Histogram::of_labels(&train.labels).0,
            "floors": floors,
            "mean": mean,
            "covariance": covariance,
        });
        files::write(&self.out, format!("{all}\n").as_bytes())?;
        println!("{}", json!(floors));
        Ok(())
    }
}

/// Mean and standard deviation over draws.
fn spread(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    [rounded(mean), rounded(variance.sqrt())]
}

/// To six decimals: the features are of the order of 1.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
