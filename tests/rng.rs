//! The seeded generator, the distributions built on it, and the 1-D targets.
//!
//! Known answers pin the bits: xoshiro256++ and SplitMix64 against their authors' recurrences, quantiles and
//! distribution functions against mpmath at 30 digits. Moments and histograms, with bounds of over five
//! standard errors, say that samples follow the densities they claim.

use saddle::game::prior::Prior;
use saddle::game::target::{DrawnError, KNOTS, Target, TargetKind};
use saddle::num::normal;
use saddle::num::rng::Rng;

#[test]
fn bits_are_those_of_xoshiro256_plus_plus() {
    // The recurrence of https://prng.di.unimi.it/xoshiro256plusplus.c from state 1, 2, 3, 4; also the
    // reference vector of the Rust crate rand_xoshiro.
    let mut rng = Rng::from_state([1, 2, 3, 4]);
    let expected: [u64; 5] = [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
        9_228_616_714_210_784_205,
    ];
    assert_eq!(expected.map(|_| rng.next_u64()), expected);
}

#[test]
fn seeding_is_splitmix64() {
    // SplitMix64 from 0, as in https://prng.di.unimi.it/splitmix64.c and JDK's SplittableRandom(0).
    let expected = [
        0xe220_a839_7b1d_cdaf,
        0x6e78_9e6a_a1b9_65f4,
        0x06c4_5d18_8009_454f,
        0xf88b_b8a8_724c_81ec,
    ];
    assert_eq!(Rng::new(0).state(), expected);
}

#[test]
fn streams_differ_and_states_resume() {
    let mut a = Rng::stream(5, 0);
    let mut b = Rng::stream(5, 1);
    let mut c = Rng::stream(6, 0);
    let first = [a.next_u64(), b.next_u64(), c.next_u64()];
    assert!(first[0] != first[1] && first[0] != first[2] && first[1] != first[2]);
    let mut resumed = Rng::from_state(a.state());
    assert_eq!(resumed.normal().to_bits(), a.normal().to_bits());
    assert_eq!(Rng::from_state([0; 4]), Rng::new(0));
}

#[test]
fn below_and_shuffle_are_uniform() {
    let mut rng = Rng::new(3);
    let mut counts = [0_u32; 7];
    for _ in 0..70_000 {
        counts[rng.below(7) as usize] += 1;
    }
    // Standard deviation 93.
    assert!(counts.iter().all(|c| c.abs_diff(10_000) < 480), "{counts:?}");

    let mut orders = std::collections::BTreeMap::new();
    for _ in 0..24_000 {
        let mut items = [0, 1, 2, 3];
        rng.shuffle(&mut items);
        *orders.entry(items).or_insert(0_u32) += 1;
    }
    assert_eq!(orders.len(), 24);
    assert!(orders.values().all(|c| c.abs_diff(1_000) < 160), "{orders:?}");
}

#[test]
fn normal_functions_agree_with_mpmath() {
    QUANTILES.iter().for_each(|&(p, x)| {
        let got = normal::quantile(p);
        assert!((got / x - 1.0).abs() < 3e-15, "quantile({p}) = {got}, not {x}");
    });
    for &(x, p) in &CDF {
        let got = normal::cdf(x);
        assert!(
            (got - p).abs() < 1e-15 && (got / p - 1.0).abs() < 1e-8,
            "cdf({x}) = {got}, not {p}"
        );
    }
    for i in -7_000..=7_000 {
        let x = f64::from(i) * 0.1;
        assert!((normal::exp(x) / x.exp() - 1.0).abs() < 4e-16, "exp({x})");
        let y = 1.01_f64.powi(i);
        assert!((normal::ln(y) - y.ln()).abs() <= 4e-16 * y.ln().abs() + 2e-16, "ln({y})");
    }
    assert_eq!(normal::quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal::quantile(1.0), f64::INFINITY);
    assert!(normal::ln(-1.0).is_nan());
}

#[test]
fn normals_have_normal_moments() {
    let mut rng = Rng::new(1);
    let n = 200_000;
    let (mut m1, mut m2, mut m3, mut m4) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..n {
        let x = rng.normal();
        m1 += x;
        m2 += x * x;
        m3 += x * x * x;
        m4 += x * x * x * x;
    }
    let n = f64::from(n);
    // Standard errors .0022, .0032, .0087, .022.
    assert!((m1 / n).abs() < 0.012 && (m2 / n - 1.0).abs() < 0.017);
    assert!((m3 / n).abs() < 0.045 && (m4 / n - 3.0).abs() < 0.12);
}

#[test]
fn priors_are_consistent() {
    for prior in [Prior::Gaussian, Prior::Uniform] {
        for i in 1..200 {
            let p = f64::from(i) / 200.0;
            assert!((prior.cdf(prior.quantile(p)) - p).abs() < 1e-14);
        }
        let mut z = vec![0.0; 40_000];
        prior.fill(&mut Rng::new(2), &mut z);
        assert!(distance(&z, |x| prior.cdf(x)) < 0.01);
    }
}

