//! Each verdict on a run made to go wrong in that way only, and none on a good one.

use saddle::mnist::data::idx::IdxFile;
use saddle::mnist::data::images::Mnist;
use saddle::mnist::judge::score::Histogram;
use saddle::mnist::judge::verdict;
use saddle::mnist::judge::verdict::{Evidence, Record, Verdict};
use saddle::num::rng::Rng;

/// Two to five white strokes of random place and direction on black: as sharp and as diverse as digits.
fn digits(seed: u64, count: usize) -> Vec<f32> {
    let mut rng = Rng::new(seed);
    let mut all = vec![-1.0; count * 784];
    for image in all.chunks_exact_mut(784) {
        for _ in 0..2 + rng.below(4) {
            let (mut x, mut y) = (6.0 + 16.0 * rng.uniform(), 6.0 + 16.0 * rng.uniform());
            let (dx, dy) = (rng.uniform() - 0.5, rng.uniform() - 0.5);
            for _ in 0..16 {
                image[y as usize * 28 + x as usize] = 1.0;
                (x, y) = ((x + dx).clamp(0.0, 27.0), (y + dy).clamp(0.0, 27.0));
            }
        }
    }
    all
}

fn history(steps: u64, of: impl Fn(u64) -> Record) -> Vec<Record> {
    (1..=steps).map(of).collect()
}

fn healthy(step: u64) -> Record {
    Record { step, losses: [0.9, 1.2], d_real: 0.75, d_fake: 0.25, gradient_g: Some(0.4) }
}

const GOOD: Histogram = Histogram([6, 8, 7, 6, 5, 7, 6, 8, 5, 6]);

#[test]
fn a_good_run_is_left_alone() {
    let (history, samples, real) = (history(1000, healthy), digits(1, 64), digits(2, 64));
    let evidence = Evidence { history: &history, samples: &samples, real: &real, classes: GOOD };
    assert_eq!(verdict::judge(&evidence), []);
    assert_eq!(verdict::judge(&Evidence::default()), []);
}

#[test]
fn samples_are_not_judged_before_the_warm_up() {
    let (samples, real) = (vec![0.0; 64 * 784], digits(2, 64));
    let judged = |steps| {
        let history = history(steps, healthy);
        verdict::judge(&Evidence {
            history: &history,
            samples: &samples,
            real: &real,
            classes: GOOD,
        })
        .len()
    };
    assert_eq!((judged(verdict::WARM_UP - 1), judged(verdict::WARM_UP)), (0, 2));
}

#[test]
fn not_a_number_names_the_first_step_and_silences_the_rest() {
    for lose in [
        |r: &mut Record| r.losses[0] = f32::NAN,
        |r: &mut Record| r.losses[1] = f32::INFINITY,
        |r: &mut Record| r.d_real = f32::NAN,
        |r: &mut Record| r.d_fake = f32::NAN,
        |r: &mut Record| r.gradient_g = Some(f32::NAN),
    ] {
        let mut history = history(500, healthy);
        history[412..].iter_mut().for_each(lose);
        let samples = vec![0.0; 64 * 784];
        let evidence = Evidence { history: &history, samples: &samples, ..Evidence::default() };
        assert_eq!(verdict::judge(&evidence), [Verdict::NotANumber { step: 413 }]);
    }
    let history = history(500, healthy);
    let evidence = Evidence { history: &history, samples: &[0.0, f32::NAN], ..Evidence::default() };
    assert_eq!(verdict::judge(&evidence), [Verdict::NotANumber { step: 500 }]);
}

#[test]
fn grey_is_between_black_and_white() {
    // What relu leaves in the last layer: no background below 0.
    let relu: Vec<f32> = digits(1, 64).iter().map(|v| v.max(0.0)).collect();
    let Some(Verdict::Grey { middle }) = verdict::grey(&relu) else { panic!("relu gives grey") };
    assert!(middle > 0.9, "{middle}");
    assert_eq!(verdict::grey(&digits(1, 64)), None);
    // All black is not grey; half of the pixels is not more than half.
    assert_eq!(verdict::grey(&[-1.0; 784]), None);
    assert_eq!(verdict::grey(&[[0.0; 392], [1.0; 392]].concat()), None);
    assert_eq!(verdict::grey(&[]), None);
}

#[test]
fn alike_are_copies_of_one_or_of_a_few() {
    let (real, some) = (digits(2, 64), digits(1, 4));
    for kinds in [1, 4] {
        let mut samples = some[..kinds * 784].repeat(64 / kinds);
        let mut rng = Rng::new(3);
        samples.iter_mut().for_each(|v| *v += 0.05 * rng.normal() as f32);
        let Some(Verdict::AllAlike { nearest, nearest_real }) = verdict::all_alike(&samples, &real)
        else {
            panic!("{kinds} kinds of samples are alike")
        };
        assert!(nearest > 0.0 && nearest < 0.3 * nearest_real, "{nearest} {nearest_real}");
    }
    assert_eq!(verdict::all_alike(&digits(1, 64), &real), None);
    // The larger set is cut: 256 different samples lie nearer to each other than 16 real ones do.
    assert_eq!(verdict::all_alike(&digits(1, 256), &real[..16 * 784]), None);
    assert_eq!(verdict::all_alike(&some[..784], &real), None);
}

