use super::convergence::flow;
use super::instances::{DIFFERENCES, MANY, ROUNDING, between, close, dot, positive, rng, slope};
use super::players::{network, run};
use saddle::figures::dirac;
use saddle::game::gradient_penalty;
use saddle::game::mlp::{Activation, Mlp};
use saddle::num::rng::Rng;
use saddle::theory::pushforward::pushforward;
use saddle::theory::{divergence, game, grid};
use std::f64::consts::LN_2;

/// A constant G beside data at 0, through the page's own law of G(z).
#[test]
fn eq_jsd_flat() {
    let mut rng = rng();
    let edges: Vec<f64> = (0..=40).map(|i| f64::from(i) * 0.1 - 2.05).collect();
    let mut data = vec![0.0; 40];
    data[grid::cell_of(&edges, 0.0).unwrap()] = 1.0;
    for i in 0..MANY {
        let prior = positive(&mut rng, 5);
        let theta =
            if i % 10 == 0 { 0.0 } else { between(&mut rng, 0.1, 1.9) * [-1.0, 1.0][i % 2] };
        let law = pushforward(&edges, &prior, &[theta; 6]);
        assert_eq!(law.atoms.len(), 1);
        assert_eq!(law.atoms[0].x, theta);
        let expected = if theta == 0.0 { 0.0 } else { LN_2 };
        close(divergence::jsd(&data, &law.mass.cells), expected, ROUNDING);
    }
}

/// Every order of the numbers below n.
fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let with = |shorter: Vec<usize>| {
        (0..n).map(move |at| {
            let mut longer = shorter.clone();
            longer.insert(at, n - 1);
            longer
        })
    };
    permutations(n - 1).into_iter().flat_map(with).collect()
}

/// The least mean distance over all couplings of two sets of n equally likely points: by Birkhoff's theorem
/// one of the n! assignments attains it.
fn by_couplings(x: &[f64], y: &[f64]) -> f64 {
    let cost =
        |order: Vec<usize>| -> f64 { x.iter().zip(&order).map(|(x, &j)| (x - y[j]).abs()).sum() };
    let least = permutations(x.len()).into_iter().map(cost).fold(f64::INFINITY, f64::min);
    least / x.len() as f64
}

fn points(rng: &mut Rng, n: usize) -> Vec<f64> {
    let mut points: Vec<f64> = (0..n).map(|_| between(rng, -3.0, 3.0)).collect();
    points.sort_unstable_by(f64::total_cmp);
    points
}

/// Couplings, against the area between the two distribution functions.
#[test]
fn eq_wasserstein() {
    let mut rng = rng();
    for _ in 0..50 {
        let (x, y) = (points(&mut rng, 5), points(&mut rng, 5));
        let mut all = [&x[..], &y].concat();
        all.sort_unstable_by(f64::total_cmp);
        let below =
            |points: &[f64], at: f64| points.iter().filter(|p| **p <= at).count() as f64 / 5.0;
        let area = |e: &[f64]| (below(&x, e[0]) - below(&y, e[0])).abs() * (e[1] - e[0]);
        close(by_couplings(&x, &y), all.windows(2).map(area).sum(), ROUNDING);
        let theta = between(&mut rng, -3.0, 3.0);
        close(by_couplings(&[0.0], &[theta]), theta.abs(), ROUNDING);
    }
}

/// No f of slope at most one exceeds the distance; the one whose slope is the sign of the difference of the
/// distribution functions attains it.
#[test]
fn eq_wasserstein_dual() {
    let mut rng = rng();
    for _ in 0..50 {
        let (data, z) = (points(&mut rng, 5), points(&mut rng, 5));
        let stretch = between(&mut rng, -1.0, 1.0);
        let made: Vec<f64> = z.iter().map(|z| stretch * z + 0.5).collect();
        let distance = by_couplings(&data, &made);
        let mut knots = [&data[..], &made].concat();
        knots.sort_unstable_by(f64::total_cmp);
        let below = |points: &[f64], at: f64| points.iter().filter(|p| **p <= at).count();
        // f from its slopes between the knots.
        let gain = |slope: &mut dyn FnMut(f64) -> f64| -> f64 {
            let mut f = vec![0.0];
            for e in knots.windows(2) {
                f.push(f[f.len() - 1] + slope(e[0]) * (e[1] - e[0]));
            }
            let mean = |points: &[f64]| -> f64 {
                let at = |p: &f64| knots.iter().position(|k| k == p).unwrap();
                points.iter().map(|p| f[at(p)]).sum::<f64>() / points.len() as f64
            };
            mean(&data) - mean(&made)
        };
        let best = gain(&mut |at| (below(&made, at) as f64 - below(&data, at) as f64).signum());
        close(best, distance, ROUNDING);
        for _ in 0..10 {
            assert!(gain(&mut |_| between(&mut rng, -1.0, 1.0)) <= distance + ROUNDING);
        }
    }
}

