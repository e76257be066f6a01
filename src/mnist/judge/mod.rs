//! Samples in, numbers out: how good a generator is.
//!
//! Images are row-major `[n, 784]`, features `[n, width]` and probabilities `[n, 10]`, all f32; what is
//! summed over many of them is summed in f64. Threads share out whole rows and never a sum, so the number
//! of cores changes no result.
//!
//! | file | question |
//! |---|---|
//! | [`classifier`] | which digit is it, and by what features? |
//! | [`parzen`] | how likely are test images under the samples? (the paper's own measure) |
//! | [`frechet`], [`kid`] | how far apart are two sets of features? |
//! | [`score`] | does each sample look like one digit, and are all digits there? |
//! | [`neighbours`] | does each sample lie among real ones, and the reverse? which real image is nearest? |
//! | [`verdict`] | has the run gone wrong, and how? |

pub mod classifier;
pub mod frechet;
pub mod kid;
pub mod neighbours;
pub mod parzen;
pub mod score;
mod scores;
pub mod verdict;

pub use scores::Scores;

use serde::Serialize;

/// A number and how sure it is; as data, the pair of both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(into = "(f64, f64)")]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error; 1.96 of them either way are an interval of 95 %.
    pub standard_error: f64,
}

impl From<Estimate> for (f64, f64) {
    fn from(estimate: Estimate) -> Self {
        (estimate.value, estimate.standard_error)
    }
}

/// Mean of `values` and its standard error with the unbiased variance; NaN without values.
fn mean(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    Estimate { value, standard_error: (variance / n).sqrt() }
}

/// Number of rows of `values` as `[n, width]`.
fn rows(values: &[f32], width: usize) -> usize {
    assert!(width > 0 && values.len().is_multiple_of(width), "[n, {width}] expected");
    values.len() / width
}
