use super::instances::{
    CELLS, FEW, HI, LO, MANY, Mixture, QUADRATURE, ROUNDING, between, close, dot, edges, integral,
    logits, masses, mean_of, optimal_logits, pairs, rng, size, weigh,
};
use crate::support::masses::{entropy, total_variation};
use crate::support::quadrature;
use saddle::figures::ruler;
use saddle::theory::divergence::{jsd, kl};
use saddle::theory::game;
use std::f64::consts::LN_2;

const LOG_4: f64 = 2.0 * LN_2;

/// Many pairs of distributions, for the lines of the proof.
fn for_many_pairs(check: impl Fn(&[f64], &[f64])) {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        check(&masses(&mut rng, n), &masses(&mut rng, n));
    }
}

/// Sum over the outcomes of a function of both masses.
fn sum(p: &[f64], q: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    pairs(p, q).map(|(p, q)| f(p, q)).sum()
}

#[test]
fn eq_d_half() {
    for_many_pairs(|data, _| {
        for &p in data.iter().filter(|p| **p > 0.0) {
            assert_eq!(game::optimal(p, p), Some(0.5));
        }
        let d = optimal_logits(data, data);
        assert_eq!(game::sup_from_half(&d, data, 1.0), 0.0);
    });
}

#[test]
fn eq_c_equal() {
    for_many_pairs(|data, _| {
        let halves = 2.0 * sum(data, data, |p, _| p * 0.5_f64.ln());
        close(halves, -2.0 * LN_2, ROUNDING);
        close(halves, -(4.0_f64.ln()), ROUNDING);
        close(game::c_of_g(data, data), halves, ROUNDING);
    });
}

#[test]
fn eq_c_add_zero() {
    for_many_pairs(|p, q| {
        let line = |p: f64, q: f64| (LN_2 - LN_2) * p + weigh(p, (p / (p + q)).ln());
        close(game::c_of_g(p, q), sum(p, q, line) + sum(q, p, line), ROUNDING);
    });
}

#[test]
fn eq_c_collect() {
    for_many_pairs(|p, q| {
        let number = -LN_2 * sum(p, q, |p, q| p + q);
        let line = |p: f64, q: f64| weigh(p, LN_2 + (p / (p + q)).ln());
        close(game::c_of_g(p, q), number + sum(p, q, line) + sum(q, p, line), ROUNDING);
    });
}

/// By quadrature, and from the page's cells and tails.
#[test]
fn eq_unit_mass() {
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let (data, g) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        close(-LN_2 * integral(|x| data.density(x) + g.density(x)), -LOG_4, QUADRATURE);
        let cells = sum(&data.masses(&edges), &g.masses(&edges), |p, q| p + q);
        close(-LN_2 * cells, -LOG_4, QUADRATURE);
    }
}

#[test]
fn eq_log_merge() {
    for_many_pairs(|p, q| {
        for (a, b) in pairs(p, q).filter(|(a, b)| *a > 0.0 && *b > 0.0) {
            for (top, other) in [(a, b), (b, a)] {
                let merged = (top / (0.5 * (top + other))).ln();
                close(LN_2 + (top / (top + other)).ln(), merged, ROUNDING);
            }
        }
    });
}

#[test]
fn eq_c_kl() {
    for_many_pairs(|p, q| {
        let m = mean_of(p, q);
        close(game::c_of_g(p, q), -LOG_4 + kl(p, &m) + kl(q, &m), ROUNDING);
    });
}

/// Sums and integrals, the same either way round.
#[test]
fn eq_jsd() {
    for_many_pairs(|p, q| {
        let m = mean_of(p, q);
        let half = |p: &[f64]| sum(p, &m, |p, m| weigh(p, (p / m).ln()));
        close(jsd(p, q), 0.5 * half(p) + 0.5 * half(q), ROUNDING);
        close(jsd(p, q), jsd(q, p), ROUNDING);
    });
    let mut rng = rng();
    let edges = edges();
    for _ in 0..FEW {
        let (p, q) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let half = |p: &Mixture, q: &Mixture| {
            integral(|x| p.density(x) * (2.0 * p.density(x) / (p.density(x) + q.density(x))).ln())
        };
        let expected = 0.5 * half(&p, &q) + 0.5 * half(&q, &p);
        let direct =
            quadrature::jsd(|x| p.density(x), |x| q.density(x), edges[0], edges[6000], 1e-11);
        close(direct, expected, QUADRATURE);
        close(jsd(&p.masses(&edges), &q.masses(&edges)), expected, CELLS);
    }
}

/// C(G) from D*, the divergence from the densities: two calculations of one number.
#[test]
fn eq_c_jsd() {
    for_many_pairs(|p, q| {
        close(game::c_of_g(p, q), -LOG_4 + 2.0 * jsd(p, q), ROUNDING);
        close(game::c_from_jsd(jsd(p, q)), -LOG_4 + 2.0 * jsd(p, q), ROUNDING);
    });
    let mut rng = rng();
    for _ in 0..FEW {
        let (p, q) = (Mixture::random(&mut rng), Mixture::random(&mut rng));
        let (p, q) = (|x| p.density(x), |x| q.density(x));
        let c =
            integral(|x| p(x) * (p(x) / (p(x) + q(x))).ln() + q(x) * (q(x) / (p(x) + q(x))).ln());
        let divergence = quadrature::jsd(p, q, LO, HI, 1e-11);
        close(c, game::c_from_jsd(divergence), QUADRATURE);
    }
}

