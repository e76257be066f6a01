//! What each setting does to a session, and which can change while it runs.

use burn::tensor::{Device, Tensor, TensorData};
use saddle::mnist::frozen::{Discriminator, numbers};
use saddle::mnist::nets::{Activation, Preset};
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::OptimiserKind;
use saddle::mnist::train::session::{ChangeError, PairWeights};
use saddle::mnist::train::{Order, Session, Settings};
use saddle::num::rng::Rng;

use super::session::{noise_images, now};

fn tiny() -> Settings {
    Settings { batch: 4, ..Settings::of(Preset::Tiny) }
}

fn session(settings: Settings) -> Session {
    Session::new(settings, noise_images(), &Device::flex()).unwrap()
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

/// One settings record for each thing that changes a step, by name.
fn variants() -> Vec<(&'static str, Settings)> {
    let paper = Settings { batch: 4, ..Settings::of(Preset::Paper) };
    vec![
        ("k", Settings { k: 2, ..tiny() }),
        ("at once", Settings { order: Order::AtOnce, ..tiny() }),
        ("at once, k", Settings { order: Order::AtOnce, k: 2, ..tiny() }),
        ("minimax", Settings { loss: Loss::Minimax, ..tiny() }),
        ("least squares", Settings { loss: Loss::LeastSquares, ..tiny() }),
        ("sgd", Settings { optimiser_d: OptimiserKind::Sgd, ..tiny() }),
        ("momentum", Settings { optimiser_d: OptimiserKind::Momentum, ..tiny() }),
        ("nesterov", Settings { optimiser_g: OptimiserKind::Nesterov, ..tiny() }),
        ("rate of D", Settings { rate_d: 3e-3, ..tiny() }),
        ("rate of G", Settings { rate_g: 1e-3, ..tiny() }),
        ("momentum of D", Settings { momentum_d: 0.9, ..tiny() }),
        ("momentum of G", Settings { momentum_g: 0.9, ..tiny() }),
        ("activation of D", Settings { activation_d: Activation::Tanh, ..tiny() }),
        ("activation of G", Settings { activation_g: Activation::Sigmoid, ..tiny() }),
        ("no batch norm", Settings { batch_norm: false, ..tiny() }),
        ("smoothing", Settings { smoothing: 0.1, ..tiny() }),
        ("spectral norm", Settings { spectral_norm: true, ..tiny() }),
        ("spectral norm and R1", Settings { spectral_norm: true, r1: 1.0, ..tiny() }),
        ("R1", Settings { r1: 1.0, ..tiny() }),
        ("no average", Settings { ema: 0.0, ..tiny() }),
        ("half-life", Settings { half_life: 2, ..tiny() }),
        ("seed", Settings { seed: 2, ..tiny() }),
        ("the paper", paper.clone()),
        ("the paper in turn", Settings { order: Order::InTurn, ..paper.clone() }),
        ("the paper, relu in D", Settings { activation_d: Activation::Relu, ..paper.clone() }),
        ("the paper, batch norm", Settings { batch_norm: true, ..paper }),
    ]
}

#[test]
fn every_setting_changes_the_run_and_each_run_goes_on_bit_for_bit() {
    let run = |settings: &Settings| {
        let mut straight = session(settings.clone());
        (0..3).for_each(|_| straight.step());
        let bytes = saddle::mnist::file::session::encode(&now(straight.save()).unwrap());
        (0..2).for_each(|_| straight.step());
        let saved = saddle::mnist::file::session::decode(&bytes).unwrap();
        let mut resumed = Session::restore(saved, noise_images(), &Device::flex()).unwrap();
        (0..2).for_each(|_| resumed.step());
        let all = now(straight.save()).unwrap();
        assert_eq!(all, now(resumed.save()).unwrap(), "{settings:?}");
        let seen = now(straight.statistics()).unwrap().unwrap();
        assert_eq!(seen, now(resumed.statistics()).unwrap().unwrap());
        let numbers = [seen.loss_d, seen.loss_g, seen.grad_d, seen.grad_g];
        assert!(numbers.iter().all(|v| v.is_finite()), "{settings:?}: {seen:?}");
        all.weights
    };
    let mut found = vec![("as recommended", run(&tiny()))];
    for (name, settings) in variants() {
        let weights = run(&settings);
        for (other, same) in &found {
            assert!(&weights != same, "{name} does what {other} does");
        }
        found.push((name, weights));
    }
}

/// A frozen D answers what the D that trains would: with spectral normalisation by the weights as they are used.
#[test]
fn a_frozen_discriminator_is_the_one_that_trained() {
    let images = noise_images().images_in(0..5);
    let input = TensorData::new(images.clone(), [5, 1, 28, 28]);
    let input = Tensor::<4>::from_data(input, &Device::flex());
    for (name, settings) in variants() {
        let mut session = session(settings);
        (0..3).for_each(|_| session.step());
        let live = session.players().1.constant(input.clone(), &[]);
        let live = numbers(burn::tensor::activation::sigmoid(live));
        let saved = now(session.save()).unwrap();
        let bytes = saddle::mnist::file::session::encode(&saved);
        let file = saddle::mnist::file::weights::decode(&bytes).unwrap();
        let frozen = Discriminator::new(file.design, file.discriminator);
        assert_eq!(frozen.probabilities(&images), live, "{name}");
    }
}

#[test]
fn what_needs_a_restart_is_refused_and_the_rest_changes_the_run_that_goes_on() {
    let fixed = ["sgd", "momentum", "nesterov", "activation of D", "activation of G"];
    let fixed =
        [&fixed[..], &["no batch norm", "spectral norm", "spectral norm and R1", "seed"]].concat();
    for (name, settings) in variants() {
        let mut session = session(tiny());
        session.step();
        let needed = settings.preset == Preset::Paper || fixed.contains(&name);
        assert_eq!(tiny().needs_restart(&settings), needed, "{name}");
        let changed = session.change(settings.clone());
        if needed {
            assert_eq!(changed, Err(ChangeError::Restart), "{name}");
            assert_eq!(session.settings(), &tiny());
        } else {
            assert_eq!(changed, Ok(()), "{name}");
            assert_eq!(session.settings(), &settings);
            session.step();
            assert_eq!(session.steps(), 2);
        }
    }
    let mut session = session(tiny());
    let wrong = Settings { k: 0, ..tiny() };
    let error = session.change(wrong).unwrap_err().to_string();
    assert_eq!(error, "k is 0: it must be from 1 to 20");
    let large = Settings { batch: 41, ..tiny() };
    assert!(matches!(session.change(large), Err(ChangeError::Start(_))));
    assert_eq!(session.settings(), &tiny());
}

#[test]
fn images_are_counted_through_k_and_a_changed_batch() {
    let mut session = session(Settings { k: 3, ..tiny() });
    (0..2).for_each(|_| session.step());
    let seen = now(session.statistics()).unwrap().unwrap();
    assert_eq!((seen.images_seen, seen.epoch), (24, 24.0 / 40.0));
    let batch = Settings { batch: 8, ..tiny() };
    session.change(batch).unwrap();
    session.step();
    let seen = now(session.statistics()).unwrap().unwrap();
    assert_eq!((seen.step, seen.images_seen), (3, 32));
}

#[test]
fn gradient_norms_are_those_of_plain_descent() {
    // With sgd a step is the gradient times the rate, so the step tells the norm.
    let settings = Settings {
        optimiser_d: OptimiserKind::Sgd,
        optimiser_g: OptimiserKind::Sgd,
        rate_d: 0.5,
        rate_g: 0.25,
        r1: 1.0,
        spectral_norm: true,
        ..tiny()
    };
    let mut session = session(settings);
    let before = now(session.weights()).unwrap();
    session.step();
    let after = now(session.weights()).unwrap();
    let seen = now(session.statistics()).unwrap().unwrap();
    for (norm, rate, old, new) in [
        (seen.grad_d, 0.5, before.discriminator, after.discriminator),
        (seen.grad_g, 0.25, before.generator, after.generator),
    ] {
        let moved = distance(&old.parameters, &new.parameters) / rate;
        assert!((f64::from(norm) - moved).abs() < 1e-3 * moved, "{norm}, moved {moved}");
        assert!(norm > 0.0);
    }
}

#[test]
fn rates_halve_and_the_papers_momentum_grows() {
    let settings = Settings { half_life: 100, ..tiny() };
    for (step, factor) in [(0, 1.0), (100, 0.5), (300, 0.125)] {
        assert_eq!(settings.decay_at(step), factor);
    }
    assert_eq!(tiny().decay_at(1_000_000), 1.0);
    // 1.000004^-173287 = 1/2.
    let paper = Settings::of(Preset::Paper);
    let after = f64::from(paper.decay_at(10_000));
    assert!((after - 1.000004f64.powi(-10_000)).abs() < 1e-6);
    for (epoch, momentum) in [(0.0, 0.5), (125.0, 0.6), (250.0, 0.7), (900.0, 0.7)] {
        assert!((paper.momentum_at(0.5, epoch) - momentum).abs() < 1e-6);
    }
    assert_eq!(paper.momentum_at(0.9, 250.0), 0.9);
    assert_eq!(tiny().momentum_at(0.5, 250.0), 0.5);
}

#[test]
fn the_session_averages_parameters_and_buffers_of_its_generator() {
    let mut session = session(Settings { ema: 0.25, ..tiny() });
    let both = |weights: &saddle::mnist::nets::Weights| {
        let all = weights.parameters.iter().chain(&weights.statistics);
        all.copied().map(f64::from).collect::<Vec<_>>()
    };
    let mut expected = both(&now(session.weights()).unwrap().generator);
    for step in 0..4 {
        session.step();
        // A short memory at first: 1/10, 2/11, 3/12 = 1/4, and then what is set.
        let keep = [0.1, 2.0 / 11.0, 0.25, 0.25][step];
        for (average, new) in
            expected.iter_mut().zip(both(&now(session.weights()).unwrap().generator))
        {
            *average = keep * *average + (1.0 - keep) * new;
        }
    }
    let PairWeights { average, generator, .. } = now(session.weights()).unwrap();
    for (found, expected) in both(&average).iter().zip(&expected) {
        assert!((found - expected).abs() <= 1e-6 * expected.abs().max(0.1), "{found} {expected}");
    }
    assert_ne!(average, generator);
}

#[test]
fn each_preset_draws_from_its_own_prior() {
    for (preset, most, variance) in [
        (Preset::Compact, f32::INFINITY, 1.0),
        (Preset::Tiny, f32::INFINITY, 1.0),
        (Preset::Article, 1.0, 1.0 / 3.0),
        (Preset::Paper, 3f32.sqrt(), 1.0),
    ] {
        let z = preset.noise(&mut Rng::new(1), 40_000);
        let mean = z.iter().sum::<f32>() / z.len() as f32;
        let found = z.iter().map(|v| v * v).sum::<f32>() / z.len() as f32;
        // Five standard errors of either.
        assert!(
            mean.abs() < 0.025 && (found - variance).abs() < 0.036,
            "{preset:?}: {mean} {found}"
        );
        assert!(z.iter().all(|v| v.abs() <= most));
        assert!(most.is_infinite() || z.iter().any(|v| v.abs() > 0.99 * most));
    }
}

#[test]
fn the_networks_have_the_parameters_that_their_sources_count() {
    let count = |blocks: &[saddle::mnist::nets::Parameter]| -> usize {
        blocks.iter().map(saddle::mnist::nets::Parameter::len).sum()
    };
    let article = Preset::Article.networks();
    // Keras counts batch normalisation's moving averages too: by hand from the article's table,
    // 103,424 + 6,428,800 + 25,088 + 204,864 + 1,601 and 1,664 + 204,928 + 3,277,824 + 1,025.
    let (g, d) = (&article.generator, &article.discriminator);
    assert_eq!(count(g.parameters()) + count(g.statistics()), 6_763_777);
    assert_eq!(count(d.parameters()), 3_485_441);
    // mnist.yaml: 100-1200-1200-784, and 784-240x5-240x5-1.
    let paper = Preset::Paper.networks();
    assert_eq!(count(paper.generator.parameters()), 2_503_984);
    assert_eq!(count(paper.discriminator.parameters()), 1_231_441);
}
