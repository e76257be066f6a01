//! Training of the digit classifier.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use serde::Serialize;

use super::optimiser::OptimiserKind;
use super::player::Player;
use crate::mnist::data::{Batches, Mnist, PIXELS, SIDE};
use crate::mnist::frozen::numbers;
use crate::mnist::judge::classifier::Classifier;
use crate::mnist::nets::Weights;
use crate::mnist::nets::classifier::{self, CLASSES};
use crate::num::rng::Rng;

const BETA_1: f32 = 0.9;

/// Independent streams of one seed; shuffles have their own in [`Batches`].
mod stream {
    pub(super) const WEIGHTS: u64 = 1;
    pub(super) const SHIFTS: u64 = 2;
}

/// How it is trained: Adam down the cross-entropy, the rate falling linearly to 0, every image shifted
/// anew each time it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recipe {
    /// Passes over the training set.
    pub epochs: usize,
    /// Images per step.
    pub batch: usize,
    /// Adam's rate at the first step.
    pub rate: f32,
    /// Largest shift either way, pixels. Generated digits are not centred as real ones are, and a
    /// classifier that is put off by a pixel would judge the place instead of the digit.
    pub shift: u32,
    /// Seed of weights, shifts and the order of images.
    pub seed: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { epochs: 12, batch: 128, rate: 3e-3, shift: 2, seed: 1 }
    }
}

/// A classifier that learns.
#[derive(Debug)]
pub struct Training<'a> {
    recipe: Recipe,
    data: &'a Mnist,
    device: Device,
    player: Player,
    batches: Batches,
    shifts: Rng,
    step: usize,
}

impl<'a> Training<'a> {
    /// Starts with fresh weights.
    ///
    /// # Panics
    /// If there are fewer images than a batch has, or the batch is empty.
    pub fn new(recipe: Recipe, data: &'a Mnist, device: &Device) -> Self {
        assert!(
            (1..=data.len()).contains(&recipe.batch),
            "a batch of 1 to {} expected",
            data.len()
        );
        let device = device.clone().inner();
        let mut rng = Rng::stream(recipe.seed, stream::WEIGHTS);
        Self {
            player: Player::new(classifier::network(), OptimiserKind::Adam, &mut rng, &device),
            batches: Batches::new(data.len(), recipe.batch, recipe.seed),
            shifts: Rng::stream(recipe.seed, stream::SHIFTS),
            step: 0,
            recipe,
            data,
            device,
        }
    }

    /// Steps in all; what does not fill a last batch is left out of its epoch.
    pub fn length(&self) -> usize {
        self.recipe.epochs * (self.data.len() / self.recipe.batch)
    }

    /// Steps taken.
    pub fn steps(&self) -> usize {
        self.step
    }

    /// One step; returns its loss, the mean cross-entropy of the batch in nats, unread.
    pub fn step(&mut self) -> Tensor<1> {
        let n = self.recipe.batch;
        let (images, targets) = self.batch();
        let images: Tensor<4> =
            Tensor::from_data(TensorData::new(images, [n, 1, SIDE, SIDE]), &self.device);
        let targets: Tensor<2> =
            Tensor::from_data(TensorData::new(targets, [n, CLASSES]), &self.device);
        let leaves = self.player.leaves();
        let seen = self.player.forward(&leaves.tracked, images, &[]);
        let logs: Tensor<2> = log_softmax(seen.output.reshape([n, CLASSES]), 1);
        let loss: Tensor<1> = (logs * targets).sum() * (-1.0 / n as f32);
        let left = 1.0 - self.step as f32 / self.length() as f32;
        self.player.descend(&loss, &leaves, self.recipe.rate * left.max(0.0), BETA_1);
        self.player.update_statistics(seen.batch_statistics);
        self.step += 1;
        loss.inner()
    }

    /// Shifted images `[n, 28, 28]` in [-1, 1] and their classes as rows of 0 and 1, `[n, 10]`.
    fn batch(&mut self) -> (Vec<f32>, Vec<f32>) {
        let indices = self.batches.next_batch();
        let reach = self.recipe.shift as i32;
        let mut images = Vec::with_capacity(indices.len() * PIXELS);
        for image in self.data.images_at(indices).as_chunks::<PIXELS>().0 {
            let mut offset = || self.shifts.below(2 * self.recipe.shift + 1) as i32 - reach;
            let (down, right) = (offset(), offset());
            images.extend(shifted(image, down, right));
        }
        let mut targets = vec![0.0; indices.len() * CLASSES];
        for (row, &index) in targets.chunks_exact_mut(CLASSES).zip(indices) {
            row[usize::from(self.data.labels[index as usize])] = 1.0;
        }
        (images, targets)
    }

    /// The weights so far; the device must be a CPU.
    pub fn weights(&self) -> Weights {
        Weights {
            parameters: numbers(self.player.parameters.clone()),
            statistics: numbers(self.player.statistics.clone()),
        }
    }
}

/// `image` moved by so many pixels; what comes in is black (-1), what leaves is lost.
pub fn shifted(image: &[f32; PIXELS], down: i32, right: i32) -> [f32; PIXELS] {
    let source =
        |at: usize, by: i32| usize::try_from(at as i32 - by).ok().filter(|&from| from < SIDE);
    std::array::from_fn(|i| match (source(i / SIDE, down), source(i % SIDE, right)) {
        (Some(row), Some(column)) => image[row * SIDE + column],
        _ => -1.0,
    })
}

/// Share of `data` that `classifier` names rightly, in [0, 1].
pub fn accuracy(classifier: &Classifier, data: &Mnist) -> f64 {
    const TOGETHER: usize = 1000;
    let right = |from: usize| {
        let range = from..(from + TOGETHER).min(data.len());
        let labels = &data.labels[range.clone()];
        let probabilities = classifier.judge(&data.images_in(range)).probabilities;
        let rows = probabilities.chunks_exact(CLASSES).zip(labels);
        rows.filter(|(row, label)| {
            let label = usize::from(**label);
            (0..CLASSES).all(|class| class == label || row[class] < row[label])
        })
        .count()
    };
    let parts = (0..data.len()).step_by(TOGETHER);
    parts.map(right).sum::<usize>() as f64 / data.len() as f64
}