/// Each end is reached exactly when it should be: equal distributions, or no common mass.
#[test]
fn eq_jsd_bounds() {
    for_many_pairs(|p, q| {
        let found = jsd(p, q);
        let common: f64 = sum(p, q, f64::min);
        assert!((0.0..=LN_2).contains(&found));
        assert_eq!(jsd(p, p), 0.0);
        if common < 1.0 - 1e-6 {
            assert!(found > 0.0);
        }
        if common > 1e-6 {
            assert!(found < LN_2);
        }
        let apart: (Vec<f64>, Vec<f64>) =
            ([p, &vec![0.0; q.len()]].concat(), [&vec![0.0; p.len()], q].concat());
        close(jsd(&apart.0, &apart.1), LN_2, ROUNDING);
    });
}

/// Entropies, and the mutual information in the table of sample and label.
#[test]
fn eq_jsd_information() {
    for_many_pairs(|p, q| {
        let m = mean_of(p, q);
        close(jsd(p, q), entropy(&m) - 0.5 * entropy(p) - 0.5 * entropy(q), ROUNDING);
        let term = |joint: f64, marginal: f64| weigh(joint, (joint / (marginal * 0.5)).ln());
        let information: f64 =
            m.iter().zip(pairs(p, q)).map(|(&m, (p, q))| term(0.5 * p, m) + term(0.5 * q, m)).sum();
        close(jsd(p, q), information, ROUNDING);
    });
}

/// Triples, some of them nearly on the way from one to the other; the divergence itself fails on some.
#[test]
fn eq_jsd_metric() {
    let mut rng = rng();
    let mut failures = 0;
    for i in 0..MANY {
        let n = size(&mut rng);
        let (p, r) = (masses(&mut rng, n), masses(&mut rng, n));
        let q = if i % 2 == 0 { masses(&mut rng, n) } else { mean_of(&p, &r) };
        let (pr, pq, qr) = (jsd(&p, &r), jsd(&p, &q), jsd(&q, &r));
        assert!(pr.sqrt() <= pq.sqrt() + qr.sqrt() + ROUNDING);
        failures += usize::from(pr > pq + qr + ROUNDING);
    }
    assert!(failures > 0, "JSD without the root passed, too");
}

#[test]
fn eq_saddle() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let data = masses(&mut rng, n);
        let (d, g) = (logits(&mut rng, n), masses(&mut rng, n));
        let half = vec![0.0; n];
        assert!(game::value(&d, &data, &data) < -LOG_4);
        close(game::value(&half, &data, &data), -LOG_4, ROUNDING);
        close(game::value(&half, &data, &g), -LOG_4, ROUNDING);
        // Both sides of the interchange of minimum and maximum are -log 4.
        let constant = vec![0.5_f64.ln(); n];
        close(dot(&data, &constant) + dot(&g, &constant), -LOG_4, ROUNDING);
        close(game::c_of_g(&data, &data), -LOG_4, ROUNDING);
    }
}

/// Both bounds on random pairs, and where each is attained: the lower to fourth order, the upper for what is partly
/// shared and otherwise apart.
#[test]
fn eq_tv_jsd() {
    for_many_pairs(|p, q| {
        let (tv, jsd) = (total_variation(p, q), jsd(p, q));
        assert!(0.5 * tv * tv <= jsd + ROUNDING && jsd <= tv * LN_2 + ROUNDING, "{tv} {jsd}");
    });
    let mut rng = rng();
    for _ in 0..MANY {
        let t = between(&mut rng, 0.0, 1.0);
        close(jsd(&[1.0 - t, t, 0.0], &[1.0 - t, 0.0, t]), t * LN_2, ROUNDING);
        let coins = jsd(&[0.5 + 0.5 * t, 0.5 - 0.5 * t], &[0.5 - 0.5 * t, 0.5 + 0.5 * t]);
        // All terms of the series are positive: 1 / (2k (2k - 1)).
        let term = |k: i32| t.powi(2 * k) / f64::from(2 * k * (2 * k - 1));
        assert!(coins >= term(1) + term(2) - ROUNDING);
        assert!(coins <= term(1) + term(2) + t.powi(6) * (LN_2 - 0.5 - 1.0 / 12.0) + ROUNDING);
    }
}

/// Judges who toss coins of their own, as biased as they like; one who sees nothing but the answer of a symmetric
/// channel attains the bound.
#[test]
fn eq_score_bound() {
    let mut rng = rng();
    let mut close_calls = 0;
    for _ in 0..10 * MANY {
        let n = size(&mut rng);
        let (p, q) = (masses(&mut rng, n), masses(&mut rng, n));
        // How often the judge says "real" at each outcome: the best answer, spoilt by some noise.
        let noise = between(&mut rng, 0.0, 1.0);
        let says: Vec<f64> = pairs(&p, &q)
            .map(|(p, q)| {
                let best = f64::from(u8::from(p > q));
                (1.0 - noise) * best + noise * between(&mut rng, 0.0, 1.0)
            })
            .collect();
        let r: f64 = (0..n).map(|x| 0.5 * (p[x] * says[x] + q[x] * (1.0 - says[x]))).sum();
        if r <= 0.5 {
            continue;
        }
        let bound = LN_2 + weigh(r, r.ln()) + weigh(1.0 - r, (1.0 - r).ln());
        close(ruler::least(r), bound, ROUNDING);
        assert!(bound <= jsd(&p, &q) + ROUNDING, "{r} {bound} {}", jsd(&p, &q));
        close_calls += usize::from(bound > 0.5 * jsd(&p, &q));
    }
    assert!(close_calls > MANY, "the bound is never near: {close_calls}");
    let r = 0.85;
    close(jsd(&[r, 1.0 - r], &[1.0 - r, r]), ruler::least(r), ROUNDING);
}
