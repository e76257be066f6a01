//! The PyTorch script of a run against the run: one step of ours from a file, and the step that the script took from
//! the same file, with the same images, z and dropout.
//!
//! PyTorch is too large for every test run. What it gave is in tests/reference/code.json with its version and the MD5 of
//! each script, made by tests/reference/code.py; so a script cannot change without new numbers.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use md5::{Digest, Md5};
use saddle::mnist::code;
use saddle::mnist::data::idx::hex;
use saddle::mnist::data::{Batches, Mnist};
use saddle::mnist::file;
use saddle::mnist::frozen::numbers;
use saddle::mnist::nets::{Activation, Network, Preset};
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::{Bias, OptimiserKind};
use saddle::mnist::train::session::SavedSession;
use saddle::mnist::train::{Order, Session, Settings};
use saddle::num::rng::Rng;
use safetensors::{Dtype, tensor::TensorView};
use serde_json::Value;

use crate::session::now;

const MAKE: &str = "make them anew: `cargo test --release code::write_the_cases -- --ignored`, then \
                    `python tests/reference/code.py target/code > tests/reference/code.json` with PyTorch 2.15.0";

/// By name: the presets as they are, and every setting that a preset leaves alone.
fn cases() -> Vec<(&'static str, Settings)> {
    let mut all: Vec<_> =
        Preset::ALL.into_iter().map(|preset| (preset.name(), Settings::of(preset))).collect();
    let tiny = Settings { batch: 8, ..Settings::of(Preset::Tiny) };
    let paper = Settings { batch: 20, ..Settings::of(Preset::Paper) };
    all.extend([
        (
            "minimax, spectral, k",
            Settings {
                loss: Loss::Minimax,
                spectral_norm: true,
                k: 3,
                optimiser_d: OptimiserKind::Nesterov,
                optimiser_g: OptimiserKind::Momentum,
                half_life: 5,
                activation_g: Activation::LeakyRelu,
                activation_d: Activation::Sigmoid,
                smoothing: 0.1,
                ..tiny.clone()
            },
        ),
        (
            "least squares, no norm",
            Settings {
                loss: Loss::LeastSquares,
                smoothing: 0.2,
                optimiser_d: OptimiserKind::Sgd,
                optimiser_g: OptimiserKind::Sgd,
                batch_norm: false,
                activation_g: Activation::Tanh,
                ema: 0.0,
                ..tiny.clone()
            },
        ),
        ("R1", Settings { r1: 1.0, activation_d: Activation::Tanh, ..tiny.clone() }),
        (
            "R1, spectral, at once",
            Settings {
                r1: 10.0,
                spectral_norm: true,
                order: Order::AtOnce,
                k: 2,
                half_life: 7,
                activation_d: Activation::Tanh,
                ..tiny.clone()
            },
        ),
        (
            "paper, R1, in turn",
            Settings {
                r1: 1.0,
                order: Order::InTurn,
                k: 2,
                optimiser_d: OptimiserKind::Adam,
                rate_d: 1e-3,
                batch_norm: true,
                activation_g: Activation::Sigmoid,
                activation_d: Activation::Relu,
                ema: 0.9,
                ..paper
            },
        ),
        (
            "least squares, at once",
            Settings {
                loss: Loss::LeastSquares,
                order: Order::AtOnce,
                optimiser_d: OptimiserKind::Sgd,
                ..tiny
            },
        ),
    ]);
    all
}

/// Images of noise; as many as two epochs of the largest batch end in.
fn images() -> Arc<Mnist> {
    let mut rng = Rng::new(17);
    let images = (0..250 * 784).map(|_| rng.below(256) as u8).collect();
    Arc::new(Mnist { images, labels: vec![0; 250] })
}

