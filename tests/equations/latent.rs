use super::instances::{FEW, MANY, between, close, dot, rng};
use crate::support::quadrature::integrate;
use saddle::mnist::explore::{lerp, norm, slerp};

/// The squared norm has the density of chi-square with n degrees of freedom; by quadrature its mean is n.
#[test]
fn eq_gaussian_norm() {
    for n in 2..=64_u32 {
        let power = |x: f64, k: f64| {
            (k * x.ln() - 0.5 * x - (k * f64::from(n).ln() - 0.5 * f64::from(n))).exp()
        };
        let half = 0.5 * f64::from(n);
        let moment = |k: f64| integrate(|x| power(x, k), 0.0, 400.0, 1e-11);
        // Both integrals are scaled alike but for one factor n.
        let mean = f64::from(n) * moment(half) / moment(half - 1.0);
        close(mean, f64::from(n), 1e-8 * f64::from(n));
    }
}

/// Gauss and Hermite's rule with three nodes is exact for squares of normals: all values of three
/// coordinates of a and b are gone through.
#[test]
fn eq_lerp_norm() {
    const NODES: [(f64, f64); 3] = [
        (-1.732_050_807_568_877_2, 1.0 / 6.0),
        (0.0, 2.0 / 3.0),
        (1.732_050_807_568_877_2, 1.0 / 6.0),
    ];
    let mut rng = rng();
    for _ in 0..FEW {
        let t = between(&mut rng, -0.5, 1.5) as f32;
        for n in 1..=3_usize {
            let mut mean = 0.0;
            for case in 0..3_usize.pow(2 * n as u32) {
                let node = |i: usize| NODES[case / 3_usize.pow(i as u32) % 3];
                let chance: f64 = (0..2 * n).map(|i| node(i).1).product();
                let part =
                    |from: usize| (from..from + n).map(|i| node(i).0 as f32).collect::<Vec<f32>>();
                mean += chance * norm(&lerp(&part(0), &part(n), t)).powi(2);
            }
            let t = f64::from(t);
            // f32 has seven digits.
            close(mean, n as f64 * ((1.0 - t).powi(2) + t.powi(2)), 1e-5);
        }
    }
}

/// Between two z of one length; it stays.
#[test]
fn eq_slerp() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = 2 + rng.below(63) as usize;
        let mut draw = || (0..n).map(|_| rng.normal() as f32).collect::<Vec<f32>>();
        let (a, b) = (draw(), draw());
        let to_one = (norm(&a) / norm(&b)) as f32;
        let b: Vec<f32> = b.into_iter().map(|v| v * to_one).collect();
        let t = between(&mut rng, 0.0, 1.0) as f32;
        let wide = |z: &[f32]| z.iter().copied().map(f64::from).collect::<Vec<f64>>();
        let omega = (dot(&wide(&a), &wide(&b)) / (norm(&a) * norm(&b))).acos();
        let weight = |t: f64| (t * omega).sin() / omega.sin();
        let (of_a, of_b) = (weight(1.0 - f64::from(t)), weight(f64::from(t)));
        let found = slerp(&a, &b, t);
        for i in 0..n {
            // f32, and near opposite directions sin Omega magnifies its rounding.
            let tolerance = 1e-5 * (1.0 + 1.0 / omega.sin());
            close(f64::from(found[i]), of_a * f64::from(a[i]) + of_b * f64::from(b[i]), tolerance);
        }
        close(norm(&found), norm(&a), 1e-5 * norm(&a));
    }
}
