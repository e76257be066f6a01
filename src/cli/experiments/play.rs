//! One run, played to its end and judged as the page judges it.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result};
use burn::tensor::Device;
use saddle::mnist::data::{Mnist, PIXELS, grey};
use saddle::mnist::frozen::Generator;
use saddle::mnist::judge::classifier::{Classifier, FEATURES};
use saddle::mnist::judge::frechet::{self, Gaussian};
use saddle::mnist::judge::score::{self, Histogram};
use saddle::mnist::judge::verdict::{self, Evidence, RECORDS, Record, Verdict};
use saddle::mnist::train::{Session, Settings};
use saddle::num::rng::Rng;
use serde::{Deserialize, Serialize};

use crate::cli::judging::Judging;
use crate::cli::wait::block_on;

/// Samples by which a run is judged, and the seed of their noise, as on the page.
const SAMPLES: usize = 1000;
const SEED: u64 = 2014;
/// Samples that are compared pair by pair, as on the page.
const COMPARED: usize = 256;
/// Digits of a picture and of its rows.
const DRAWN: usize = 32;
pub(super) const COLUMNS: usize = 8;
/// Moments of a curve.
const MOMENTS: usize = 120;

/// What came of a run, and what to draw of it.
pub(super) struct Played {
    /// What came of it.
    pub outcome: Outcome,
    /// Digits, grey bytes `[32, 28, 28]`.
    pub grid: Vec<u8>,
    /// Means over equal parts of the run.
    pub curve: Vec<Moment>,
}

/// What came of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    /// Of the run.
    pub seed: u32,
    /// Steps taken: fewer than asked for where a number was lost.
    pub steps: u64,
    /// Of training alone, on one core.
    pub seconds: f64,
    /// At its end, as the page gets them.
    pub verdicts: Vec<Verdict>,
    /// The same as sentences.
    pub says: Vec<String>,
    /// None where they are not finite.
    pub scores: Option<Scores>,
    /// Medians of the last 50 steps.
    pub end: Moment,
}

/// Of 1,000 samples.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scores {
    /// 1 to 10.
    pub mnist_score: f64,
    /// 0 to 1.
    pub class_tv: f64,
    /// On the classifier's features, from the test images.
    pub frechet: f64,
    /// Share of the pixels between black and white.
    pub middle: f64,
}

/// What a step saw; none where it is not finite.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Moment {
    /// Steps taken.
    pub step: u64,
    /// D's loss, nats.
    pub loss_d: Option<f32>,
    /// G's loss, nats.
    pub loss_g: Option<f32>,
    /// Mean D(x).
    pub d_real: Option<f32>,
    /// Mean D(G(z)).
    pub d_fake: Option<f32>,
    /// Norm of G's gradient.
    pub grad_g: Option<f32>,
}

/// Who judges, and by what.
pub(super) struct Setup {
    classifier: Classifier,
    real: Vec<f32>,
    classes: Histogram,
    features: Gaussian,
    train: Arc<Mnist>,
}

impl Setup {
    pub(super) fn new(judging: &Judging) -> Result<Self> {
        let classifier = judging.classifier()?;
        let [train, test] = judging.mnist()?;
        let tested = classifier.judge(&test.images_in(0..test.len()));
        Ok(Self {
            real: train.images_in(0..COMPARED),
            classes: Histogram::of_labels(&train.labels),
            features: Gaussian::fit(&tested.features, FEATURES),
            train: Arc::new(train),
            classifier,
        })
    }

    /// Plays up to `steps` steps.
    pub(super) fn play(&self, settings: &Settings, steps: u64) -> Result<Played> {
        let start = Instant::now();
        let mut session = Session::new(settings.clone(), self.train.clone(), &Device::flex())?;
        let mut history = Vec::new();
        while session.steps() < steps {
            session.step();
            let seen = block_on(session.statistics())?.context("no step was taken")?;
            let record = Record {
                step: seen.step,
                losses: [seen.loss_d, seen.loss_g],
                d_real: seen.d_real,
                d_fake: seen.d_fake,
                gradient_g: Some(seen.grad_g),
            };
            history.push(record);
            // Nothing comes back from there, and the page stops too.
            if verdict::not_a_number(&history[history.len() - 1..], &[]).is_some() {
                break;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let weights = block_on(session.average_weights())?;
        let generator = Generator::new(settings.design(), weights);
        let mut rng = Rng::new(SEED);
        let mut samples = Vec::with_capacity(SAMPLES * PIXELS);
        while samples.len() < SAMPLES * PIXELS {
            let n = 100.min(SAMPLES - samples.len() / PIXELS);
            samples.extend(generator.images(&generator.noise(&mut rng, n)));
        }
        let finite = samples.iter().all(|v| v.is_finite());
        let judged = finite.then(|| self.classifier.judge(&samples));
        let classes = judged.as_ref().map(|j| Histogram::of_probabilities(&j.probabilities));
        let verdicts = verdict::judge(&Evidence {
            history: &history,
            samples: &samples[..COMPARED * PIXELS],
            real: &self.real,
            classes: classes.unwrap_or_default(),
        });
        let scores = judged.zip(classes).map(|(judged, classes)| Scores {
            mnist_score: score::mnist_score(&judged.probabilities).value,
            class_tv: classes.total_variation(&self.classes).value,
            frechet: frechet::with_error(&self.features, &judged.features, FEATURES).value,
            middle: samples.iter().filter(|v| v.abs() < verdict::TONE).count() as f64
                / samples.len() as f64,
        });
        let outcome = Outcome {
            seed: settings.seed,
            steps: session.steps(),
            seconds,
            says: verdicts.iter().map(ToString::to_string).collect(),
            verdicts,
            scores,
            end: median(&history[history.len().saturating_sub(RECORDS)..]),
        };
        Ok(Played { outcome, grid: grey(&samples[..DRAWN * PIXELS]), curve: thin(&history) })
    }
}

/// Of each number by itself.
fn median(records: &[Record]) -> Moment {
    let of = |number: fn(&Record) -> f32| {
        let mut values: Vec<f32> = records.iter().map(number).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f32::NAN)
    };
    moment(records, of)
}

/// Means over at most [`MOMENTS`] parts.
fn thin(history: &[Record]) -> Vec<Moment> {
    let parts = history.chunks(history.len().div_ceil(MOMENTS).max(1));
    let mean = |part: &[Record]| {
        moment(part, |number| part.iter().map(number).sum::<f32>() / part.len() as f32)
    };
    parts.map(mean).collect()
}

fn moment(records: &[Record], of: impl Fn(fn(&Record) -> f32) -> f32) -> Moment {
    let of = |number| Some(of(number)).filter(|v: &f32| v.is_finite());
    Moment {
        step: records.last().map_or(0, |record| record.step),
        loss_d: of(|r| r.losses[0]),
        loss_g: of(|r| r.losses[1]),
        d_real: of(|r| r.d_real),
        d_fake: of(|r| r.d_fake),
        grad_g: of(|r| r.gradient_g.unwrap_or(f32::NAN)),
    }
}