/// A run as it might be after some steps: nothing of it is 0, and the momentum was changed on the way. It is made up,
/// since steps on another machine would give other last digits.
fn saved(settings: &Settings) -> SavedSession {
    let session = Session::new(settings.clone(), images(), &Device::flex()).unwrap();
    let mut saved = now(session.save()).unwrap();
    let mut rng = Rng::new(18);
    let mut around = |values: &mut [f32], middle: f32, width: f32| {
        values.iter_mut().for_each(|v| *v += middle + width * (2.0 * rng.uniform() as f32 - 1.0));
    };
    around(&mut saved.weights.average.parameters, 0.0, 0.02);
    // Running means near 0, running variances near 1.
    around(&mut saved.weights.generator.statistics, 0.0, 0.2);
    around(&mut saved.weights.average.statistics, 0.0, 0.2);
    for (optimiser, steps) in saved.optimisers.iter_mut().zip([30, 31]) {
        if let [velocity] = optimiser.memory.as_mut_slice() {
            around(velocity, 0.0, 1e-3);
        }
        if let [mean, square] = optimiser.memory.as_mut_slice() {
            around(mean, 0.0, 1e-3);
            around(square, 1e-5, 5e-6);
        }
        optimiser.steps = steps;
        optimiser.bias = Bias { missing: 0.25, since: 2, momentum: 0.75 };
    }
    saved.step = 30;
    saved.images_seen = 30 * settings.batch as u64 * settings.k as u64;
    saved
}

/// What the next step of a run draws, in order: images, z, masks.
fn draws(saved: &SavedSession) -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let s = &saved.settings;
    let pair = s.networks();
    let data = images();
    let mut batches = Batches::resume(data.len(), s.batch, u64::from(s.seed), saved.images_seen);
    let [mut noise, mut dropout] = saved.random.map(Rng::from_state);
    let mut all = Vec::new();
    let steps_of_z = if s.order == Order::InTurn { s.k + 1 } else { s.k };
    for i in 0..steps_of_z {
        if i < s.k {
            let real = data.images_at(batches.next_batch());
            all.push((format!("real.{i}"), vec![s.batch, 1, 28, 28], real));
            let epoch = batches.seen() as f32 / data.len() as f32;
            all.push((format!("epoch.{i}"), vec![1], vec![epoch]));
        }
        let z = s.preset.noise(&mut noise, s.batch * pair.latent);
        all.push((format!("z.{i}"), vec![s.batch, pair.latent], z));
        let n = if i < s.k { 2 * s.batch } else { s.batch };
        for (j, mask) in
            pair.discriminator.masks(n, &mut dropout, &Device::flex()).into_iter().enumerate()
        {
            let [n, channels, height, width] = mask.dims();
            let shape = if height * width > 1 {
                vec![n, channels, height, width]
            } else {
                vec![n, channels]
            };
            all.push((format!("mask.{j}.{i}"), shape, numbers(mask)));
        }
    }
    all
}

/// Of each block the Euclidean norm and three of its elements.
fn blocks(
    network: &Network,
    prefix: &str,
    parameters: &[f32],
    statistics: Option<&[f32]>,
) -> Vec<(String, [f32; 4])> {
    let statistics =
        statistics.into_iter().flat_map(|flat| network.statistics().iter().map(move |p| (p, flat)));
    let all = network.parameters().iter().map(|p| (p, parameters)).chain(statistics);
    let each = all.map(|(p, flat)| {
        let block = &flat[p.offset..p.offset + p.len()];
        let norm = block.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt() as f32;
        let at = |share: usize| block[(block.len() - 1) * share / 3];
        (format!("{prefix}.{}", p.name), [norm, at(0), at(1), at(2)])
    });
    each.collect()
}

