use super::instances::{
    DIFFERENCES, MANY, ROUNDING, STEP, between, close, dot, logits, masses, mean_of, mixed,
    optimal_logits, pairs, positive, rng, sigmoid, size, slope,
};
use saddle::figures::descent::mirror;
use saddle::num::rng::Rng;
use saddle::theory::divergence::kl;
use saddle::theory::game;

#[test]
fn eq_u_affine() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, d) = (masses(&mut rng, n), logits(&mut rng, n));
        let (p, q, share) = (masses(&mut rng, n), masses(&mut rng, n), between(&mut rng, 0.0, 1.0));
        let u = |g: &[f64]| game::value(&d, &data, g);
        let sum =
            |(p, (g, a)): (&f64, (f64, f64))| p * sigmoid(a).ln() + g * (1.0 - sigmoid(a)).ln();
        close(u(&p), data.iter().zip(pairs(&p, &d)).map(sum).sum(), ROUNDING);
        close(u(&mixed(&p, &q, share)), share * u(&p) + (1.0 - share) * u(&q), ROUNDING);
    }
}

#[test]
fn eq_c_convex() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let data = masses(&mut rng, n);
        let (p, q, share) = (masses(&mut rng, n), masses(&mut rng, n), between(&mut rng, 0.0, 1.0));
        let c = |g: &[f64]| game::c_of_g(&data, g);
        close(game::value(&optimal_logits(&data, &p), &data, &p), c(&p), ROUNDING);
        assert!(game::value(&logits(&mut rng, n), &data, &p) <= c(&p));
        assert!(c(&mixed(&p, &q, share)) <= share * c(&p) + (1.0 - share) * c(&q) + ROUNDING);
    }
}

/// The criterion itself, by the slope at p of one of the functions that C is the maximum of.
#[test]
fn eq_subgradient() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, p, q) = (masses(&mut rng, n), positive(&mut rng, n), masses(&mut rng, n));
        let slope: Vec<f64> = pairs(&data, &p).map(|(a, b)| (b / (a + b)).ln()).collect();
        let along = dot(&slope, &q) - dot(&slope, &p);
        // U(., D*) of p: below C everywhere, and C itself at p.
        let of_p = |g: &[f64]| game::value(&optimal_logits(&data, &p), &data, g);
        close(of_p(&p), game::c_of_g(&data, &p), ROUNDING);
        close(of_p(&q), of_p(&p) + along, ROUNDING);
        assert!(game::c_of_g(&data, &q) >= of_p(&q) - ROUNDING);
        assert!(game::c_of_g(&data, &q) >= game::c_of_g(&data, &p) + along - ROUNDING);
    }
}

/// One mass after the other, without regard to their sum.
#[test]
fn eq_c_gradient() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), positive(&mut rng, n));
        for i in 0..n {
            let c = |mass: f64| {
                let mut g = g.clone();
                g[i] = mass;
                game::c_of_g(&data, &g)
            };
            let expected = (g[i] / (data[i] + g[i])).ln();
            // Third derivative 1/g^2 at most, and the smallest mass is above 5e-4.
            let tolerance = DIFFERENCES + (STEP / g[i]).powi(2);
            close(slope(c, g[i]), expected, tolerance);
            close(game::log_sigmoid(-optimal_logits(&data, &g)[i]), expected, ROUNDING);
        }
    }
}

fn step(data: &[f64], g: &[f64], rate: f64) -> Vec<f64> {
    let up: Vec<f64> =
        pairs(data, g).map(|(p, q)| q * (-rate * (q / (p + q)).ln()).exp()).collect();
    let total: f64 = up.iter().sum();
    up.iter().map(|q| q / total).collect()
}

/// The step is the best compromise between slope and nearness: any other distribution loses exactly its
/// divergence from it. And with rates up to 1 it lowers C(G).
#[test]
fn eq_mirror_step() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g, rate) =
            (masses(&mut rng, n), positive(&mut rng, n), between(&mut rng, 0.01, 1.0));
        let s: Vec<f64> = pairs(&data, &g).map(|(p, q)| (q / (p + q)).ln()).collect();
        let next = step(&data, &g, rate);
        let cost = |q: &[f64]| rate * dot(&s, q) + kl(q, &g);
        let other = masses(&mut rng, n);
        close(cost(&other) - cost(&next), kl(&other, &next), ROUNDING);
        assert!(next.iter().all(|q| *q > 0.0));
        close(next.iter().sum(), 1.0, ROUNDING);
        assert!(game::c_of_g(&data, &next) < game::c_of_g(&data, &g));
    }
}

#[test]
fn eq_mirror_half() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, start) = (masses(&mut rng, n), positive(&mut rng, n));
        let mut g = start.clone();
        for t in 1..=30 {
            let half = mean_of(&data, &g);
            g = step(&data, &g, 1.0);
            for i in 0..n {
                close(g[i], half[i], ROUNDING);
                close(g[i] - data[i], 0.5_f64.powi(t) * (start[i] - data[i]), ROUNDING);
            }
        }
        close(game::c_of_g(&data, &g), -(4.0_f64.ln()), 1e-8);
    }
}

