//! What samples get, beside what real images have.

use serde::Serialize;

use super::Estimate;
use super::classifier::{FEATURES, Judgement};
use super::frechet::{self, FEW_ROWS, Gaussian};
use super::score::{self, Histogram};

/// Of samples that the classifier has judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Samples of each class.
    pub classes: Histogram,
    /// 1 to 10.
    pub mnist_score: Estimate,
    /// Total variation of the classes from the real ones, in [0, 1].
    pub class_tv: Estimate,
    /// What as many perfect samples have in the mean.
    pub class_tv_floor: f64,
    /// Fréchet distance from the real features; none for fewer than 40 samples.
    pub frechet: Option<Estimate>,
}

impl Scores {
    /// `real` and `features` are those of real images.
    ///
    /// # Panics
    /// Without a sample.
    pub fn of(judgement: &Judgement, real: &Histogram, features: &Gaussian) -> Self {
        let classes = Histogram::of_probabilities(&judgement.probabilities);
        let enough = judgement.features.len() >= FEW_ROWS * FEATURES;
        let frechet = || frechet::with_error(features, &judgement.features, FEATURES);
        Self {
            classes,
            mnist_score: score::mnist_score(&judgement.probabilities),
            class_tv: classes.total_variation(real),
            class_tv_floor: score::total_variation_floor(real, classes.total()),
            frechet: enough.then(frechet),
        }
    }
}
