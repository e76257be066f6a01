use super::instances::{
    MANY, ROUNDING, best_value, close, law, logits, masses, optimal_logits, pairs, rng, sigmoid,
    size, table,
};
use crate::support::masses::total_variation;
use saddle::theory::game;

#[test]
fn eq_d_real() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, d, nothing) = (masses(&mut rng, n), logits(&mut rng, n), vec![0.0; n]);
        let expected = pairs(&data, &d).map(|(p, a)| p * sigmoid(a).ln()).sum();
        let found = game::value(&d, &data, &nothing);
        close(found, expected, ROUNDING);
        assert!(found < 0.0);
        // Zero exactly when D is 1 wherever there are data.
        let sure = |(p, a): (f64, f64)| if p > 0.0 { f64::INFINITY } else { a };
        let sure: Vec<f64> = pairs(&data, &d).map(sure).collect();
        assert_eq!(game::value(&sure, &data, &nothing), 0.0);
    }
}

#[test]
fn eq_d_fake() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (nz, nx) = (size(&mut rng), size(&mut rng));
        let (prior, g, d) = (masses(&mut rng, nz), table(&mut rng, nz, nx), logits(&mut rng, nx));
        let over_z = prior.iter().zip(&g).map(|(p, &x)| p * (1.0 - sigmoid(d[x])).ln()).sum();
        let p_g = law(&prior, &g, nx);
        let found = game::value(&d, &vec![0.0; nx], &p_g);
        close(found, over_z, ROUNDING);
        assert!(found < 0.0);
        let sure = |(p, a): (f64, f64)| if p > 0.0 { f64::NEG_INFINITY } else { a };
        let sure: Vec<f64> = pairs(&p_g, &d).map(sure).collect();
        assert_eq!(game::value(&sure, &vec![0.0; nx], &p_g), 0.0);
    }
}

#[test]
fn eq_value() {
    let mut rng = rng();
    for _ in 0..MANY {
        let (nz, nx) = (size(&mut rng), size(&mut rng));
        let (prior, g) = (masses(&mut rng, nz), table(&mut rng, nz, nx));
        let (data, mut d) = (masses(&mut rng, nx), logits(&mut rng, nx));
        let on_real: f64 = pairs(&data, &d).map(|(p, a)| p * sigmoid(a).ln()).sum();
        let on_fake: f64 = prior.iter().zip(&g).map(|(p, &x)| p * (1.0 - sigmoid(d[x])).ln()).sum();
        let p_g = law(&prior, &g, nx);
        close(game::value(&d, &data, &p_g), on_real + on_fake, ROUNDING);
        // -infinity is a value, too: D = 0 where there are data.
        let real = data.iter().position(|p| *p > 0.0).unwrap();
        d[real] = f64::NEG_INFINITY;
        assert_eq!(game::value(&d, &data, &p_g), f64::NEG_INFINITY);
    }
}

/// Among many D, D* included, D* is the argument of the maximum.
#[test]
fn eq_d_star() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        let best = optimal_logits(&data, &g);
        for ((a, b), logit) in pairs(&data, &g).zip(&best) {
            if let Some(d) = game::optimal(a, b) {
                close(game::sigmoid(*logit), d, ROUNDING);
            }
        }
        let value = game::value(&best, &data, &g);
        for _ in 0..20 {
            let other = logits(&mut rng, n);
            assert!(game::value(&other, &data, &g) < value);
        }
    }
}

/// Among many G, both ways of writing G* choose the same one.
#[test]
fn eq_g_star() {
    let mut rng = rng();
    for _ in 0..40 {
        let n = size(&mut rng);
        let data = masses(&mut rng, n);
        let all: Vec<_> = (0..8).map(|_| masses(&mut rng, n)).collect();
        let lowest = |c: &dyn Fn(&[f64]) -> f64| {
            let values: Vec<f64> = all.iter().map(|g| c(g)).collect();
            (0..all.len()).min_by(|&i, &j| values[i].total_cmp(&values[j]))
        };
        let at_best = lowest(&|g| game::value(&optimal_logits(&data, g), &data, g));
        assert_eq!(at_best, lowest(&|g| best_value(&data, g)));
    }
}

/// The value of the game is -log 4, and only the data themselves attain it.
#[test]
fn eq_minimax() {
    let mut rng = rng();
    for _ in 0..40 {
        let n = size(&mut rng);
        let data = masses(&mut rng, n);
        let equal = best_value(&data, &data);
        close(equal, -(4.0_f64.ln()), ROUNDING);
        for _ in 0..8 {
            let g = masses(&mut rng, n);
            if total_variation(&data, &g) > 1e-3 {
                // By Pinsker's inequality 2 JSD is at least the square of the total variation over two.
                assert!(best_value(&data, &g) > equal + 1e-7);
            }
        }
    }
}

#[test]
fn eq_minimax_order() {
    let mut rng = rng();
    let mut strict = 0;
    for _ in 0..MANY {
        let n = size(&mut rng);
        let data = masses(&mut rng, n);
        let all_d: Vec<_> = (0..6).map(|_| logits(&mut rng, n)).collect();
        let all_g: Vec<_> = (0..6).map(|_| masses(&mut rng, n)).collect();
        let v = |d: &[f64], g: &[f64]| game::value(d, &data, g);
        let least = |d: &Vec<f64>| all_g.iter().map(|g| v(d, g)).fold(f64::INFINITY, f64::min);
        let most = |g: &Vec<f64>| all_d.iter().map(|d| v(d, g)).fold(f64::NEG_INFINITY, f64::max);
        let d_first = all_d.iter().map(least).fold(f64::NEG_INFINITY, f64::max);
        let g_first = all_g.iter().map(most).fold(f64::INFINITY, f64::min);
        assert!(d_first <= g_first);
        strict += usize::from(d_first < g_first);

        // Over all G there are: whoever answers D gives all mass to the x that D takes for real most.
        let answer = |d: &[f64]| -> f64 {
            let of_data: f64 = pairs(&data, d).map(|(p, a)| p * sigmoid(a).ln()).sum();
            of_data + d.iter().map(|a| (1.0 - sigmoid(*a)).ln()).fold(f64::INFINITY, f64::min)
        };
        for d in &all_d {
            let points = (0..n).map(|x| (0..n).map(|i| f64::from(u8::from(i == x))).collect());
            let best = points.map(|g: Vec<f64>| v(d, &g)).fold(f64::INFINITY, f64::min);
            close(best, answer(d), ROUNDING);
            assert!(least(d) >= best - ROUNDING);
            // Whichever comes first, -log 4 is what it can be sure of: D by saying one half, G by drawing the data.
            assert!(answer(d) <= -4f64.ln() + ROUNDING);
            assert!(v(d, &data) <= -4f64.ln() + ROUNDING);
        }
        close(answer(&vec![0.0; n]), -4f64.ln(), ROUNDING);
        for g in &all_g {
            assert!(v(&optimal_logits(&data, g), g) >= -4f64.ln() - ROUNDING);
        }
    }
    // The order does matter.
    assert!(strict > MANY / 10, "{strict}");
}