fn targets() -> Vec<(TargetKind, Target)> {
    let drawn: Vec<f64> =
        (0..KNOTS).map(|i| if i % 16 < 3 { 0.0 } else { (i % 7) as f64 }).collect();
    [
        TargetKind::Gaussian,
        TargetKind::TwoModes,
        TargetKind::ThreeModes,
        TargetKind::Uniform,
        TargetKind::Skewed,
        TargetKind::HeavyTailed,
        TargetKind::Drawn,
    ]
    .into_iter()
    .map(|kind| (kind, Target::new(kind, 0.7, 0.5, &drawn).unwrap()))
    .collect()
}

#[test]
fn densities_are_derivatives_of_masses() {
    for (kind, target) in targets() {
        let h = 1e-5;
        for i in -400..400 {
            // Off the corners of the drawn density.
            let x = f64::from(i) * 0.0101 + 0.0007;
            let slope = (target.cdf(x + h) - target.cdf(x - h)) / (2.0 * h);
            assert!(
                (slope - target.pdf(x)).abs() < 2e-4,
                "{kind:?} at {x}: {slope}, {}",
                target.pdf(x)
            );
        }
        assert!(target.cdf(-40.0) < 1e-6 && target.cdf(40.0) > 1.0 - 1e-6, "{kind:?}");
        assert!(
            target.cdf(f64::NEG_INFINITY) == 0.0 && target.cdf(f64::INFINITY) == 1.0,
            "{kind:?}"
        );
        let (lo, hi) = target.range();
        assert!(target.cdf(hi) - target.cdf(lo) > 0.998, "{kind:?}");
    }
}

#[test]
fn samples_follow_their_density() {
    for (kind, target) in targets() {
        let mut x = vec![0.0; 40_000];
        target.fill(&mut Rng::new(4), &mut x);
        // The Kolmogorov-Smirnov distance exceeds .01 with probability 2 exp(-8) by chance; the seed is fixed.
        let far = distance(&x, |x| target.cdf(x));
        assert!(far < 0.01, "{kind:?}: {far}");
    }
}

#[test]
fn mean_and_deviation_are_the_stated_ones() {
    for (kind, target) in targets() {
        if !matches!(kind, TargetKind::Gaussian | TargetKind::Uniform | TargetKind::Skewed) {
            continue;
        }
        let mut rng = Rng::new(8);
        let x: Vec<f64> = (0..100_000).map(|_| target.sample(&mut rng)).collect();
        let mean = x.iter().sum::<f64>() / 1e5;
        let deviation = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5).sqrt();
        assert!(
            (mean - 0.7).abs() < 0.01 && (deviation - 0.5).abs() < 0.01,
            "{kind:?}: {mean} {deviation}"
        );
    }
}

#[test]
fn drawn_targets_are_checked() {
    let new = |heights: &[f64]| Target::new(TargetKind::Drawn, 0.0, 1.0, heights);
    assert_eq!(new(&[1.0; 63]), Err(DrawnError::Length(63)));
    assert_eq!(new(&[0.0; KNOTS]), Err(DrawnError::Empty));
    let mut heights = [1.0; KNOTS];
    heights[5] = -1.0;
    assert_eq!(new(&heights), Err(DrawnError::Height(5)));
    heights[5] = f64::NAN;
    assert_eq!(new(&heights), Err(DrawnError::Height(5)));
    heights[5] = 3.0;
    let target = new(&heights).unwrap();
    assert!((target.cdf(4.0) - 1.0).abs() < 1e-14);
    assert_eq!(target.pdf(4.1), 0.0);
}

/// Kolmogorov-Smirnov distance of samples from a distribution.
fn distance(samples: &[f32], cdf: impl Fn(f64) -> f64) -> f64 {
    let mut x = samples.to_vec();
    x.sort_unstable_by(f32::total_cmp);
    let n = x.len() as f64;
    let gaps = x.iter().enumerate().map(|(i, &x)| {
        let p = cdf(f64::from(x));
        (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs())
    });
    gaps.fold(0.0, f64::max)
}

/// (p, x) with cdf(x) = p; mpmath: `findroot(lambda x: ncdf(x) - p, ...)` at the double nearest to p.
const QUANTILES: [(f64, f64); 12] = [
    (1e-300, -37.0470962993612),
    (1e-20, -9.262340089798407),
    (1e-07, -5.1993375821928165),
    (0.01, -2.326347874040841),
    (0.0749, -1.4402382675279637),
    (0.0751, -1.43882539275254),
    (0.2, -0.8416212335729142),
    (0.49, -0.025068908258711057),
    (0.6, 0.2533471031357997),
    (0.9251, 1.440238267527964),
    (0.999, 3.090232306167813),
    (0.9999999999990905, 7.047700256664409),
];

/// (x, cdf(x)); mpmath: `ncdf`.
const CDF: [(f64, f64); 10] = [
    (-30.0, 4.906713927148187e-198),
    (-8.0, 6.220960574271784e-16),
    (-7.0, 1.279812543885835e-12),
    (-3.0, 0.0013498980316300946),
    (-1.0, 0.15865525393145705),
    (-0.1, 0.460172162722971),
    (0.0, 0.5),
    (0.5, 0.6914624612740131),
    (2.0, 0.9772498680518208),
    (6.0, 0.9999999990134123),
];
