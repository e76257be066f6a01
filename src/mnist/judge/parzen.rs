//! Parzen-window log-likelihood, the measure of Goodfellow et al. 2014, Table 1.
//!
//! Follows the script behind that table, `parzen_ll.py` of goodfeli/adversarial at 1720041: a Gaussian
//! window on each sample, pixels in [0, 1], its width one of `numpy.logspace(-1, 0, 10)`, chosen on the
//! first 1,000 of the training images 50,000 to 60,000, reported on the 10,000 test images.
//!
//! It is kept for comparison with the paper. Theis et al. 2016 (arXiv:1511.01844) show that it ranks
//! models badly: centroids of k-means score above real images.

use std::f64::consts::PI;

use super::rows;
use crate::mnist::data::PIXELS;
use crate::num::{distance, parallel};

/// Widths tried: 10 points, logarithmic from 0.1 to 1.
const WIDTHS: usize = 10;
/// Images scored together: 100 kB, so that they stay in a core's cache while all samples pass by.
const TOGETHER: usize = 32;

/// Mean log-likelihood of test images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parzen {
    /// Mean over test images, nats.
    pub mean: f64,
    /// Standard error of that mean over test images, nats; like the script's, with the variance over n.
    /// It leaves out that other samples would give another mean.
    pub standard_error: f64,
    /// Width of the window, in units of pixel intensity.
    pub sigma: f64,
}

/// Scores samples: all three are `[n, 784]`, row-major, in [0, 1].
///
/// The window's width is the first of the ten with the greatest mean log-likelihood on `validation`.
/// 10,000 samples against as many test images are 1e8 distances: half a minute on one core.
///
/// # Panics
/// If any of them is empty or not a whole number of images.
pub fn log_likelihood(samples: &[f32], validation: &[f32], test: &[f32]) -> Parzen {
    let sigma = choose_width(samples, validation);
    let scores = log_likelihoods(samples, test, sigma);
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let variance = scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n;
    Parzen { mean, standard_error: (variance / n).sqrt(), sigma }
}

/// The widths tried, ascending.
pub fn widths() -> [f64; WIDTHS] {
    std::array::from_fn(|i| 10f64.powf(i as f64 / (WIDTHS - 1) as f64 - 1.0))
}

/// The width with the greatest mean log-likelihood of `validation` (`[m, 784]`) under `samples` (`[n, 784]`).
///
/// # Panics
/// If either is empty or not a whole number of images.
pub fn choose_width(samples: &[f32], validation: &[f32]) -> f64 {
    let widths = widths();
    let scores = score(samples, validation, &widths);
    let total = |column: usize| scores.iter().map(|row| row[column]).sum::<f64>();
    // `max_by` gives the last of equals, numpy.argmax the first.
    let best = (0..WIDTHS).rev().max_by(|&a, &b| total(a).total_cmp(&total(b)));
    widths[best.unwrap_or(0)]
}

/// Log-likelihood, nats, of each of `images` (`[m, 784]`) under windows of width `sigma` on `samples`
/// (`[n, 784]`). Relative error of the squared distances 1e-6, so about 1e-4 nats at the usual widths.
///
/// # Panics
/// If either is empty or not a whole number of images.
pub fn log_likelihoods(samples: &[f32], images: &[f32], sigma: f64) -> Vec<f64> {
    score(samples, images, &[sigma]).into_iter().flatten().collect()
}

/// Log-likelihood of each image for each width.
fn score(samples: &[f32], images: &[f32], widths: &[f64]) -> Vec<Vec<f64>> {
    let (count, centres) = (rows(images, PIXELS), rows(samples, PIXELS));
    assert!(count > 0 && centres > 0, "images and samples must not be empty");
    let blocks = parallel::map(count.div_ceil(TOGETHER), |block| {
        let end = images.len().min((block + 1) * TOGETHER * PIXELS);
        let squares = distance::all(&images[block * TOGETHER * PIXELS..end], samples, PIXELS);
        let each =
            |squares: &[f32]| widths.iter().map(|&sigma| log_density(squares, sigma)).collect();
        squares.chunks_exact(centres).map(each).collect::<Vec<Vec<f64>>>()
    });
    blocks.into_iter().flatten().collect()
}

/// Logarithm of the mean of the windows at these squared distances from their centres.
fn log_density(squares: &[f32], sigma: f64) -> f64 {
    let scale = 0.5 / (sigma * sigma);
    let nearest = f64::from(squares.iter().copied().fold(f32::INFINITY, f32::min));
    // Shifted by the nearest sample, so that at least one term is 1; those below 1e-17 add nothing.
    let terms = squares.iter().map(|&s| (nearest - f64::from(s)) * scale).filter(|&t| t > -40.0);
    let sum: f64 = terms.map(f64::exp).sum();
    let log_mean = sum.ln() - (squares.len() as f64).ln() - nearest * scale;
    log_mean - PIXELS as f64 * (sigma * (2.0 * PI).sqrt()).ln()
}