#[test]
fn few_classes_names_them() {
    let few = |counts| verdict::few_classes(&Histogram(counts));
    let found = few([26, 25, 1, 2, 2, 2, 2, 2, 1, 1]);
    assert_eq!(
        found,
        Some(Verdict::FewClasses { classes: vec![0, 1], share: 51.0 / 64.0, samples: 64 })
    );
    assert_eq!(found.unwrap().to_string(), "mostly 0s and 1s: 80 % of 64 samples");
    assert!(
        matches!(few([0, 64, 0, 0, 0, 0, 0, 0, 0, 0]), Some(Verdict::FewClasses { classes, .. }) if classes == [1])
    );
    assert!(
        matches!(few([0, 0, 0, 16, 0, 16, 0, 16, 0, 16]), Some(Verdict::FewClasses { classes, .. }) if classes == [3, 5, 7])
    );
    assert_eq!(few(GOOD.0), None);
    // Any three of five equal classes hold three fifths; and 63 samples are too few to say.
    assert_eq!(few([13, 13, 0, 13, 13, 0, 13, 0, 0, 0]), None);
    assert_eq!(few([63, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
}

#[test]
fn chance_does_not_make_few_classes() {
    let mut rng = Rng::new(4);
    for samples in [64, 256] {
        for _ in 0..2000 {
            let mut counts = [0; 10];
            (0..samples).for_each(|_| counts[rng.below(10) as usize] += 1);
            assert_eq!(verdict::few_classes(&Histogram(counts)), None);
        }
    }
}

#[test]
fn d_has_won_when_it_separates_and_keeps_separating() {
    let winning = |step: u64| {
        let progress = (step as f32 / 200.0).min(1.0);
        Record {
            d_real: 0.5 + 0.49 * progress,
            d_fake: 0.5 - 0.499 * progress,
            gradient_g: Some(1.0 - 0.99 * progress),
            ..healthy(step)
        }
    };
    let won = history(400, winning);
    let found = verdict::discriminator_won(&won);
    let Some(Verdict::DiscriminatorWon { d_real, d_fake, gradient: Some(ratio) }) = found.clone()
    else {
        panic!("{found:?}")
    };
    assert!(d_real > 0.98 && d_fake < 0.002 && ratio < 0.02, "{d_real} {d_fake} {ratio}");
    assert!(found.unwrap().to_string().starts_with("D has won: G's gradient is vanishing"));
    assert_eq!(verdict::discriminator_won(&won[..100]), None);

    // One good batch of D is no victory; nor is a D that calls everything real.
    let lucky = history(400, |step| if step % 3 == 0 { winning(400) } else { healthy(step) });
    assert_eq!(verdict::discriminator_won(&lucky), None);
    let fooled = history(400, |step| Record { d_real: 0.99, d_fake: 0.9, ..healthy(step) });
    assert_eq!(verdict::discriminator_won(&fooled), None);

    // Without a measured gradient, and with one-sided smoothing at 0.9.
    let smooth = history(400, |step| Record {
        d_real: 0.9,
        d_fake: 0.01,
        gradient_g: None,
        ..healthy(step)
    });
    let found = verdict::discriminator_won(&smooth).unwrap();
    assert!(matches!(found, Verdict::DiscriminatorWon { gradient: None, .. }), "{found:?}");
    assert!(found.to_string().starts_with("D has won (D(x) 0.900"), "{found}");
}

#[test]
fn a_verdict_crosses_as_plain_data() {
    let few = Verdict::FewClasses { classes: vec![0, 1], share: 0.75, samples: 64 };
    let expected = r#"{"kind":"few-classes","classes":[0,1],"share":0.75,"samples":64}"#;
    assert_eq!(serde_json::to_string(&few).unwrap(), expected);
    let won = Verdict::DiscriminatorWon { d_real: 0.5, d_fake: 0.25, gradient: None };
    let expected = r#"{"kind":"discriminator-won","dReal":0.5,"dFake":0.25,"gradient":null}"#;
    assert_eq!(serde_json::to_string(&won).unwrap(), expected);
}

/// Real images of these classes in [-1, 1]; `cargo xtask test` says where the files are.
fn real(count: usize, classes: &[u8]) -> Vec<f32> {
    let folder = std::env::var("SADDLE_DATA").unwrap_or("pkg/raw".into());
    let read = |file: IdxFile| {
        std::fs::read(format!("{folder}/{}", file.name()))
            .expect("`cargo xtask test` fetches MNIST")
    };
    let data = Mnist::test(read(IdxFile::TestImages), read(IdxFile::TestLabels)).unwrap();
    let of_class = |&i: &u32| classes.contains(&data.labels[i as usize]);
    let indices: Vec<u32> = (0..10_000).filter(of_class).take(count).collect();
    data.images_at(&indices)
}

#[test]
fn real_digits_are_neither_grey_nor_alike() {
    let all: Vec<u8> = (0..10).collect();
    let yardstick = real(512, &all)[256 * 784..].to_vec();
    for count in [16, 64, 256] {
        // Even those of one class: that is for the histogram to say.
        for classes in [&all[..], &[0, 1], &[1], &[7]] {
            let samples = real(count, classes);
            assert_eq!(verdict::grey(&samples), None, "{count} of {classes:?}");
            assert_eq!(verdict::all_alike(&samples, &yardstick), None, "{count} of {classes:?}");
        }
    }
    // What a generator gives that knows only the mean of the data.
    let many = real(1000, &all);
    let mean: Vec<f32> =
        (0..784).map(|i| many.iter().skip(i).step_by(784).sum::<f32>() / 1000.0).collect();
    assert!(matches!(
        verdict::all_alike(&mean.repeat(64), &yardstick),
        Some(Verdict::AllAlike { .. })
    ));
}
