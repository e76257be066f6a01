//! What a classifier of digits says of samples: the score, and the histogram of classes.

use serde::Serialize;

use super::Estimate;
use crate::mnist::nets::classifier::CLASSES;

/// The MNIST score, 1 to 10: `exp(E_x KL(p(y|x) || p(y)))`, the inception score (Salimans et al. 2016,
/// arXiv:1606.03498) with a classifier of digits. 10 needs every sample to be surely one digit and all
/// digits to be equally frequent; real test images get about 9.6, since neither is quite so.
///
/// With n samples it is too low by a factor of about exp(-9 / (2 n)): 7 % at 64, 0.5 % at 1,000.
///
/// `probabilities` are `[n, 10]`, each row summing to 1. The standard error is the delta method's: what
/// one sample contributes to the mean of KL is, to first order, its own KL.
///
/// # Panics
/// If there are none or they are not whole rows.
pub fn mnist_score(probabilities: &[f32]) -> Estimate {
    let rows = as_rows(probabilities);
    let n = rows.len() as f64;
    let mut marginal = [0.0; CLASSES];
    for row in rows {
        for (m, &p) in marginal.iter_mut().zip(row) {
            *m += f64::from(p) / n;
        }
    }
    let divergence = |row: &[f32; CLASSES]| -> f64 {
        let terms = row.iter().zip(&marginal).filter(|(p, _)| **p > 0.0);
        terms.map(|(&p, m)| f64::from(p) * (f64::from(p) / m).ln()).sum()
    };
    let log = super::mean(&rows.iter().map(divergence).collect::<Vec<_>>());
    let value = log.value.exp();
    Estimate { value, standard_error: value * log.standard_error }
}

/// How many samples fell to each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Histogram(pub [u64; CLASSES]);

impl Histogram {
    /// Of labels 0 to 9.
    ///
    /// # Panics
    /// If a label is above 9.
    pub fn of_labels(labels: &[u8]) -> Self {
        let mut counts = [0; CLASSES];
        for &label in labels {
            counts[usize::from(label)] += 1;
        }
        Self(counts)
    }

    /// Of the most probable class of each row of `[n, 10]`, the first of equals.
    ///
    /// # Panics
    /// If there are none or they are not whole rows.
    pub fn of_probabilities(probabilities: &[f32]) -> Self {
        let likeliest = |row: &[f32; CLASSES]| {
            let best = (0..CLASSES).rev().max_by(|&a, &b| row[a].total_cmp(&row[b]));
            best.unwrap_or(0) as u8
        };
        Self::of_labels(&as_rows(probabilities).iter().map(likeliest).collect::<Vec<_>>())
    }

    /// Samples in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Share of each class, summing to 1; all 0 without samples.
    pub fn shares(&self) -> [f64; CLASSES] {
        let total = self.total().max(1) as f64;
        self.0.map(|count| count as f64 / total)
    }

    /// Total variation of these classes from the `real` ones, half the sum of differences of shares, in
    /// [0, 1]. The standard error is the delta method's, with `real` fixed; near
    /// [`total_variation_floor`] the value is mostly chance, and that floor is the thing to set beside it.
    pub fn total_variation(&self, real: &Self) -> Estimate {
        let (p, q) = (self.shares(), real.shares());
        let value = p.iter().zip(&q).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0;
        // A sample of class k contributes sign(p_k - q_k) / 2.
        let over: f64 = p.iter().zip(&q).filter(|(p, q)| p > q).map(|(p, _)| p).sum();
        let variance = over * (1.0 - over) / self.total().max(1) as f64;
        Estimate { value, standard_error: variance.sqrt() }
    }
}

/// Mean total variation that `n` perfect samples, drawn with the shares of `real`, have from it: exact,
/// by de Moivre's mean absolute deviation of the binomial (Diaconis & Zabell 1991, equation 1.1).
pub fn total_variation_floor(real: &Histogram, n: u64) -> f64 {
    let log_factorial = |k: u64| (2..=k).map(|i| (i as f64).ln()).sum::<f64>();
    let deviation = |q: f64| {
        if q <= 0.0 || q >= 1.0 {
            return 0.0;
        }
        let above = (n as f64 * q).floor() as u64 + 1;
        let choose = log_factorial(n) - log_factorial(above) - log_factorial(n - above);
        let log = choose + above as f64 * q.ln() + (n - above + 1) as f64 * (1.0 - q).ln();
        2.0 * above as f64 * log.exp()
    };
    real.shares().iter().map(|&q| deviation(q)).sum::<f64>() / (2.0 * n as f64)
}

fn as_rows(probabilities: &[f32]) -> &[[f32; CLASSES]] {
    let (rows, rest) = probabilities.as_chunks();
    assert!(!rows.is_empty() && rest.is_empty(), "[n, {CLASSES}] expected");
    rows
}
