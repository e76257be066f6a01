use super::instances::{MANY, ROUNDING, between, close, masses, rng, size};
use crate::support::masses::entropy;
use saddle::num::rng::Rng;
use saddle::theory::divergence::kl;

/// The mean divergence is what a sample tells about its class: the entropy of the mean less the mean entropy.
#[test]
fn eq_mnist_score() {
    let mut rng = rng();
    let mean = |all: &[Vec<f64>]| -> Vec<f64> {
        let sum = |y: usize| all.iter().map(|p| p[y]).sum::<f64>() / all.len() as f64;
        (0..all[0].len()).map(sum).collect()
    };
    let score = |all: &[Vec<f64>]| {
        let p_y = mean(all);
        (all.iter().map(|p| kl(p, &p_y)).sum::<f64>() / all.len() as f64).exp()
    };
    for _ in 0..MANY {
        let samples = 1 + rng.below(30) as usize;
        let all: Vec<Vec<f64>> = (0..samples).map(|_| masses(&mut rng, 10)).collect();
        let told =
            entropy(&mean(&all)) - all.iter().map(|p| entropy(p)).sum::<f64>() / samples as f64;
        close(score(&all), told.exp(), 1e3 * ROUNDING);
        assert!((1.0 - ROUNDING..=10.0 + ROUNDING).contains(&score(&all)));
        // The text: if all samples are one image, it is 1.
        close(score(&vec![all[0].clone(); 7]), 1.0, ROUNDING);
        // And of `digits` digits that are drawn clearly and equally often, as many.
        let digits = size(&mut rng).min(10);
        let one = |i: usize| (0..10).map(|y| f64::from(u8::from(y == i))).collect::<Vec<f64>>();
        let clear: Vec<_> = (0..digits).map(one).collect();
        close(score(&clear), digits as f64, 1e3 * ROUNDING);
    }
}

type Matrix = [[f64; 2]; 2];

fn times(a: Matrix, b: Matrix) -> Matrix {
    let entry = |i: usize, j: usize| a[i][0] * b[0][j] + a[i][1] * b[1][j];
    [[entry(0, 0), entry(0, 1)], [entry(1, 0), entry(1, 1)]]
}

const fn trace(a: Matrix) -> f64 {
    a[0][0] + a[1][1]
}

fn determinant(a: Matrix) -> f64 {
    a[0][0] * a[1][1] - a[0][1] * a[1][0]
}

/// The root of a matrix whose eigenvalues are positive.
fn root(a: Matrix) -> Matrix {
    let s = determinant(a).sqrt();
    let t = (trace(a) + 2.0 * s).sqrt();
    [[(a[0][0] + s) / t, a[0][1] / t], [a[1][0] / t, (a[1][1] + s) / t]]
}

fn covariance(rng: &mut Rng) -> Matrix {
    let [a, b, c, d] = [(); 4].map(|()| between(rng, -1.5, 1.5));
    let noise = [[a, b], [c, d]];
    let squared = times(noise, [[a, c], [b, d]]);
    // Kept from being flat.
    [[squared[0][0] + 0.2, squared[0][1]], [squared[1][0], squared[1][1] + 0.3]]
}

/// In two dimensions: the least mean square of x - y over all couplings of two normal distributions. Their
/// covariance with each other is root(Sg) K root(Sd) with a K of norm at most one, and a trace is largest at an
/// extreme such K, a rotation or a reflection: all of them are gone through.
#[test]
fn eq_frechet() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (g, data) = (covariance(&mut rng), covariance(&mut rng));
        let apart = [between(&mut rng, -2.0, 2.0), between(&mut rng, -2.0, 2.0)];
        let means = apart[0].powi(2) + apart[1].powi(2);
        let formula = means + trace(g) + trace(data) - 2.0 * trace(root(times(g, data)));
        let (left, right) = (root(g), root(data));
        let mut most = f64::NEG_INFINITY;
        for i in 0..20_000 {
            let (sin, cos) = (f64::from(i) * 1e-4 * std::f64::consts::PI).sin_cos();
            for k in [[[cos, -sin], [sin, cos]], [[cos, sin], [sin, -cos]]] {
                most = most.max(trace(times(times(left, k), right)));
            }
        }
        let least = means + trace(g) + trace(data) - 2.0 * most;
        close(formula, least, 1e-6);
        // Any coupling costs at least that much; independence is one.
        assert!(means + trace(g) + trace(data) >= formula);
        close(trace(g) + trace(g) - 2.0 * trace(root(times(g, g))), 0.0, 1e-9);
    }
    // Of one dimension it is the distance of both means and both deviations.
    let flat = |deviation: f64| [[deviation * deviation, 0.0], [0.0, 1.0]];
    let (g, data) = (flat(0.5), flat(1.7));
    close(trace(g) + trace(data) - 2.0 * trace(root(times(g, data))), 1.2 * 1.2, 1e-12);
}
