//! Metrics against numbers of other implementations, closed forms and identities.
//!
//! Numbers without another source are printed by tests/reference/metrics.py (NumPy 2.4.6, SciPy 1.17.1,
//! scikit-learn 1.9.1); the call that makes one stands above it.

use saddle::mnist::judge::frechet::Gaussian;
use saddle::mnist::judge::neighbours::Neighbour;
use saddle::mnist::judge::score::Histogram;
use saddle::mnist::judge::{Estimate, frechet, kid, neighbours, parzen, score};

mod verdict;

/// `uniforms` of the reference script.
fn uniforms(seed: u32, count: usize) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    (0..count).map(|_| next()).collect()
}

fn images(seed: u32, count: usize) -> Vec<f32> {
    uniforms(seed, count * 784).into_iter().map(|v| v as f32).collect()
}

/// `features` of the reference script.
fn features(seed: u32, rows: usize, width: usize, scale: f64, shift: f64) -> Vec<f32> {
    let u = uniforms(seed, rows * width);
    let mixed = u.chunks_exact(width).flat_map(|row| {
        let column = move |j: usize| (row[j] + 0.5 * row[(j + 1) % width]) * scale + shift;
        (0..width).map(column)
    });
    mixed.map(|v| v as f32).collect()
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

#[test]
fn parzen_is_that_of_the_papers_script() {
    let (samples, valid, test) = (images(1, 71), images(2, 12), images(3, 41));
    // parzen(); 41 images are a whole block and a part of one, and both numbers are odd.
    let found = parzen::log_likelihood(&samples, &valid, &test);
    close(found.sigma, 0.35938136638046275, 1e-15);
    close(found.mean, -381.002725824806, 1e-3);
    close(found.standard_error, 1.7258333550270744, 1e-4);
    let each = parzen::log_likelihoods(&samples, &test, found.sigma);
    close(each[0], -385.44404380852546, 1e-3);
    close(each[40], -365.33597427469186, 1e-3);
    // At the narrowest window exp(-4900) is 0 in f64: only a shifted sum gives a number.
    close(parzen::log_likelihoods(&samples, &test, 0.1)[0], -4900.093391311845, 1e-2);
}

#[test]
fn parzen_of_one_window_is_its_normal_density() {
    // log N(x; x, sigma^2 I) = -784 log(sigma sqrt(2 pi)).
    let x = images(1, 1);
    for sigma in parzen::widths() {
        let expected = -784.0 * (sigma * (2.0 * std::f64::consts::PI).sqrt()).ln();
        close(parzen::log_likelihoods(&x, &x, sigma)[0], expected, 1e-9);
    }
    // Copies of a sample change nothing: it is a mean over samples.
    let (twice, other) = ([x.clone(), x.clone()].concat(), images(2, 3));
    let (one, two) =
        (parzen::log_likelihoods(&x, &other, 0.3), parzen::log_likelihoods(&twice, &other, 0.3));
    one.iter().zip(&two).for_each(|(a, b)| close(*a, *b, 1e-9));
}

#[test]
fn frechet_is_that_of_scipy() {
    let (a, b) = (features(4, 200, 6, 1.0, 0.0), features(5, 150, 6, 1.5, 0.3));
    // distance(): width 6, then 48
    close(frechet::distance(&a, &b, 6), 2.7263062525493886, 1e-9);
    let (c, d) = (features(6, 300, 48, 1.0, 0.0), features(7, 400, 48, 0.8, 0.1));
    close(frechet::distance(&c, &d, 48), 0.5429160784110569, 1e-9);
    // frechet(): a jackknife over 20 parts
    let Estimate { value, standard_error } = frechet::with_error(&Gaussian::fit(&a, 6), &b, 6);
    close(value, frechet::distance(&a, &b, 6), 1e-12);
    close(standard_error, 0.2061365364172875, 1e-9);
}

#[test]
fn frechet_of_equal_sets_is_0_and_it_is_symmetric() {
    let (a, b) = (features(6, 300, 48, 1.0, 0.0), features(7, 400, 48, 0.8, 0.1));
    close(frechet::distance(&a, &a, 48), 0.0, 1e-7);
    close(frechet::distance(&a, &b, 48), frechet::distance(&b, &a, 48), 1e-9);
    // A feature that is always 0, as relu leaves some: the covariance is singular.
    let dead: Vec<f32> = a.chunks_exact(48).flat_map(|row| [&[0.0], &row[1..]].concat()).collect();
    close(frechet::distance(&dead, &dead, 48), 0.0, 1e-6);
    // A shift by 2 in each of 48 columns moves the means by 4 * 48 and leaves the rest.
    let moved: Vec<f32> = a.iter().map(|v| v + 2.0).collect();
    close(frechet::distance(&a, &moved, 48), 192.0, 1e-4);
}

#[test]
fn frechet_of_gaussians_with_closed_forms() {
    let gaussian = |mean: [f64; 2], covariance: [f64; 4]| Gaussian {
        mean: mean.to_vec(),
        covariance: covariance.to_vec(),
    };
    // Diagonal: |m|^2 + sum (s1 - s2)^2, deviations 2 and 3 against 1 and 5.
    let found = gaussian([1.0, 0.0], [4.0, 0.0, 0.0, 9.0])
        .distance(&gaussian([0.0, 2.0], [1.0, 0.0, 0.0, 25.0]));
    close(found, 5.0 + 1.0 + 4.0, 1e-12);
    // Full 2 x 2: tr (C1 C2)^(1/2) = sqrt(tr C1 C2 + 2 sqrt(det C1 C2)), by Cayley-Hamilton.
    let u = uniforms(20, 600);
    for v in u.chunks_exact(6) {
        // C = L L^T of lower triangular L.
        let spd = |l: &[f64]| [l[0] * l[0], l[0] * l[1], l[0] * l[1], l[1] * l[1] + l[2] * l[2]];
        let (c1, c2) = (spd(&v[..3]), spd(&v[3..]));
        let trace = c1[0] * c2[0] + 2.0 * c1[1] * c2[1] + c1[3] * c2[3];
        let root = v[0] * v[2] * v[3] * v[5];
        let expected = c1[0] + c1[3] + c2[0] + c2[3] - 2.0 * (trace + 2.0 * root).sqrt();
        close(gaussian([0.0; 2], c1).distance(&gaussian([0.0; 2], c2)), expected.max(0.0), 1e-7);
    }
}

#[test]
fn a_lost_number_does_not_become_a_good_distance() {
    let mut a = features(4, 200, 6, 1.0, 0.0);
    let b = a.clone();
    a[7] = f32::NAN;
    assert!(frechet::distance(&a, &b, 6).is_nan());
    assert!(kid::distance(&a, &b, 6, 1).value.is_nan());
}

#[test]
fn kid_is_that_of_scikit_learn() {
    let far = (features(4, 40, 6, 1.0, 0.0), features(5, 30, 6, 1.5, 0.3));
    let near = (features(8, 40, 6, 1.0, 0.0), features(9, 30, 6, 1.0, 0.0));
    // kid(): far, near; below 0, as an unbiased estimate of 0 must sometimes be
    close(kid::squared_discrepancy(&far.0, &far.1, 6), 8.942475958554418, 1e-9);
    close(kid::squared_discrepancy(&near.0, &near.1, 6), -0.006087034141489589, 1e-9);
}

#[test]
fn kid_of_one_distribution_is_0_within_its_error() {
    let (a, b) = (features(8, 10_000, 3, 1.0, 0.0), features(9, 10_000, 3, 1.0, 0.0));
    let same = kid::distance(&a, &b, 3, 1);
    assert!(same.value.abs() < 4.0 * same.standard_error && same.standard_error > 0.0, "{same:?}");
    assert_eq!(same, kid::distance(&a, &b, 3, 1));
    let other = kid::distance(&a, &features(9, 10_000, 3, 1.1, 0.0), 3, 1);
    assert!(other.value > 10.0 * other.standard_error, "{other:?}");
    // With 30 rows a side each subset is all of them, in another order.
    let few = kid::distance(&a[..90], &b[..90], 3, 1);
    close(few.value, kid::squared_discrepancy(&a[..90], &b[..90], 3), 1e-12);
    close(few.standard_error, 0.0, 1e-12);
}

fn softmax(rows: &[f64]) -> Vec<f32> {
    let each = rows.chunks_exact(10).flat_map(|row| {
        let sum: f64 = row.iter().map(|v| (6.0 * v).exp()).sum();
        row.iter().map(move |v| ((6.0 * v).exp() / sum) as f32)
    });
    each.collect()
}

#[test]
fn mnist_score_is_that_of_scipy_and_its_error_that_of_a_bootstrap() {
    let p = softmax(&uniforms(10, 5000));
    // score(): value, bootstrap, histogram
    let found = score::mnist_score(&p);
    close(found.value, 2.0634451534783724, 1e-6);
    close(found.standard_error, 0.020226508120576275, 0.001);
    assert_eq!(Histogram::of_probabilities(&p).0, [49, 40, 52, 46, 52, 50, 59, 53, 54, 45]);
}

#[test]
fn mnist_score_at_its_ends() {
    let sure = |class: usize| (0..10).map(move |k| f32::from(u8::from(k == class)));
    // Sure and equally many of each: 10. Sure and all one: 1. Never sure: 1.
    close(
        score::mnist_score(&(0..50).flat_map(|i| sure(i % 10)).collect::<Vec<_>>()).value,
        10.0,
        1e-12,
    );
    close(score::mnist_score(&(0..50).flat_map(|_| sure(3)).collect::<Vec<_>>()).value, 1.0, 1e-12);
    close(score::mnist_score(&[0.1; 500]).value, 1.0, 1e-6);
}

/// Labels of the test set of MNIST.
const TEST: Histogram = Histogram([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);

#[test]
fn total_variation_and_its_floor() {
    let found =
        Histogram([3000, 2000, 500, 500, 500, 500, 500, 500, 1400, 600]).total_variation(&TEST);
    // classes(): exact, and by drawing 20,000 times
    close(found.value, 0.3311, 1e-12);
    close(found.standard_error, 0.004767490900631065, 1e-4);
    // classes(): 64, 100, 10,000
    close(score::total_variation_floor(&TEST, 64), 0.15023855801191813, 1e-9);
    close(score::total_variation_floor(&TEST, 100), 0.11969443309240634, 1e-9);
    close(score::total_variation_floor(&TEST, 10_000), 0.011960857890118486, 1e-9);
    assert_eq!(TEST.total_variation(&TEST).value, 0.0);
    // All 7s miss the shares of the nine others.
    close(Histogram::of_labels(&[7; 30]).total_variation(&TEST).value, 1.0 - 0.1028, 1e-12);
}

#[test]
fn precision_and_recall_are_those_of_scikit_learn() {
    let (real, fake) = (features(11, 60, 5, 1.0, 0.0), features(12, 50, 5, 0.9, 0.2));
    let found = neighbours::precision_recall(&real, &fake, 5, 3);
    // neighbours(): 47 of 50, 53 of 60
    close(found.precision.value, 47.0 / 50.0, 1e-12);
    close(found.recall.value, 53.0 / 60.0, 1e-12);
    close(found.precision.standard_error, (0.94f64 * 0.06 / 50.0).sqrt(), 1e-12);
}

#[test]
fn precision_and_recall_tell_bad_samples_from_missing_ones() {
    let real = features(11, 200, 5, 1.0, 0.0);
    let both = |fake: &[f32]| {
        let found = neighbours::precision_recall(&real, fake, 5, 3);
        (found.precision.value, found.recall.value)
    };
    assert_eq!(both(&real), (1.0, 1.0));
    assert_eq!(both(&features(12, 200, 5, 1.0, 50.0)), (0.0, 0.0));
    // Five real rows forty times over: all good, and nearly nothing reached.
    let collapsed = real[..25].repeat(40);
    let (precision, recall) = both(&collapsed);
    assert!(precision == 1.0 && recall < 0.1, "{precision} {recall}");
}

#[test]
fn nearest_is_that_of_scikit_learn() {
    let (real, fake) = (features(11, 60, 5, 1.0, 0.0), features(12, 50, 5, 0.9, 0.2));
    let found = neighbours::nearest(&fake[..5], &real, 3);
    // neighbours(): rows and distances
    let expected = [(27, 0.2063090494369374), (0, 0.3111225051470987), (38, 0.3136865563650069)];
    assert_eq!(found.iter().map(|n| n.index).collect::<Vec<_>>(), expected.map(|e| e.0));
    found.iter().zip(expected).for_each(|(n, e)| close(n.distance, e.1, 1e-6));

    let bytes = |seed, count| {
        uniforms(seed, count).into_iter().map(|v| (256.0 * v) as u8).collect::<Vec<u8>>()
    };
    let found = neighbours::nearest_images(&bytes(14, 784), &bytes(13, 20 * 784), 2);
    assert_eq!(found.iter().map(|n| n.index).collect::<Vec<_>>(), [2, 16]);
    close(found[0].distance, 10.719003666393338, 1e-12);
    close(found[1].distance, 10.993004661156112, 1e-12);
}

#[test]
fn nearest_breaks_ties_by_index_and_gives_what_there_is() {
    let all = [5.0, 1.0, 1.0, 3.0, 1.0];
    let found = |k| neighbours::nearest(&[2.0], &all, k);
    let at = |index, distance| Neighbour { index, distance };
    assert_eq!(found(2), [at(1, 1.0), at(2, 1.0)]);
    assert_eq!(found(9), [at(1, 1.0), at(2, 1.0), at(3, 1.0), at(4, 1.0), at(0, 3.0)]);
    assert_eq!(found(0), []);
}
