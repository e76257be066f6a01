//! Signs that a run has gone wrong, each by a criterion on what training has at hand.
//!
//! | verdict | criterion |
//! |---|---|
//! | not a number | a loss, D(x), D(G(z)) or G's gradient that is not finite; or such a pixel |
//! | grey | more than half of all pixels lie in (-0.8, 0.8); real digits: 9 %, blurred by 2 pixels: 35 % |
//! | all alike | the median distance of a sample from the nearest other one is below 0.3 of that among as many real images; only real 1s: 0.34 or more |
//! | few classes | the three most frequent classes hold more than two thirds of at least 64 samples; real ones: 32 %; beyond that by chance: 2 in 10^7 |
//! | D has won | over the last 50 records, of at least 20, the medians of D(x) and D(G(z)) are at least 0.85 and at most 0.02 |
//!
//! D(x) is asked for 0.85 and not more, since one-sided label smoothing holds it at 0.9. What samples look
//! like says nothing before G had time to learn: [`WARM_UP`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::rows;
use super::score::Histogram;
use crate::mnist::data::PIXELS;
use crate::num::distance;

/// Steps before which samples and classes are not judged.
pub const WARM_UP: u64 = 300;
/// Beyond this, either way, a pixel in [-1, 1] is black or white.
pub const TONE: f32 = 0.8;
/// Share of pixels in between above which samples are grey.
pub const GREY: f64 = 0.5;
/// Ratio of nearest distances, samples to real, below which samples are alike.
pub const ALIKE: f64 = 0.3;
/// Share of the three most frequent classes above which classes are few.
pub const FEW: f64 = 2.0 / 3.0;
/// Fewest samples by which classes are judged.
pub const FEW_SAMPLES: u64 = 64;
/// Records that D is judged by, at most and at least.
pub const RECORDS: usize = 50;
/// See [`RECORDS`].
pub const FEW_RECORDS: usize = 20;
/// Median D(x) from which, with [`WON_FAKE`], D has won.
pub const WON_REAL: f64 = 0.85;
/// Median D(G(z)) up to which, with [`WON_REAL`], D has won.
pub const WON_FAKE: f64 = 0.02;
/// Ratio of G's gradient norm to its early one below which it counts as vanishing.
pub const VANISHING: f64 = 0.1;

/// What one step saw; means over its batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Steps taken.
    pub step: u64,
    /// D's and G's loss, nats.
    pub losses: [f32; 2],
    /// Mean D(x), in [0, 1].
    pub d_real: f32,
    /// Mean D(G(z)), in [0, 1].
    pub d_fake: f32,
    /// Norm of G's gradient, where it is measured.
    pub gradient_g: Option<f32>,
}

/// What there is to judge by. Whatever is missing is left empty, and judged by nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Records, oldest first.
    pub history: &'a [Record],
    /// Samples, `[n, 784]` in [-1, 1].
    pub samples: &'a [f32],
    /// About as many real images, `[n, 784]` in [-1, 1].
    pub real: &'a [f32],
    /// Classes of samples, by the classifier.
    pub classes: Histogram,
}

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Training has left the numbers.
    NotANumber,
    /// Samples are neither black nor white.
    Grey,
    /// Samples repeat each other.
    AllAlike,
    /// Samples are mostly of a few classes.
    FewClasses,
    /// D tells real from generated images almost without error.
    DiscriminatorWon,
}

/// Something that has gone wrong, with the numbers behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Verdict {
    /// Training has left the numbers.
    NotANumber {
        /// The first record, or the last where only the samples show it.
        step: u64,
    },
    /// Samples are neither black nor white.
    Grey {
        /// Share of pixels in between.
        middle: f64,
    },
    /// Samples repeat each other.
    AllAlike {
        /// Median Euclidean distance of a sample from the nearest other one, pixels in [-1, 1].
        nearest: f64,
        /// The same among the real images.
        nearest_real: f64,
    },
    /// Samples are mostly of a few classes.
    FewClasses {
        /// The most frequent classes that together hold two thirds of the samples: one to three, most
        /// frequent first.
        classes: Vec<u8>,
        /// What they hold together.
        share: f64,
        /// Samples counted.
        samples: u64,
    },
    /// D tells real from generated images almost without error.
    DiscriminatorWon {
        /// Median D(x).
        d_real: f64,
        /// Median D(G(z)).
        d_fake: f64,
        /// Median norm of G's gradient over that of the first records; below [`VANISHING`] G has
        /// nothing left to learn from. None where it is not measured.
        gradient: Option<f64>,
    },
}

/// All that is wrong, the gravest first; empty when nothing is. After a number was lost nothing else is said.
///
/// # Panics
/// If images are not whole.
pub fn judge(evidence: &Evidence<'_>) -> Vec<Verdict> {
    let step = evidence.history.last().map_or(0, |record| record.step);
    if let Some(lost) = not_a_number(evidence.history, evidence.samples) {
        return vec![lost];
    }
    let won = discriminator_won(evidence.history);
    if step < WARM_UP {
        return won.into_iter().collect();
    }
    let looks = [
        grey(evidence.samples),
        all_alike(evidence.samples, evidence.real),
        few_classes(&evidence.classes),
    ];
    won.into_iter().chain(looks.into_iter().flatten()).collect()
}

