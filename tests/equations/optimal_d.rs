use super::instances::{
    CELLS, FEW, MANY, Mixture, QUADRATURE, ROUNDING, STEP, best_value, between, close, crossing,
    edges, highest, integral, logits, masses, optimal_logits, pairs, rng, sigmoid, size, slope,
    smooth, weigh,
};
use crate::support::normal;
use saddle::num::rng::Rng;
use saddle::theory::quadrature::integrate;
use saddle::theory::{divergence, game, grid};

/// Two densities at a point, up to 50: they may well be larger than one.
fn ab(rng: &mut Rng) -> (f64, f64) {
    (between(rng, -4.0, 4.0).exp(), between(rng, -4.0, 4.0).exp())
}

/// f(y) as the page computes it.
fn f(a: f64, b: f64, y: f64) -> f64 {
    game::value(&[y.ln() - (1.0 - y).ln()], &[a], &[b])
}

/// An inner point of [0, 1].
fn inner(rng: &mut Rng) -> f64 {
    between(rng, 0.05, 0.95)
}

/// By the definition over z, by quadrature over x, and from the page's cells.
#[test]
fn eq_value_x() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let data = Mixture::random(&mut rng);
        let (mean, deviation) = (between(&mut rng, -2.0, 2.0), between(&mut rng, 0.5, 1.2));
        let p_g = Mixture::normal(mean, deviation);
        let d = smooth(&mut rng);
        let on_real = integral(|x| data.density(x) * sigmoid(d(x)).ln());
        let on_fake = |z: f64| (1.0 - sigmoid(d(mean + deviation * z))).ln() * normal::density(z);
        let defined = on_real + integrate(on_fake, -8.0, 8.0, 1e-11);
        let one = |x: f64| {
            data.density(x) * sigmoid(d(x)).ln() + p_g.density(x) * (1.0 - sigmoid(d(x))).ln()
        };
        close(integral(one), defined, QUADRATURE);
        let at: Vec<f64> = grid::centres(&edges).into_iter().map(d).collect();
        close(game::value(&at, &data.masses(&edges), &p_g.masses(&edges)), defined, CELLS);
    }
}

#[test]
fn eq_pointwise() {
    let mut rng = rng();
    for _ in 0..MANY {
        let ((a, b), y) = (ab(&mut rng), inner(&mut rng));
        close(f(a, b, y), a * y.ln() + b * (1.0 - y).ln(), ROUNDING);
        // At the ends one term is -infinity, unless its weight is zero.
        assert_eq!(game::value(&[f64::INFINITY], &[a], &[b]), f64::NEG_INFINITY);
        assert_eq!(game::value(&[f64::NEG_INFINITY], &[a], &[b]), f64::NEG_INFINITY);
        assert_eq!(game::value(&[f64::INFINITY], &[a], &[0.0]), 0.0);
        assert_eq!(game::value(&[f64::NEG_INFINITY], &[0.0], &[b]), 0.0);
    }
}

#[test]
fn eq_f_prime() {
    let mut rng = rng();
    for _ in 0..MANY {
        let ((a, b), y) = (ab(&mut rng), inner(&mut rng));
        // The third derivative is at most 2 (a + b) / 0.05^3.
        let tolerance = (a + b) * (STEP.powi(2) / 3.0 / 0.05_f64.powi(3) + 1e-9);
        close(slope(|y| f(a, b, y), y), a / y - b / (1.0 - y), tolerance);
    }
}

#[test]
fn eq_f_stationary() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (a, b) = ab(&mut rng);
        let root = crossing(|y| b / (1.0 - y) - a / y, 0.0, 0.0, 1.0);
        close(root, a / (a + b), ROUNDING);
        close(a * (1.0 - root), b * root, ROUNDING);
        close(game::optimal(a, b).unwrap(), root, ROUNDING);
    }
}

