//! The criteria, one function each.

use super::{
    ALIKE, FEW, FEW_RECORDS, FEW_SAMPLES, GREY, RECORDS, Record, TONE, Verdict, WON_FAKE, WON_REAL,
};
use crate::metrics::{distance, rows, score::Histogram};

const PIXELS: usize = 784;

/// The first record that is not finite, or the last one when a pixel is not.
pub fn not_a_number(history: &[Record], samples: &[f32]) -> Option<Verdict> {
    let finite = |r: &Record| {
        let numbers = [
            r.losses[0],
            r.losses[1],
            r.d_real,
            r.d_fake,
            r.gradient_g.unwrap_or(0.0),
        ];
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
    let (nearest, nearest_real) = (
        median_nearest(&samples[..length])?,
        median_nearest(&real[..length])?,
    );
    (nearest < ALIKE * nearest_real).then_some(Verdict::AllAlike {
        nearest,
        nearest_real,
    })
}

fn median_nearest(images: &[f32]) -> Option<f64> {
    let n = rows(images, PIXELS);
    let squares = distance::all(images, images, PIXELS);
    let nearest = |i: usize| {
        let others = (0..n)
            .filter(|&j| j != i)
            .map(|j| f64::from(squares[i * n + j]));
        others.fold(f64::INFINITY, f64::min).sqrt()
    };
    if n > 1 {
        median((0..n).map(nearest))
    } else {
        None
    }
}

/// Whether the samples are mostly of a few classes.
pub fn few_classes(classes: &Histogram) -> Option<Verdict> {
    let (shares, samples) = (classes.shares(), classes.total());
    let mut order: Vec<u8> = (0..shares.len() as u8).collect();
    order.sort_by(|&a, &b| shares[usize::from(b)].total_cmp(&shares[usize::from(a)]));
    let held = |n: usize| {
        order[..n]
            .iter()
            .map(|&class| shares[usize::from(class)])
            .sum::<f64>()
    };
    if samples < FEW_SAMPLES {
        return None;
    }
    let enough = (1..=3).find(|&n| held(n) > FEW)?;
    Some(Verdict::FewClasses {
        classes: order[..enough].to_vec(),
        share: held(enough),
        samples,
    })
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
    Some(Verdict::DiscriminatorWon {
        d_real,
        d_fake,
        gradient,
    })
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