/// Row-major, `[n, n]`.
fn times(w: &[f64], h: &[f64]) -> Vec<f64> {
    w.chunks_exact(h.len()).map(|row| dot(row, h)).collect()
}

fn length(h: &[f64]) -> f64 {
    dot(h, h).sqrt()
}

/// The direction that W stretches most, by power iteration on W^T W, and by how much.
fn most_stretched(w: &[f64], n: usize) -> (Vec<f64>, f64) {
    let transposed: Vec<f64> = (0..n * n).map(|i| w[i % n * n + i / n]).collect();
    let mut h: Vec<f64> = (0..n).map(|i| 1.0 + 0.1 * i as f64).collect();
    for _ in 0..20_000 {
        h = times(&transposed, &times(w, &h));
        let by = length(&h);
        h.iter_mut().for_each(|h| *h /= by);
    }
    let stretched = length(&times(w, &h));
    (h, stretched)
}

/// Against the closed form for two rows; and divided by it no direction is stretched.
#[test]
fn eq_spectral_norm() {
    let mut rng = rng();
    for _ in 0..50 {
        let w: Vec<f64> = (0..4).map(|_| between(&mut rng, -2.0, 2.0)).collect();
        let (square, determinant) = (dot(&w, &w), w[0] * w[3] - w[1] * w[2]);
        let sigma =
            (0.5 * (square + (square.powi(2) - 4.0 * determinant.powi(2)).max(0.0).sqrt())).sqrt();
        let (h, found) = most_stretched(&w, 2);
        close(found, sigma, 1e-6);
        let normalised: Vec<f64> = w.iter().map(|w| w / sigma).collect();
        close(length(&times(&normalised, &h)), 1.0, 1e-6);
        for _ in 0..20 {
            let h = [rng.normal(), rng.normal()];
            assert!(length(&times(&w, &h)) <= sigma * length(&h) + ROUNDING);
        }
    }
}

/// The slope of the laboratory's networks, at many points, against the product over their three layers.
#[test]
fn eq_lipschitz_product() {
    let mut rng = rng();
    let mut closest = 0.0_f64;
    for _ in 0..50 {
        for activation in
            [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Softplus]
        {
            let net = Mlp { activation, ..network(&mut rng) };
            let n = net.shape.width;
            let (w1, rest) = net.parameters.split_at(n);
            let (w2, rest) = rest[n..].split_at(n * n);
            let bound = length(w1) * most_stretched(w2, n).1 * length(&rest[n..2 * n]);
            let x: Vec<f64> = (0..20).map(|_| between(&mut rng, -5.0, 5.0)).collect();
            let mut tape = run(&net, &x);
            net.tangent(&mut tape);
            for slope in &tape.slope.as_flattened()[..x.len()] {
                assert!(slope.abs() <= bound + 1e-6);
                closest = closest.max(slope.abs() / bound);
            }
        }
    }
    // Not so loose that any bound would do.
    assert!(closest > 0.5, "{closest}");
}

/// The penalty of the laboratory, against differences of the logit.
#[test]
fn eq_r1() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (d, gamma) = (network(&mut rng), between(&mut rng, 0.01, 10.0));
        let x: Vec<f64> = (0..1 + rng.below(12)).map(|_| between(&mut rng, -2.0, 2.0)).collect();
        let mut tape = run(&d, &x);
        d.tangent(&mut tape);
        let found = gradient_penalty(gamma, &mut tape);
        let logit = |x: f64| run(&d, &[x]).outputs()[0];
        let squares: f64 = x.iter().map(|x| slope(logit, *x).powi(2)).sum();
        close(found, 0.5 * gamma * squares / x.len() as f64, gamma * 10.0 * DIFFERENCES);
    }
}

