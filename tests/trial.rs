//! Digits to be judged: binomial intervals against SciPy, and rounds against their own rules.

use saddle::figures::binomial::{at_least, interval};
use saddle::mnist::explore::trial::round;
use saddle::mnist::file::generator;
use saddle::mnist::file::weights::{self, WeightsFile};
use saddle::mnist::frozen::{Discriminator, Generator};

/// Right, of, ends of the interval at 95 %, P(as many or more) at one half: SciPy 1.17.1,
/// `binomtest(k, n).proportion_ci(0.95, method="exact")` and `binom.sf(k - 1, n, 0.5)`.
const SCIPY: [(u32, u32, f64, f64, f64); 8] = [
    (0, 20, 0.0, 0.16843347098308548, 1.0),
    (1, 20, 0.0012650894979560339, 0.24873276277202772, 0.9999990463256836),
    (10, 20, 0.27195784956079133, 0.7280421504392086, 0.5880985260009766),
    (15, 20, 0.5089541282920425, 0.9134285308985655, 0.020694732666015625),
    (19, 20, 0.7512672372279723, 0.998734910502044, 2.002716064453125e-05),
    (20, 20, 0.8315665290169145, 1.0, 9.5367431640625e-07),
    (37, 60, 0.48211495143116145, 0.7392929419839999, 0.04623049053646187),
    (612, 1000, 0.5810039234046115, 0.6423345959638972, 7.153740212984833e-13),
];

#[test]
fn binomial_intervals_are_those_of_scipy() {
    for (k, n, low, high, chance) in SCIPY {
        let found = interval(k, n, 0.95);
        assert!((found.0 - low).abs() < 1e-10, "{k} of {n}: {found:?}");
        assert!((found.1 - high).abs() < 1e-10, "{k} of {n}: {found:?}");
        let found = at_least(k, n, 0.5);
        assert!((found / chance - 1.0).abs() < 1e-9, "{k} of {n}: {found}");
    }
    // The text: of twenty tosses between six and fourteen are right in 96 % of all tests, fifteen or more in 2 %.
    let coin = |k| at_least(k, 20, 0.5);
    assert!((coin(6) - coin(15) - 0.96).abs() < 5e-3 && (coin(15) - 0.02).abs() < 5e-3);
}

#[test]
fn the_interval_holds_the_share_often_enough() {
    for p in [0.03, 0.5, 0.9] {
        let held: f64 = (0..=20)
            .filter(|&k| {
                let (low, high) = interval(k, 20, 0.95);
                low <= p && p <= high
            })
            .map(|k| at_least(k, 20, p) - at_least(k + 1, 20, p))
            .sum();
        assert!((0.95..=1.0).contains(&held), "at {p}: {held}");
    }
}

/// Images that are told apart by their first pixel, of a grey that no generator makes everywhere.
fn pool(m: u8) -> Vec<u8> {
    (0..m).flat_map(|i| [vec![i], vec![7; 783]].concat()).collect()
}

#[test]
fn a_round_is_fair_and_repeats() {
    let (generator, discriminator, _) = pair("compact");
    let pool = pool(40);
    let of = |seed| round(&generator, &discriminator, &pool, seed, 20).unwrap();
    let mut coins = 0;
    for seed in 0..50 {
        let this = of(seed);
        let mut shown: Vec<u8> = Vec::new();
        for (image, real) in this.images.chunks_exact(784).zip(&this.real) {
            assert_eq!(*real, image[1..].iter().all(|&p| p == 7));
            shown.extend(real.then_some(image[0]));
        }
        coins += shown.len();
        let count = shown.len();
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown.len(), count, "seed {seed}: a digit came twice");
        assert!(this.d.iter().all(|d| (0.0..=1.0).contains(d)));
    }
    // 1,000 fair coins: outside of this once in 100,000 times, and the seeds are fixed.
    assert!((430..=570).contains(&coins), "{coins} of 1,000 are real");
    assert_eq!(of(3), of(3));
    assert_ne!(of(3).images, of(4).images);
    assert!(round(&generator, &discriminator, &pool, 1, 41).is_none());
    assert!(round(&generator, &discriminator, &pool, 1, 0).is_none());
}

/// Both networks of a pretrained file, and the steps behind them.
fn pair(name: &str) -> (Generator, Discriminator, u64) {
    let bytes = std::fs::read(format!("pretrained/{name}.safetensors")).unwrap();
    let WeightsFile { design, step, average, discriminator } = weights::decode(&bytes).unwrap();
    (Generator::new(design, average), Discriminator::new(design, discriminator), step)
}

/// D's answers are those it gives in training: real digits of the test set score above samples.
#[test]
fn the_discriminator_knows_more_than_a_coin() {
    let (late, discriminator, late_step) = pair("compact");
    let early = std::fs::read("pretrained/compact-400.safetensors").unwrap();
    let early = generator::decode(&early).unwrap();
    let (early_step, early) = (early.step, early.load());
    let folder = std::env::var("SADDLE_DATA").unwrap_or_else(|_| "pkg/raw".to_owned());
    let digits = std::fs::read(format!("{folder}/t10k-images-idx3-ubyte")).unwrap();
    for (generator, step) in [(early, early_step), (late, late_step)] {
        let this = round(&generator, &discriminator, &digits[16..], 1, 500).unwrap();
        let answers = this.d.iter().zip(&this.real);
        let right = answers.filter(|(d, real)| (**d > 0.5) == **real).count();
        // 500 coins: once in a million.
        assert!(right > 305, "step {step}: {right} of 500");
    }
    assert!(early_step < late_step / 10, "{early_step} of {late_step}: the early G is not early");
}
