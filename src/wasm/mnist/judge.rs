//! Judging a generator, for a worker of its own: samples by the digit classifier, the run by its records.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::mnist::data::{PIXELS, intensities};
use crate::mnist::file::classifier;
use crate::mnist::file::generator::{self, GeneratorFile};
use crate::mnist::frozen::Generator;
use crate::mnist::judge::Scores;
use crate::mnist::judge::classifier::{Classifier, FEATURES, Judgement};
use crate::mnist::judge::frechet::Gaussian;
use crate::mnist::judge::score::Histogram;
use crate::mnist::judge::verdict::{self, Evidence, Record, Verdict};
use crate::num::rng::Rng;
use crate::wasm::error::Failure;
use crate::wasm::to_js;

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
    generator: Option<Generator>,
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
    ) -> Result<Judge, Failure> {
        let file = classifier::decode(weights)?;
        let classes: [u32; 10] = classes.try_into().map_err(|_| other_size())?;
        if mean.len() != FEATURES || covariance.len() != FEATURES * FEATURES {
            return Err(other_size());
        }
        Ok(Self {
            classifier: Classifier::new(&file.weights),
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
        self.real = intensities(&images[..kept - kept % PIXELS]);
    }

    /// Starts on another generator; without one only the run's records are judged.
    pub fn begin(&mut self, weights: Option<Vec<u8>>, seed: u32) -> Result<(), Failure> {
        let file = weights.map(|bytes| generator::decode(&bytes)).transpose()?;
        self.generator = file.map(GeneratorFile::load);
        self.noise = Rng::new(u64::from(seed));
        self.drawn = 0;
        self.samples.clear();
        self.judgement = Judgement::default();
        Ok(())
    }

    /// Draws `n` more samples, at least 1, and has them labelled.
    pub fn draw(&mut self, n: usize) -> Result<(), Failure> {
        let Some(generator) = &self.generator else {
            return Ok(());
        };
        if n == 0 {
            return Err(Failure::argument("at least one sample must be drawn"));
        }
        let images = generator.images(&generator.noise(&mut self.noise, n));
        let Judgement { probabilities, features } = self.classifier.judge(&images);
        self.judgement.probabilities.extend(probabilities);
        self.judgement.features.extend(features);
        let room = COMPARED * PIXELS - self.samples.len();
        self.samples.extend(&images[..images.len().min(room)]);
        self.drawn += n;
        Ok(())
    }

    /// What is to be said. `history` is row-major `[n, 6]`, oldest first: step, loss of D and of G, mean
    /// D(x), mean D(G(z)), norm of G's gradient; without `gradients` the last is not measured.
    pub fn opinion(&self, history: &[f64], gradients: bool) -> Result<JsValue, Failure> {
        let rows = history.chunks_exact(RECORD);
        let history: Vec<Record> = rows.map(|row| record(row, gradients)).collect();
        let scores =
            (self.drawn > 0).then(|| Scores::of(&self.judgement, &self.classes, &self.features));
        let verdicts = verdict::judge(&Evidence {
            history: &history,
            samples: &self.samples,
            real: &self.real,
            classes: scores.as_ref().map_or(Histogram::default(), |s| s.classes),
        });
        to_js(&Opinion { samples: self.drawn, scores, verdicts })
    }
}

#[derive(Serialize)]
struct Opinion {
    samples: usize,
    scores: Option<Scores>,
    verdicts: Vec<Verdict>,
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and single-precision numbers, which the page has as doubles"
)]
fn record(row: &[f64], gradients: bool) -> Record {
    Record {
        step: row[0] as u64,
        losses: [row[1] as f32, row[2] as f32],
        d_real: row[3] as f32,
        d_fake: row[4] as f32,
        gradient_g: gradients.then_some(row[5] as f32),
    }
}

fn other_size() -> Failure {
    Failure::argument("these figures of real images are not those of the classifier")
}