/// Against the page's own step, from starts with mass wherever the data have it. Twice the rate can make the error
/// grow, so that the bound on the rate is needed.
#[test]
fn eq_descent_rate() {
    let mut rng = rng();
    let (mut grew, mut tight) = (0, 0.0_f64);
    for _ in 0..10 * MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), positive(&mut rng, n));
        let eta = between(&mut rng, 0.01, 1.0);
        let error = kl(&data, &g);
        let next = kl(&data, &mirror(&data, &g, eta));
        close(next, kl(&data, &step(&data, &g, eta)), ROUNDING);
        assert!(next <= (1.0 - 0.5 * eta) * error + ROUNDING, "{eta} {error} {next}");
        tight = tight.max(next / ((1.0 - 0.5 * eta) * error));
        grew += usize::from(kl(&data, &step(&data, &g, 4.0)) > error);
    }
    assert!(grew > 0, "any rate will do");
    assert!(tight > 0.9, "a far better rate holds: {tight}");
}

/// Data at 0, samples at theta; D there has the logits 0 and psi theta.
fn dirac(psi: f64, theta: f64) -> f64 {
    game::value(&[0.0, psi * theta], &[1.0, 0.0], &[0.0, 1.0])
}

fn point(rng: &mut Rng) -> (f64, f64) {
    (between(rng, -2.0, 2.0), between(rng, -2.0, 2.0))
}

#[test]
fn eq_dirac() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (psi, theta) = point(&mut rng);
        let two = sigmoid(0.0).ln() + (1.0 - sigmoid(psi * theta)).ln();
        close(dirac(psi, theta), two, ROUNDING);
        close(dirac(psi, theta), -(2.0_f64.ln()) - (1.0 + (psi * theta).exp()).ln(), ROUNDING);
    }
}

#[test]
fn eq_dirac_flow() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (psi, theta) = point(&mut rng);
        let weight = sigmoid(psi * theta);
        close(slope(|psi| dirac(psi, theta), psi), -theta * weight, DIFFERENCES);
        close(-slope(|theta| dirac(psi, theta), theta), psi * weight, DIFFERENCES);
    }
}

/// Where the flow has come after `time`. `gamma` is that of R1.
pub(super) fn flow(start: (f64, f64), gamma: f64, time: f64) -> (f64, f64) {
    let rate = |(psi, theta): (f64, f64)| {
        let weight = game::sigmoid(psi * theta);
        (-theta * weight - gamma * psi, psi * weight)
    };
    flow_of(rate, start, time)
}

/// The same for any field, by the classical rule of Runge and Kutta.
pub(super) fn flow_of(
    rate: impl Fn((f64, f64)) -> (f64, f64),
    start: (f64, f64),
    time: f64,
) -> (f64, f64) {
    let steps = (time * 100.0).ceil();
    let h = time / steps;
    let (mut at, mut done) = (start, 0.0);
    while done < steps {
        let plus = |k: (f64, f64), h: f64| (at.0 + h * k.0, at.1 + h * k.1);
        let one = rate(at);
        let two = rate(plus(one, 0.5 * h));
        let three = rate(plus(two, 0.5 * h));
        let four = rate(plus(three, h));
        let mean =
            |f: fn((f64, f64)) -> f64| (f(one) + 2.0 * f(two) + 2.0 * f(three) + f(four)) / 6.0;
        at = (at.0 + h * mean(|k| k.0), at.1 + h * mean(|k| k.1));
        done += 1.0;
    }
    at
}

/// Many turns of the flow, integrated; it moves, and keeps its distance.
#[test]
fn eq_dirac_circle() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (psi, theta) = point(&mut rng);
        let radius = psi * psi + theta * theta;
        let (later_psi, later_theta) = flow((psi, theta), 0.0, 30.0);
        close(later_psi.powi(2) + later_theta.powi(2), radius, 1e-7);
        // Near the solution the angle grows by 0.27 to 0.73 a unit of time.
        let near = (0.5 * psi, 0.5 * theta);
        let later = flow(near, 0.0, 2.0);
        assert!((later.0 - near.0).hypot(later.1 - near.1) > 0.25 * radius.sqrt());
    }
}

/// Steps along the derivatives of V, taken as differences, so that no formula of the flow is assumed.
#[test]
fn eq_dirac_step() {
    let mut rng = rng();
    for _ in 0..MANY {
        let ((psi, theta), rate) = (point(&mut rng), between(&mut rng, 0.01, 1.0));
        let next_psi = psi + rate * slope(|psi| dirac(psi, theta), psi);
        let next_theta = theta - rate * slope(|theta| dirac(psi, theta), theta);
        let growth = 1.0 + (rate * sigmoid(psi * theta)).powi(2);
        let radius = psi * psi + theta * theta;
        close(next_psi.powi(2) + next_theta.powi(2), growth * radius, 1e-6);
        assert!(growth > 1.0);
    }
}