/// After one step of ours: D's and G's loss, and the blocks.
fn ours(saved: SavedSession) -> ([f32; 2], Vec<(String, [f32; 4])>) {
    let settings = saved.settings.clone();
    let mut session = Session::restore(saved, images(), &Device::flex()).unwrap();
    session.step();
    let seen = now(session.statistics()).unwrap().unwrap();
    let after = now(session.save()).unwrap();
    let pair = settings.networks();
    let (g, d) = (&pair.generator, &pair.discriminator);
    let w = &after.weights;
    let mut all = blocks(g, "generator", &w.generator.parameters, Some(&w.generator.statistics));
    all.extend(blocks(
        d,
        "discriminator",
        &w.discriminator.parameters,
        Some(&w.discriminator.statistics),
    ));
    if settings.ema > 0.0 {
        all.extend(blocks(
            g,
            "generator.average",
            &w.average.parameters,
            Some(&w.average.statistics),
        ));
    }
    for (network, name, kind, memory) in [
        (g, "generator", settings.optimiser_g, &after.optimisers[0].memory),
        (d, "discriminator", settings.optimiser_d, &after.optimisers[1].memory),
    ] {
        for (role, flat) in kind.memory().iter().zip(memory) {
            all.extend(blocks(network, &format!("optimiser.{name}.{role}"), flat, None));
        }
    }
    ([seen.loss_d, seen.loss_g], all)
}

fn reference() -> Value {
    serde_json::from_str(&std::fs::read_to_string("tests/reference/code.json").unwrap()).unwrap()
}

/// Losses to 1e-5; parameters and statistics to 1e-5, of a long block's norm where it is above 1. A step moves them little,
/// so what the optimisers remember counts, which is as the gradients are: to 1e-4 of a block's norm, and to 1e-3 with R1,
/// a central difference here and exact there. D is smooth in the cases with R1, or little moved by it: across a kink of
/// relu or a switch of a pool the central difference sees a jump that the exact gradient leaves out.
#[test]
fn pytorch_takes_the_step_that_ours_takes() {
    let reference = reference();
    for (name, settings) in cases() {
        let expected = &reference["cases"][name];
        assert!(expected.is_object(), "no numbers for {name}; {MAKE}");
        let remembered = if settings.r1 > 0.0 { 1e-3 } else { 1e-4 };
        let (losses, blocks) = ours(saved(&settings));
        let theirs: [f32; 2] = serde_json::from_value(expected["losses"].clone()).unwrap();
        for (a, b) in losses.iter().zip(theirs) {
            assert!((a - b).abs() <= 1e-5, "{name}: losses {losses:?}, PyTorch's {theirs:?}");
        }
        assert_eq!(blocks.len(), expected["blocks"].as_object().unwrap().len(), "{name}: {MAKE}");
        for (block, found) in blocks {
            let there = &expected["blocks"][&block];
            let there: [f32; 4] = serde_json::from_value(there.clone()).unwrap();
            let bound = if block.starts_with("optimiser") {
                remembered * there[0]
            } else {
                1e-5 * there[0].max(1.0)
            };
            for (a, b) in found.iter().zip(there) {
                let close = (a - b).abs() <= bound;
                assert!(close, "{name}, {block}: {found:?}, PyTorch's {there:?}");
            }
        }
    }
}

#[test]
fn the_scripts_are_those_that_gave_the_numbers() {
    let reference = reference();
    for (name, settings) in cases() {
        let now = hex(&Md5::digest(code::pytorch(&settings)));
        let then = &reference["cases"][name]["script"];
        assert_eq!(Some(now.as_str()), then.as_str(), "the script of {name} was changed; {MAKE}");
    }
}

/// Writes what tests/reference/code.py reads: for each case the script, the run, what its next step draws, and the run
/// after it.
#[test]
#[ignore = "writes files for tests/reference/code.py"]
fn write_the_cases() {
    for (name, settings) in cases() {
        let folder = Path::new("target/code").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let run = saved(&settings);
        let draws = draws(&run);
        let bytes =
            |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        let draws: Vec<_> =
            draws.into_iter().map(|(name, shape, values)| (name, shape, bytes(&values))).collect();
        let views = draws.iter().map(|(name, shape, bytes)| {
            (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
        });
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
        write("draws.safetensors", &safetensors::serialize(views, None).unwrap());
        write("session.safetensors", &file::session::encode(&run));
        let mut session = Session::restore(run, images(), &Device::flex()).unwrap();
        session.step();
        write("after.safetensors", &file::session::encode(&now(session.save()).unwrap()));
        write("script.py", code::pytorch(&settings).as_bytes());
    }
}
