//! Judging a generator, for a worker of its own: samples by the digit classifier, the run by its records.

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{explorer::Sampler, to_js};
use crate::{
    checkpoint::classifier,
    data::rng::Rng,
    metrics::{
        Estimate,
        frechet::{self, Gaussian},
        score::{self, Histogram},
        verdict::{self, Evidence, Record, Verdict},
    },
    models::classifier::{Classifier, FEATURES, Judgement},
};

const PIXELS: usize = 784;
/// Images that are compared with each other, pair by pair.
const COMPARED: usize = 256;
/// Numbers of one record of a run, as they come from the page.
const RECORD: usize = 6;

/// The classifier, what real images get from it, and the generator that is being judged.
#[wasm_bindgen]
pub struct Judge {
    classifier: Classifier,
    classes: Histogram,
    features: Gaussian,
    real: Vec<f32>,
    generator: Option<Sampler>,
    noise: Rng,
    drawn: usize,
    samples: Vec<f32>,
    judgement: Judgement,
}

#[wasm_bindgen]
impl Judge {
    /// `weights`: of the classifier, safetensors. `classes`: how many real images each class has. `mean`
    /// `[48]` and `covariance` `[48, 48]`: of real features.
    #[wasm_bindgen(constructor)]
    pub fn new(
        weights: &[u8],
        classes: &[u32],
        mean: Vec<f64>,
        covariance: Vec<f64>,
    ) -> Result<Judge, JsError> {
        let file = classifier::decode(weights)?;
        let classes: [u32; 10] = classes.try_into().map_err(|_| other_size())?;
        if mean.len() != FEATURES || covariance.len() != FEATURES * FEATURES {
            return Err(other_size());
        }
        Ok(Self {
            classifier: Classifier::new(&file.weights, &Device::flex()),
            classes: Histogram(classes.map(u64::from)),
            features: Gaussian { mean, covariance },
            real: Vec::new(),
            generator: None,
            noise: Rng::new(0),
            drawn: 0,
            samples: Vec::new(),
            judgement: Judgement::default(),
        })
    }

    /// Real images, grey bytes `[n, 28, 28]`, that samples are compared with; the first 256 are kept.
    #[wasm_bindgen(js_name = setReal)]
    pub fn set_real(&mut self, images: &[u8]) {
        let kept = images.len().min(COMPARED * PIXELS);
        let value = |&v: &u8| 2.0 * f32::from(v) / 255.0 - 1.0;
        self.real = images[..kept - kept % PIXELS].iter().map(value).collect();
    }

    /// Starts on another generator; without one only the run's records are judged.
    pub fn begin(&mut self, weights: Option<Vec<u8>>, seed: u32) -> Result<(), JsError> {
        let generator = weights.map(|bytes| Sampler::new(&bytes)).transpose()?;
        self.generator = generator;
        self.noise = Rng::new(u64::from(seed));
        self.drawn = 0;
        self.samples.clear();
        self.judgement = Judgement::default();
        Ok(())
    }

    /// Draws `n` more samples and has them labelled.
    pub fn draw(&mut self, n: usize) {
        let Some(sampler) = &self.generator else {
            return;
        };
        let images = sampler.draw(&mut self.noise, n);
        let Judgement {
            probabilities,
            features,
        } = self.classifier.judge(&images);
        self.judgement.probabilities.extend(probabilities);
        self.judgement.features.extend(features);
        let room = COMPARED * PIXELS - self.samples.len();
        self.samples.extend(&images[..images.len().min(room)]);
        self.drawn += n;
    }

    /// What is to be said. `history` is row-major `[n, 6]`, oldest first: step, loss of D and of G, mean
    /// D(x), mean D(G(z)), norm of G's gradient or -1 where it is not measured.
    pub fn opinion(&self, history: &[f32]) -> Result<JsValue, JsError> {
        let history: Vec<Record> = history.chunks_exact(RECORD).map(record).collect();
        let scores = (self.drawn > 0).then(|| self.scores());
        let verdicts = verdict::judge(&Evidence {
            history: &history,
            samples: &self.samples,
            real: &self.real,
            classes: scores.as_ref().map_or(Histogram::default(), |s| s.classes),
        });
        to_js(&Opinion {
            samples: self.drawn,
            scores: scores.map(Into::into),
            verdicts,
        })
    }

    fn scores(&self) -> Scores {
        let Judgement {
            probabilities,
            features,
        } = &self.judgement;
        let classes = Histogram::of_probabilities(probabilities);
        Scores {
            classes,
            score: score::mnist_score(probabilities),
            variation: classes.total_variation(&self.classes),
            variation_floor: score::total_variation_floor(&self.classes, classes.total()),
            frechet: frechet::with_error(&self.features, features, FEATURES),
        }
    }
}

struct Scores {
    classes: Histogram,
    score: Estimate,
    variation: Estimate,
    variation_floor: f64,
    frechet: Estimate,
}

/// For the page: counts, and values with their standard errors.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    classes: [u32; 10],
    mnist_score: (f64, f64),
    class_tv: (f64, f64),
    class_tv_floor: f64,
    frechet: (f64, f64),
}

impl From<Scores> for Figures {
    fn from(scores: Scores) -> Self {
        let pair = |e: Estimate| (e.value, e.standard_error);
        Self {
            classes: scores.classes.0.map(|n| n as u32),
            mnist_score: pair(scores.score),
            class_tv: pair(scores.variation),
            class_tv_floor: scores.variation_floor,
            frechet: pair(scores.frechet),
        }
    }
}

#[derive(Serialize)]
struct Opinion {
    samples: usize,
    scores: Option<Figures>,
    verdicts: Vec<Verdict>,
}

fn record(row: &[f32]) -> Record {
    Record {
        step: row[0] as u64,
        losses: [row[1], row[2]],
        d_real: row[3],
        d_fake: row[4],
        // Not a number is a norm that was measured.
        gradient_g: (row[5] != -1.0).then_some(row[5]),
    }
}

fn other_size() -> JsError {
    JsError::new("these figures of real images are not those of the classifier")
}
