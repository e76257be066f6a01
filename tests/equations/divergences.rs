use super::instances::{
    FEW, MANY, Mixture, QUADRATURE, ROUNDING, between, close, edges, integral, masses, pairs,
    positive, rng, size, weigh,
};
use crate::support::masses::{differential_entropy, entropy, total_variation};
use crate::support::{closed, quadrature};
use saddle::theory::divergence::{kl, kl_within_cells};
use std::f64::consts::LN_2;

/// Counted in bits, and over pairs of independent outcomes, for which it adds up.
#[test]
fn eq_entropy() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (n, m) = (size(&mut rng), size(&mut rng));
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, m));
        let bits: f64 = p.iter().map(|p| -weigh(*p, p.log2())).sum();
        close(entropy(&p), bits * LN_2, ROUNDING);
        let both: Vec<f64> = p.iter().flat_map(|p| q.iter().map(move |q| p * q)).collect();
        close(entropy(&both), entropy(&p) + entropy(&q), ROUNDING);
        close(entropy(&vec![1.0 / n as f64; n]), (n as f64).ln(), ROUNDING);
        let certain: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i == 0))).collect();
        assert_eq!(entropy(&certain), 0.0);
    }
}

/// Tabulated, by quadrature, and in closed form; and with the unit of x it shifts.
#[test]
fn eq_entropy_continuous() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let p = Mixture::random(&mut rng);
        let by_quadrature = integral(|x| -weigh(p.density(x), p.density(x).ln()));
        // Lumping into cells of width h adds (h p'/p)^2 / 24 on average: 1e-6 nats here.
        close(differential_entropy(&edges, &p.masses(&edges)), by_quadrature, 5e-6);
        let (mean, deviation) = (between(&mut rng, -2.0, 2.0), between(&mut rng, 0.3, 1.2));
        let normal = Mixture::normal(mean, deviation);
        let by_quadrature = integral(|x| -weigh(normal.density(x), normal.density(x).ln()));
        close(closed::gaussian_entropy(deviation), by_quadrature, QUADRATURE);
        let unit = between(&mut rng, 0.1, 10.0);
        let rescaled = closed::gaussian_entropy(unit * deviation);
        close(rescaled, by_quadrature + unit.ln(), QUADRATURE);
        close(closed::uniform_entropy(unit), unit.ln(), ROUNDING);
    }
}

#[test]
fn eq_kl_discrete() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, n));
        let expected: f64 = pairs(&p, &q).map(|(p, q)| weigh(p, (p / q).ln())).sum();
        if expected.is_finite() {
            close(kl(&p, &q), expected, ROUNDING);
        } else {
            assert_eq!(kl(&p, &q), f64::INFINITY);
        }
    }
}

#[test]
fn eq_kl_continuous() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let (p, q) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let (cp, cq) = (p.masses(&edges), q.masses(&edges));
        let expected = integral(|x| p.density(x) * (p.density(x).ln() - q.density(x).ln()));
        let found = kl(&cp, &cq) + kl_within_cells(&edges, &cp, &cq);
        close(found, expected, 1e-6);
        let direct =
            quadrature::kl(|x| p.density(x), |x| q.density(x), edges[0], edges[6000], 1e-11);
        close(direct, expected, QUADRATURE);
    }
}

#[test]
fn eq_coding() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), positive(&mut rng, n));
        let length: f64 = pairs(&p, &q).map(|(p, q)| -p * q.ln()).sum();
        close(length, entropy(&p) + kl(&p, &q), ROUNDING);
    }
}

/// The difference is the integral of its derivative from 1, which both ways is positive.
#[test]
fn eq_log_bound() {
    let mut rng = rng();
    for _ in 0..MANY {
        let t = between(&mut rng, -6.0, 6.0).exp();
        let gap = t - 1.0 - t.ln();
        let by_quadrature = quadrature::integrate(|s| 1.0 - 1.0 / s, t.min(1.0), t.max(1.0), 1e-11);
        let by_quadrature = if t < 1.0 { -by_quadrature } else { by_quadrature };
        close(gap, by_quadrature, QUADRATURE);
        assert!(gap > 0.0);
    }
    assert_eq!(1.0_f64.ln(), 0.0);
}

/// Every line of the proof, with outcomes that only one of the two has.
#[test]
fn eq_kl_nonnegative() {
    let mut rng = rng();
    let mut partial = 0;
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, n));
        let on_p = || pairs(&p, &q).filter(|(p, _)| *p > 0.0);
        let logs: f64 = on_p().map(|(p, q)| p * (q / p).ln()).sum();
        let lines: f64 = on_p().map(|(p, q)| p * (q / p - 1.0)).sum();
        let share: f64 = on_p().map(|(_, q)| q).sum();
        if logs.is_finite() {
            close(-kl(&p, &q), logs, ROUNDING);
        } else {
            assert_eq!(kl(&p, &q), f64::INFINITY);
        }
        assert!(logs <= lines + ROUNDING);
        close(lines, share - 1.0, ROUNDING);
        assert!(share <= 1.0 + ROUNDING && kl(&p, &q) >= 0.0);
        partial += usize::from(share < 0.99);
    }
    assert!(partial > MANY / 10, "the last step was never strict");
}

#[test]
fn eq_kl_jensen() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, n));
        let ratio: f64 = pairs(&p, &q).filter(|(p, _)| *p > 0.0).map(|(p, q)| p * (q / p)).sum();
        let share: f64 = pairs(&p, &q).filter(|(p, _)| *p > 0.0).map(|(_, q)| q).sum();
        close(ratio, share, ROUNDING);
        assert!(-kl(&p, &q) <= ratio.ln() + ROUNDING && ratio.ln() <= ROUNDING);
    }
}

/// Pinsker's inequality says how far from zero it is when the two differ.
#[test]
fn eq_kl_zero() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, n));
        assert_eq!(kl(&p, &p), 0.0);
        let apart = total_variation(&p, &q);
        assert!(kl(&p, &q) >= 2.0 * apart * apart - ROUNDING);
        assert_eq!(kl(&p, &q) > 0.0, p != q);
    }
}

#[test]
fn eq_kl_asymmetry() {
    let (p, q) = ([0.5, 0.5], [0.25, 0.75]);
    close(kl(&p, &q), 0.5 * (4.0_f64 / 3.0).ln(), ROUNDING);
    close(kl(&q, &p), 0.75 * 3.0_f64.ln() - LN_2, ROUNDING);
    close(kl(&p, &q), 0.1438, 0.5e-4);
    close(kl(&q, &p), 0.1308, 0.5e-4);
}

#[test]
fn eq_kl_gaussian() {
    let mut rng = rng();
    for _ in 0..FEW {
        let [m1, m2] = [(); 2].map(|()| between(&mut rng, -3.0, 3.0));
        let [s1, s2] = [(); 2].map(|()| between(&mut rng, 0.5, 1.2));
        let found = closed::gaussian_kl(m1, s1, m2, s2);
        let (p, q) = (Mixture::normal(m1, s1), Mixture::normal(m2, s2));
        let expected = integral(|x| p.density(x) * (p.density(x).ln() - q.density(x).ln()));
        close(found, expected, QUADRATURE);
        let printed = (s2 / s1).ln() + (s1 * s1 + (m1 - m2).powi(2)) / (2.0 * s2 * s2) - 0.5;
        close(found, printed, ROUNDING);
    }
}
