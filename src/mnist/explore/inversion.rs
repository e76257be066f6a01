//! From an image back to z: gradient descent through G.
//!
//! Minimises the mean squared difference between G(z) and the image over z, with Adam, from several starts at
//! once. z is kept where the prior has its mass: within the ball that holds about 999 of 1,000 draws, and no
//! coordinate beyond the largest drawn, which for a uniform prior is its edge. Farther out G draws something as
//! well, but nothing it was trained to draw. G has no inverse; many images have no z, and the remaining error
//! says so.

use burn::tensor::{Device, Tensor, TensorData};

use super::norm;
use crate::mnist::data::{PIXELS, SIDE};
use crate::mnist::frozen::{Generator, numbers, upload};
use crate::mnist::train::optimiser::{Optimiser, OptimiserKind};
use crate::num::rng::Rng;

/// Random z from which the best starts are taken.
const DRAWS: usize = 256;
/// Descents that begin, how many steps they are given, and how many of them go on.
const STARTS: usize = 8;
const TRIAL: usize = 60;
const KEPT: usize = 3;
/// Steps of a whole descent.
pub const STEPS: usize = 300;
/// Adam's rate. Tried: 0.05 to 0.3, constant and falling; this one left the least error of generated digits.
const RATE: f32 = 0.05;
/// Standard deviations of the norm beyond its mean: one-sided 99.9 % of a normal distribution, which the norm
/// of many coordinates nearly has.
const BEYOND: f32 = 3.09;

/// Error (see [`Inversion::best`]) up to which an image counts as found: no pixel-sized difference is seen.
pub const FOUND: f32 = 0.03;
/// Error above which no z gives the image.
pub const NONE: f32 = 0.10;

/// A descent under way; every call needs the generator that it was begun with.
#[derive(Debug)]
pub struct Inversion {
    latent: usize,
    /// `[1, 1, 28, 28]` in [-1, 1].
    target: Tensor<4>,
    /// `[descents, latent]`.
    z: Vec<f32>,
    /// Greatest norm of a z, and greatest coordinate.
    region: (f32, f32),
    adam: Optimiser,
    steps: usize,
    best: Best,
}

/// The nearest image so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Root of the mean squared difference of intensities, 0 black .. 1 white.
    pub error: f32,
    /// Its z.
    pub z: Vec<f32>,
    /// `[28, 28]` in [-1, 1].
    pub image: Vec<f32>,
}

impl Inversion {
    /// Begins with the nearest of some random images; `target` is `[28, 28]` in [-1, 1].
    ///
    /// # Panics
    /// If the target is no image.
    pub fn new(generator: &Generator, target: &[f32], seed: u64) -> Self {
        assert_eq!(target.len(), PIXELS, "[28, 28] expected");
        let device = Device::flex();
        let latent = generator.latent();
        let draws = generator.noise(&mut Rng::new(seed), DRAWS);
        let images = generator.images(&draws);
        let errors: Vec<f32> = images.chunks_exact(PIXELS).map(|i| error(i, target)).collect();
        let mut order: Vec<usize> = (0..DRAWS).collect();
        order.sort_by(|&a, &b| errors[a].total_cmp(&errors[b]));
        let z: Vec<f32> = order[..STARTS]
            .iter()
            .flat_map(|&start| &draws[start * latent..(start + 1) * latent])
            .copied()
            .collect();
        Self {
            target: Tensor::from_data(
                TensorData::new(target.to_vec(), [1, 1, SIDE, SIDE]),
                &device,
            ),
            region: region(&draws, latent),
            adam: Optimiser::new(OptimiserKind::Adam, z.len(), &device),
            steps: 0,
            best: Best {
                error: errors[order[0]],
                z: z[..latent].to_vec(),
                image: images[order[0] * PIXELS..(order[0] + 1) * PIXELS].to_vec(),
            },
            latent,
            z,
        }
    }

    /// Steps so far, of [`STEPS`].
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The nearest image so far.
    pub fn best(&self) -> &Best {
        &self.best
    }

    /// One step of every descent.
    pub fn step(&mut self, generator: &Generator) {
        let latent = self.latent;
        let z = upload(self.z.clone(), &self.target.device()).autodiff().require_grad();
        let batch = z.clone().reshape([self.z.len() / latent, latent, 1, 1]);
        let images = generator.frozen().ask(batch);
        let gap = images.clone() - self.target.clone();
        // Adam does not mind the scale, and the starts do not meet: one sum serves all.
        let mut gradients = (gap.clone() * gap).sum().backward();
        let gradient = z.grad_remove(&mut gradients).expect("z reaches the loss");
        let images = numbers(images.inner());
        self.remember(&images);
        let moved = self.adam.step(z.inner(), gradient, RATE, 0.9);
        let (most, reach) = self.region;
        self.z = numbers(moved);
        for z in self.z.chunks_exact_mut(latent) {
            let shrink = (most / norm(z) as f32).min(1.0);
            z.iter_mut().for_each(|v| *v = (*v * shrink).clamp(-reach, reach));
        }
        self.steps += 1;
        if self.steps == TRIAL {
            self.cull(&images);
        }
    }

    /// Lets only the best descents go on, by their last images; Adam's memory of them starts anew.
    fn cull(&mut self, images: &[f32]) {
        let latent = self.latent;
        let target = numbers(self.target.clone());
        let mut rows: Vec<(f32, &[f32])> = images
            .chunks_exact(PIXELS)
            .map(|image| error(image, &target))
            .zip(self.z.chunks_exact(latent))
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.z = rows.iter().take(KEPT).flat_map(|row| row.1.to_vec()).collect();
        self.adam = Optimiser::new(OptimiserKind::Adam, self.z.len(), &self.target.device());
    }

    /// Keeps the nearest of the images that belong to the present z.
    fn remember(&mut self, images: &[f32]) {
        let target = numbers(self.target.clone());
        let latent = self.latent;
        for (image, z) in images.chunks_exact(PIXELS).zip(self.z.chunks_exact(latent)) {
            let error = error(image, &target);
            if error < self.best.error {
                self.best = Best { error, z: z.to_vec(), image: image.to_vec() };
            }
        }
    }
}

/// Where the prior has its mass, by draws from it: greatest norm, greatest coordinate.
fn region(draws: &[f32], latent: usize) -> (f32, f32) {
    let norms: Vec<f32> = draws.chunks_exact(latent).map(|z| norm(z) as f32).collect();
    let n = norms.len() as f32;
    let mean = norms.iter().sum::<f32>() / n;
    let variance = norms.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
    let reach = draws.iter().fold(0.0, |most: f32, v| most.max(v.abs()));
    (mean + BEYOND * variance.sqrt(), reach)
}

/// Root mean square of the difference of intensities in [0, 1], of images in [-1, 1].
fn error(a: &[f32], b: &[f32]) -> f32 {
    let sum: f32 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
    (sum / a.len() as f32).sqrt() / 2.0
}