/// The flow from differences of V - R1; along it the distance falls at the stated rate, in the end to zero.
#[test]
fn eq_dirac_r1() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (psi, theta) = (between(&mut rng, -2.0, 2.0), between(&mut rng, -2.0, 2.0));
        let gamma = between(&mut rng, 0.3, 1.0);
        let value =
            |psi: f64, theta: f64| game::value(&[0.0, psi * theta], &[1.0, 0.0], &[0.0, 1.0]);
        let weight = game::sigmoid(psi * theta);
        // The logit is psi x, its slope psi everywhere.
        let of_d = slope(|psi| value(psi, theta) - 0.5 * gamma * psi * psi, psi);
        close(of_d, -theta * weight - gamma * psi, DIFFERENCES);
        close(-slope(|theta| value(psi, theta), theta), psi * weight, DIFFERENCES);

        let square = |(psi, theta): (f64, f64)| psi * psi + theta * theta;
        let after = |time: f64| square(flow((psi, theta), gamma, time));
        let h = 1e-4;
        // One-sided: h times the second derivative.
        close((after(h) - square((psi, theta))) / h, -2.0 * gamma * psi * psi, 1e-2);
        assert!(after(5.0) < square((psi, theta)) && after(10.0) < after(5.0));
        assert!(after(150.0) < 1e-6);
    }
}

/// The Jacobian of the field at the origin, from differences; its trace and determinant are those of the two numbers,
/// which may be complex.
#[test]
fn eq_dirac_eigenvalues() {
    let mut rng = rng();
    for _ in 0..MANY {
        let gamma = between(&mut rng, 0.0, 3.0);
        let field = |psi: f64, theta: f64| dirac::field(dirac::Loss::R1, gamma, psi, theta);
        let (a, b) = (slope(|h| field(h, 0.0).0, 0.0), slope(|h| field(0.0, h).0, 0.0));
        let (c, d) = (slope(|h| field(h, 0.0).1, 0.0), slope(|h| field(0.0, h).1, 0.0));
        let (sum, product) = if gamma >= 1.0 {
            let root = (gamma * gamma - 1.0).sqrt();
            (-gamma, 0.25 * (-gamma + root) * (-gamma - root))
        } else {
            // Conjugates: the product is the square of their size.
            (-gamma, 0.25 * (gamma * gamma + (1.0 - gamma * gamma)))
        };
        close(a + d, sum, DIFFERENCES);
        close(a * d - b * c, product, DIFFERENCES);
    }
}

/// The page's own steps near the origin, over many of them: the distance grows or falls at the stated rate.
#[test]
fn eq_dirac_r1_step() {
    // So near the origin that no run of the test leaves where the field is linear.
    const TINY: f64 = 1e-40;
    let mut rng = rng();
    for _ in 0..MANY {
        let (eta, gamma) = (between(&mut rng, 0.02, 1.0), between(&mut rng, 0.0, 0.9));
        let square = 1.0 - eta * gamma + 0.25 * eta * eta;
        // |1 + eta lambda|^2 with lambda = (-gamma + i root) / 2.
        let (real, imaginary) = (1.0 - 0.5 * eta * gamma, 0.5 * eta * (1.0 - gamma * gamma).sqrt());
        close(real * real + imaginary * imaginary, square, ROUNDING);
        assert_eq!(square < 1.0, gamma > 0.25 * eta);
        let steps = 400;
        let path = dirac::path((0.0, TINY), dirac::Loss::R1, false, eta, gamma, steps);
        let radius = path[2 * steps].hypot(path[2 * steps + 1]) / TINY;
        // A spiral is no circle: its radius swings by a constant factor around the rate.
        let swing = ((1.0 + gamma) / (1.0 - gamma)).ln();
        let grown = 0.5 * steps as f64 * square.ln();
        assert!((radius.ln() - grown).abs() <= swing + 1e-6, "{eta} {gamma} {radius} {grown}");
    }
}

/// Step by step, and as the weighted sum of the whole path.
#[test]
fn eq_ema() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (steps, beta) = (1 + rng.below(50) as i32, between(&mut rng, 0.0, 1.0));
        let path: Vec<f64> = (0..=steps).map(|_| rng.normal()).collect();
        let mut average = path[0];
        for theta in &path[1..] {
            average = beta * average + (1.0 - beta) * theta;
        }
        let late = (1..=steps)
            .map(|s| (1.0 - beta) * beta.powi(steps - s) * path[s as usize])
            .sum::<f64>();
        close(average, beta.powi(steps) * path[0] + late, ROUNDING);
    }
}
