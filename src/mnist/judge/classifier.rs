//! The digit classifier, which judges samples. Its probabilities make the class histogram and the MNIST
//! score; its last hidden layer makes the features of the Fréchet distance, KID, precision and recall.

use burn::tensor::Device;

use crate::mnist::data::PIXELS;
use crate::mnist::frozen::{Frozen, numbers};
use crate::mnist::nets::Weights;
use crate::mnist::nets::classifier::{self, CLASSES};

pub use crate::mnist::nets::classifier::FEATURES;

/// Images judged together.
const TOGETHER: usize = 250;

/// What it says of n images.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Judgement {
    /// Row-major `[n, 10]`, each row summing to 1.
    pub probabilities: Vec<f32>,
    /// Row-major `[n, 48]`, at least 0.
    pub features: Vec<f32>,
}

/// A trained classifier on the CPU.
#[derive(Debug)]
pub struct Classifier {
    body: Frozen,
    head: Frozen,
}

impl Classifier {
    /// Takes up weights.
    ///
    /// # Panics
    /// If they are not those of [`classifier::network`].
    pub fn new(weights: &Weights) -> Self {
        let (body, head) = (classifier::body(), classifier::head());
        let (first, last) = weights.parameters.split_at(body.length());
        let part = |parameters: &[f32]| Weights {
            parameters: parameters.to_vec(),
            statistics: weights.statistics.clone(),
        };
        let device = Device::flex();
        Self {
            body: Frozen::new(body, part(first), &device),
            head: Frozen::new(head, part(last), &device),
        }
    }

    /// Judges `images`, row-major `[n, 28, 28]` in [-1, 1].
    ///
    /// # Panics
    /// If they are not whole.
    pub fn judge(&self, images: &[f32]) -> Judgement {
        let mut judgement = Judgement::default();
        for part in images.chunks(TOGETHER * PIXELS) {
            let features = self.body.ask_all(part.to_vec());
            let logits = self.head.ask(features.clone());
            judgement.features.extend(numbers(features));
            judgement.probabilities.extend(softmax(numbers(logits)));
        }
        judgement
    }
}

/// Of each row of `[n, 10]`, here and not on the device: one kernel less in the page's module.
fn softmax(mut logits: Vec<f32>) -> Vec<f32> {
    for row in logits.chunks_exact_mut(CLASSES) {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter_mut().for_each(|v| *v = (*v - most).exp());
        let sum: f32 = row.iter().sum();
        row.iter_mut().for_each(|v| *v /= sum);
    }
    logits
}
