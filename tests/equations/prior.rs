use super::instances::{MANY, close, rng};
use saddle::theory::quadrature::integrate;

/// The moments of one coordinate by quadrature. Then up to six coordinates: Gauss and Hermite's rule with five nodes
/// is exact up to the ninth power, so all values that it gives them are gone through.
#[test]
fn eq_norm_variance() {
    let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    let moment = |k: i32| integrate(|z| z.powi(k) * density(z), -12.0, 12.0, 1e-12);
    let one = moment(4) - moment(2).powi(2);
    close(one, 2.0, 1e-9);
    // Nodes of the rule with five: 0 and both pairs, with their weights.
    let (near, far) = ((5.0 - 10.0_f64.sqrt()).sqrt(), (5.0 + 10.0_f64.sqrt()).sqrt());
    let (inner, outer) =
        ((7.0 + 2.0 * 10.0_f64.sqrt()) / 60.0, (7.0 - 2.0 * 10.0_f64.sqrt()) / 60.0);
    let nodes = [(0.0, 8.0 / 15.0), (near, inner), (-near, inner), (far, outer), (-far, outer)];
    for n in 1..=6_u32 {
        let (mut first, mut second) = (0.0, 0.0);
        for index in 0..5_usize.pow(n) {
            let picked = (0..n).map(|i| nodes[index / 5_usize.pow(i) % 5]);
            let (square, weight) =
                picked.fold((0.0, 1.0), |(s, w), (z, weight)| (s + z * z, w * weight));
            first += weight * square;
            second += weight * square * square;
        }
        close(second - first * first, 2.0 * f64::from(n), 1e-9);
    }
    // The text: the length itself deviates by about 0.71, whatever n is.
    let mut rng = rng();
    for n in [32, 64, 784] {
        let lengths: Vec<f64> = (0..10 * MANY)
            .map(|_| (0..n).map(|_| rng.normal().powi(2)).sum::<f64>().sqrt())
            .collect();
        let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
        let spread = lengths.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / lengths.len() as f64;
        // 3,000 draws know a deviation of 0.71 within 0.01.
        close(spread.sqrt(), 0.5_f64.sqrt(), 0.04);
    }
}