impl Verdict {
    /// Which it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotANumber { .. } => Kind::NotANumber,
            Self::Grey { .. } => Kind::Grey,
            Self::AllAlike { .. } => Kind::AllAlike,
            Self::FewClasses { .. } => Kind::FewClasses,
            Self::DiscriminatorWon { .. } => Kind::DiscriminatorWon,
        }
    }
}

/// One plain sentence.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber { step } => write!(f, "not a number at step {step}"),
            Self::Grey { middle } => {
                write!(f, "grey: {:.0} % of the pixels are neither black nor white", 100.0 * middle)
            }
            Self::AllAlike { nearest, nearest_real } => write!(
                f,
                "all samples alike: nearest ones are {nearest:.1} apart, real images {nearest_real:.1}"
            ),
            Self::FewClasses { classes, share, samples } => {
                let names: Vec<String> = classes.iter().map(|class| format!("{class}s")).collect();
                write!(
                    f,
                    "mostly {}: {:.0} % of {samples} samples",
                    names.join(" and "),
                    100.0 * share
                )
            }
            Self::DiscriminatorWon { d_real, d_fake, gradient } => {
                write!(f, "D has won")?;
                if gradient.is_some_and(|ratio| ratio < VANISHING) {
                    write!(f, ": G's gradient is vanishing")?;
                }
                write!(f, " (D(x) {d_real:.3}, D(G(z)) {d_fake:.3})")
            }
        }
    }
}

/// The first record that is not finite, or the last one when a pixel is not.
pub fn not_a_number(history: &[Record], samples: &[f32]) -> Option<Verdict> {
    let finite = |r: &Record| {
        let numbers = [r.losses[0], r.losses[1], r.d_real, r.d_fake, r.gradient_g.unwrap_or(0.0)];
        numbers.iter().all(|v| v.is_finite())
    };
    let step = match history.iter().find(|record| !finite(record)) {
        Some(record) => record.step,
        None if samples.iter().all(|v| v.is_finite()) => return None,
        None => history.last().map_or(0, |record| record.step),
    };
    Some(Verdict::NotANumber { step })
}

/// Whether `samples` (`[n, 784]` in [-1, 1]) are grey.
pub fn grey(samples: &[f32]) -> Option<Verdict> {
    let between = samples.iter().filter(|v| v.abs() < TONE).count();
    let middle = between as f64 / samples.len() as f64;
    (middle > GREY).then_some(Verdict::Grey { middle })
}

/// Whether `samples` repeat each other, measured by as many of `real` (both `[n, 784]`).
///
/// # Panics
/// If images are not whole.
pub fn all_alike(samples: &[f32], real: &[f32]) -> Option<Verdict> {
    // A nearest distance shrinks as a set grows: compare sets of one size.
    let length = samples.len().min(real.len());
    let (nearest, nearest_real) =
        (median_nearest(&samples[..length])?, median_nearest(&real[..length])?);
    (nearest < ALIKE * nearest_real).then_some(Verdict::AllAlike { nearest, nearest_real })
}

fn median_nearest(images: &[f32]) -> Option<f64> {
    let n = rows(images, PIXELS);
    let squares = distance::all(images, images, PIXELS);
    let nearest = |i: usize| {
        let others = (0..n).filter(|&j| j != i).map(|j| f64::from(squares[i * n + j]));
        others.fold(f64::INFINITY, f64::min).sqrt()
    };
    if n > 1 { median((0..n).map(nearest)) } else { None }
}

/// Whether the samples are mostly of a few classes.
pub fn few_classes(classes: &Histogram) -> Option<Verdict> {
    let (shares, samples) = (classes.shares(), classes.total());
    let mut order: Vec<u8> = (0..shares.len() as u8).collect();
    order.sort_by(|&a, &b| shares[usize::from(b)].total_cmp(&shares[usize::from(a)]));
    let held = |n: usize| order[..n].iter().map(|&class| shares[usize::from(class)]).sum::<f64>();
    if samples < FEW_SAMPLES {
        return None;
    }
    let enough = (1..=3).find(|&n| held(n) > FEW)?;
    Some(Verdict::FewClasses { classes: order[..enough].to_vec(), share: held(enough), samples })
}

/// Whether D has won.
pub fn discriminator_won(history: &[Record]) -> Option<Verdict> {
    if history.len() < FEW_RECORDS {
        return None;
    }
    let last = &history[history.len().saturating_sub(RECORDS)..];
    let d_real = median(last.iter().map(|r| f64::from(r.d_real)))?;
    let d_fake = median(last.iter().map(|r| f64::from(r.d_fake)))?;
    if d_real < WON_REAL || d_fake > WON_FAKE {
        return None;
    }
    let norm =
        |records: &[Record]| median(records.iter().filter_map(|r| r.gradient_g).map(f64::from));
    let first = norm(&history[..RECORDS.min(history.len())]).filter(|&v| v > 0.0);
    let gradient = norm(last).zip(first).map(|(last, first)| last / first);
    Some(Verdict::DiscriminatorWon { d_real, d_fake, gradient })
}

/// The lower of the two middle values of an even number of them.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    if values.is_empty() {
        return None;
    }
    let middle = (values.len() - 1) / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}