#[test]
fn eq_f_second() {
    let mut rng = rng();
    for _ in 0..MANY {
        let ((a, b), y) = (ab(&mut rng), inner(&mut rng));
        let step = 1e-4;
        let found = (f(a, b, y + step) - 2.0 * f(a, b, y) + f(a, b, y - step)) / step.powi(2);
        let expected = -a / y.powi(2) - b / (1.0 - y).powi(2);
        // Fourth derivative 6 (a + b) / 0.05^4, and rounding of f over the square of the step.
        let tolerance = (a + b) * (0.5 * step.powi(2) / 0.05_f64.powi(4) + 1e-6);
        close(found, expected, tolerance);
        assert!(expected < 0.0 && found < 0.0);
    }
}

#[test]
fn eq_f_gap() {
    let mut rng = rng();
    for _ in 0..MANY {
        let ((a, b), y) = (ab(&mut rng), inner(&mut rng));
        let best = a / (a + b);
        let coins = divergence::kl(&[best, 1.0 - best], &[y, 1.0 - y]);
        let lost = f(a, b, best) - f(a, b, y);
        close(lost, (a + b) * coins, ROUNDING);
        close(game::gap(&[y.ln() - (1.0 - y).ln()], &[a], &[b]), lost, ROUNDING);
        assert!(coins > 0.0);
        assert_eq!(divergence::kl(&[best, 1.0 - best], &[best, 1.0 - best]), 0.0);
    }
}

/// Found by search, outcome by outcome, also where only one of the two has mass.
#[test]
fn eq_d_optimal() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        for (a, b) in pairs(&data, &g) {
            let Some(found) = game::optimal(a, b) else {
                assert_eq!((a, b), (0.0, 0.0));
                continue;
            };
            // In units of the two masses, so that tiny ones are not lost in rounding.
            let (a, b) = (a / (a + b), b / (a + b));
            let logit = highest(|l| game::value(&[l], &[a], &[b]), -40.0, 40.0);
            close(found, sigmoid(logit), 1e-6);
            close(found, a / (a + b), ROUNDING);
        }
    }
}

/// As a difference of two values, as a sum over cells, and as the integral on the page.
#[test]
fn eq_d_gap() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let (data, g) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let d = smooth(&mut rng);
        let (p, q) = (data.masses(&edges), g.masses(&edges));
        let at: Vec<f64> = grid::centres(&edges).into_iter().map(d).collect();
        let difference = game::value(&optimal_logits(&p, &q), &p, &q) - game::value(&at, &p, &q);
        close(game::gap(&at, &p, &q), difference, ROUNDING);
        let lost = |x: f64| {
            let (p, q, d) = (data.density(x), g.density(x), sigmoid(d(x)));
            let best = p / (p + q);
            let coins =
                weigh(best, (best / d).ln()) + weigh(q / (p + q), (q / (p + q) / (1.0 - d)).ln());
            (p + q) * coins
        };
        close(difference, integral(lost), CELLS);
        assert!(difference > 0.0);
    }
}

#[test]
fn eq_d_logit() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (data, g) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let x = between(&mut rng, -3.0, 3.0);
        let (p, q) = (data.density(x), g.density(x));
        let d = game::optimal(p, q).unwrap();
        // 1 - D loses the digits by which D is near 1.
        let tolerance = 1e-15 * (p + q) / q + 1e-12;
        close((d / (1.0 - d)).ln(), p.ln() - q.ln(), tolerance);
        close(game::sigmoid(p.ln() - q.ln()), d, ROUNDING);
    }
}

/// The two integrals against the page's C(G), and against the best D that a search finds.
#[test]
fn eq_c_of_g() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let (data, g) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let half = |p: &Mixture| {
            integral(|x| p.density(x) * (p.density(x) / (data.density(x) + g.density(x))).ln())
        };
        let (first, second) = (half(&data), half(&g));
        assert!(first < 0.0 && second < 0.0 && first + second >= -(4.0_f64.ln()) - QUADRATURE);
        close(game::c_of_g(&data.masses(&edges), &g.masses(&edges)), first + second, CELLS);
    }
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        close(game::c_of_g(&data, &g), best_value(&data, &g), ROUNDING);
        assert!(game::c_of_g(&data, &g) >= game::value(&logits(&mut rng, n), &data, &g));
    }
}
