//! The last part of the section on divergences.

use super::instances::{
    FEW, MANY, Mixture, ROUNDING, between, close, dot, highest, integral, masses, pairs, positive,
    rng, weigh,
};
use crate::support::masses::entropy;
use crate::support::{closed, normal};
use saddle::num::rng::Rng;
use saddle::theory::divergence::kl;
use std::f64::consts::PI;

fn sample(rng: &mut Rng, m: usize) -> Vec<f64> {
    (0..m).map(|_| between(rng, -3.0, 3.0)).collect()
}

fn likelihood(x: &[f64], mean: f64, deviation: f64) -> f64 {
    x.iter().map(|x| normal::density((x - mean) / deviation) / deviation).product()
}

/// The product, against the density of a normal vector with a diagonal covariance.
#[test]
fn eq_likelihood() {
    let mut rng = rng();
    for _ in 0..MANY {
        let m = 1 + rng.below(10) as usize;
        let x = sample(&mut rng, m);
        let (mean, deviation) = (between(&mut rng, -2.0, 2.0), between(&mut rng, 0.5, 2.0));
        let square: f64 = x.iter().map(|x| (x - mean).powi(2)).sum();
        let joint = (-0.5 * square / deviation.powi(2)).exp()
            / (2.0 * PI * deviation.powi(2)).powf(0.5 * m as f64);
        let product = likelihood(&x, mean, deviation);
        close(product, joint, 1e-12 * joint);
    }
}

/// All three have their maximum over the mean of a normal model at the mean of the sample.
#[test]
fn eq_log_likelihood() {
    let mut rng = rng();
    for _ in 0..FEW {
        let m = 2 + rng.below(8) as usize;
        let x = sample(&mut rng, m);
        let deviation = between(&mut rng, 0.8, 2.0);
        let log = |mean: f64| -> f64 {
            let each = x.iter().map(|x| (normal::density((x - mean) / deviation) / deviation).ln());
            each.sum()
        };
        let expected = x.iter().sum::<f64>() / m as f64;
        // A maximum found by comparing values is good to the root of their rounding.
        for found in [
            highest(|mean| likelihood(&x, mean, deviation), -5.0, 5.0),
            highest(log, -5.0, 5.0),
            highest(|mean| log(mean) / m as f64, -5.0, 5.0),
        ] {
            close(found, expected, 1e-6);
        }
    }
}

/// Over all samples of size m, each with its probability: the mean is the limit for every m, and the
/// variance falls as 1/m. That is the law of large numbers in the mean square; by Kolmogorov it also
/// holds almost surely. The limit itself: by quadrature and in closed form.
#[test]
fn eq_likelihood_limit() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (data, model) = (positive(&mut rng, 3), positive(&mut rng, 3));
        let logs: Vec<f64> = model.iter().map(|q| q.ln()).collect();
        let limit = dot(&data, &logs);
        let variance = pairs(&data, &logs).map(|(p, l)| p * (l - limit).powi(2)).sum::<f64>();
        for m in 1..=6_u32 {
            let (mut mean, mut square) = (0.0, 0.0);
            for sample in 0..3_usize.pow(m) {
                let drawn = (0..m).map(|i| sample / 3_usize.pow(i) % 3);
                let chance: f64 = drawn.clone().map(|x| data[x]).product();
                let average = drawn.map(|x| logs[x]).sum::<f64>() / f64::from(m);
                mean += chance * average;
                square += chance * (average - limit).powi(2);
            }
            close(mean, limit, ROUNDING);
            close(square, variance / f64::from(m), ROUNDING);
        }
        let (data, mean, deviation) =
            (Mixture::random(&mut rng), between(&mut rng, -2.0, 2.0), between(&mut rng, 0.5, 1.2));
        let model = Mixture::normal(mean, deviation);
        let (m, v) = data.mean_and_variance();
        let expected = -0.5 * (2.0 * PI * deviation.powi(2)).ln()
            - (v + (m - mean).powi(2)) / (2.0 * deviation.powi(2));
        close(integral(|x| data.density(x) * model.density(x).ln()), expected, 1e-9);
    }
}

/// Each line differs from the next by a constant or a sign, so that the best of many models is the same;
/// and among normal models it is the one with the mean and the deviation of the data.
#[test]
fn eq_likelihood_kl() {
    let mut rng = rng();
    for _ in 0..MANY {
        let data = masses(&mut rng, 6);
        let models: Vec<_> = (0..10).map(|_| positive(&mut rng, 6)).collect();
        let fit = |q: &[f64]| -> f64 { pairs(&data, q).map(|(p, q)| p * q.ln()).sum() };
        let ratio =
            |q: &[f64]| -> f64 { pairs(&data, q).map(|(p, q)| weigh(p, (q / p).ln())).sum() };
        for q in &models {
            close(fit(q) + entropy(&data), ratio(q), ROUNDING);
            close(ratio(q), -kl(&data, q), ROUNDING);
        }
        let best = |f: &dyn Fn(&[f64]) -> f64| {
            (0..10).max_by(|&i, &j| f(&models[i]).total_cmp(&f(&models[j])))
        };
        assert_eq!(best(&fit), best(&|q| -kl(&data, q)));
    }
    for _ in 0..FEW {
        let data = Mixture::random(&mut rng);
        let (mean, variance) = data.mean_and_variance();
        let deviation = variance.sqrt();
        let fit =
            |m: f64, s: f64| integral(|x| data.density(x) * Mixture::normal(m, s).density(x).ln());
        let best = fit(mean, deviation);
        for _ in 0..5 {
            let (m, s) =
                (mean + between(&mut rng, -1.0, 1.0), deviation * between(&mut rng, 0.6, 1.5));
            // What another normal model loses is its divergence from the best one.
            close(best - fit(m, s), closed::gaussian_kl(mean, deviation, m, s), 1e-8);
        }
    }
}
