//! `saddle eval`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use saddle::mnist::data::{Mnist, PIXELS};
use saddle::mnist::judge::classifier::{Classifier, FEATURES};
use saddle::mnist::judge::score::{self, Histogram};
use saddle::mnist::judge::{Estimate, frechet, kid, neighbours, parzen};

use super::judging::Judging;
use super::{files, sample};

/// By which Goodfellow 2014's own script chooses sigma: the first 1,000 of the last 10,000 training images.
pub(super) const VALIDATION: std::ops::Range<usize> = 50_000..51_000;
/// Neighbours of precision and recall (Kynkäänniemi et al. 2019).
const NEIGHBOURS: usize = 3;

#[derive(Args)]
pub(super) struct Eval {
    /// A generator, a pair of networks or a run, as written by `saddle` or by the page (.safetensors)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    #[command(flatten)]
    judging: Judging,
    /// How many samples stand for the generator
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1_000..=60_000))]
    samples: u32,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Everything that is said of a generator.
struct Scores {
    parzen: parzen::Parzen,
    mnist_score: Estimate,
    shares: [f64; 10],
    class_tv: Estimate,
    frechet: Estimate,
    frechet_floor: Estimate,
    kid: Estimate,
    neighbours: neighbours::PrecisionRecall,
}

impl Eval {
    pub(super) fn run(self) -> Result<()> {
        let file = files::generator(&self.weights)?;
        let classifier = self.judging.classifier()?;
        let [train, test] = self.judging.mnist()?;
        let (preset, step) = (file.design.preset, file.step);
        let samples = sample::draw(&file.load(), self.samples as usize, self.seed);
        let scores = self.score(&classifier, &train, &test, &samples)?;
        if self.json {
            let value = serde_json::json!({
                "weights": self.weights, "preset": preset, "step": step,
                "samples": self.samples, "seed": self.seed,
                "parzen": { "mean": scores.parzen.mean, "se": scores.parzen.standard_error, "sigma": scores.parzen.sigma },
                "mnist_score": scores.mnist_score.value, "mnist_score_se": scores.mnist_score.standard_error,
                "class_shares": scores.shares,
                "class_tv": scores.class_tv.value, "class_tv_se": scores.class_tv.standard_error,
                "frechet": scores.frechet.value, "frechet_se": scores.frechet.standard_error,
                "frechet_floor": scores.frechet_floor.value, "frechet_floor_se": scores.frechet_floor.standard_error,
                "kid": scores.kid.value, "kid_se": scores.kid.standard_error,
                "precision": scores.neighbours.precision.value, "recall": scores.neighbours.recall.value,
            });
            println!("{}", serde_json::to_string_pretty(&value)?);
        } else {
            println!(
                "{} at step {}, {} samples, seed {}; +- is one standard error",
                preset.name(),
                step,
                self.samples,
                self.seed
            );
            scores.print();
        }
        Ok(())
    }

    fn score(
        &self,
        classifier: &Classifier,
        train: &Mnist,
        test: &Mnist,
        samples: &[f32],
    ) -> Result<Scores> {
        let validation = unit(train, VALIDATION).context("the training set is too small")?;
        let tested = unit(test, 0..test.len()).context("the test set is too small")?;
        let centres = centres(samples);

        let judged = |data: &Mnist, n: usize| classifier.judge(&data.images_in(0..n));
        let real = judged(test, test.len());
        let other_real = judged(train, 10_000.min(train.len()));
        let fake = classifier.judge(samples);
        let features = frechet::Gaussian::fit(&real.features, FEATURES);
        let classes = Histogram::of_probabilities(&fake.probabilities);
        Ok(Scores {
            parzen: parzen::log_likelihood(&centres, &validation, &tested),
            mnist_score: score::mnist_score(&fake.probabilities),
            shares: classes.shares(),
            class_tv: classes.total_variation(&Histogram::of_labels(&test.labels)),
            frechet: frechet::with_error(&features, &fake.features, FEATURES),
            frechet_floor: frechet::with_error(&features, &other_real.features, FEATURES),
            kid: kid::distance(&real.features, &fake.features, FEATURES, self.seed),
            neighbours: neighbours::precision_recall(
                &real.features,
                &fake.features,
                FEATURES,
                NEIGHBOURS,
            ),
        })
    }
}

impl Scores {
    fn print(&self) {
        let estimate = |e: &Estimate, digits: usize| {
            format!("{:.digits$} +- {:.digits$}", e.value, e.standard_error)
        };
        let parzen = &self.parzen;
        println!(
            "Parzen log-likelihood  {:.1} +- {:.1} nats (sigma {:.3}; the paper's adversarial nets: 225 +- 2)",
            parzen.mean, parzen.standard_error, parzen.sigma
        );
        println!("MNIST score            {} (at most 10)", estimate(&self.mnist_score, 2));
        println!("class total variation  {}", estimate(&self.class_tv, 3));
        let shares: Vec<String> = self.shares.iter().map(|s| format!("{:.1}", 100.0 * s)).collect();
        println!("classes 0 to 9         {} %", shares.join("  "));
        println!(
            "Frechet distance       {} (real training images: {})",
            estimate(&self.frechet, 3),
            estimate(&self.frechet_floor, 3)
        );
        println!("KID                    {}", estimate(&self.kid, 4));
        println!(
            "precision, recall      {}, {} (k = {NEIGHBOURS})",
            estimate(&self.neighbours.precision, 3),
            estimate(&self.neighbours.recall, 3)
        );
    }
}

/// Samples in [-1, 1] as centres of Parzen windows, in [0, 1].
pub(super) fn centres(samples: &[f32]) -> Vec<f32> {
    samples.iter().map(|v| (v + 1.0) / 2.0).collect()
}

/// Images of `range` as `[n, 784]` in [0, 1].
pub(super) fn unit(data: &Mnist, range: std::ops::Range<usize>) -> Option<Vec<f32>> {
    let bytes = data.images.get(range.start * PIXELS..range.end * PIXELS)?;
    Some(bytes.iter().map(|&v| f32::from(v) / 255.0).collect())
}
