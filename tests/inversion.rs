//! Finding z again, and asking D.

use saddle::mnist::explore::inversion::{FOUND, Inversion, STEPS};
use saddle::mnist::file::generator;
use saddle::mnist::frozen::{Discriminator, Generator};
use saddle::mnist::nets::{Design, Preset};
use saddle::num::rng::Rng;

const SHIPPED: &str = "pretrained/compact.safetensors";

fn shipped() -> Generator {
    generator::decode(&std::fs::read(SHIPPED).unwrap()).unwrap().load()
}

fn descend(generator: &Generator, target: &[f32], steps: usize) -> Inversion {
    let mut descent = Inversion::new(generator, target, 99);
    for _ in 0..steps {
        descent.step(generator);
    }
    descent
}

/// Of 100 generated digits, at least 90 are found again to an error of 0.03 (root mean square, of intensities
/// from 0 to 1).
#[test]
fn ninety_of_a_hundred_generated_digits_are_found_again() {
    let generator = shipped();
    let images = generator.images(&generator.noise(&mut Rng::new(1), 100));
    let errors: Vec<f32> = images
        .chunks_exact(784)
        .map(|image| descend(&generator, image, STEPS).best().error)
        .collect();
    let found = errors.iter().filter(|&&error| error <= FOUND).count();
    assert!(found >= 90, "{found} of 100: {errors:?}");
}

#[test]
fn the_best_image_is_the_one_of_its_z_and_no_step_loses_it() {
    let generator = shipped();
    let target = generator.images(&generator.noise(&mut Rng::new(4), 1));
    let mut descent = descend(&generator, &target, 0);
    let mut last = descent.best().error;
    for _ in 0..20 {
        descent.step(&generator);
        assert!(descent.best().error <= last);
        last = descent.best().error;
    }
    let again = generator.images(&descent.best().z);
    for (a, b) in again.iter().zip(&descent.best().image) {
        assert!((a - b).abs() < 1e-5);
    }
    let sum: f32 = again.iter().zip(&target).map(|(a, b)| (a - b).powi(2)).sum();
    assert!(((sum / 784.0).sqrt() / 2.0 - last).abs() < 1e-5);
}

#[test]
fn what_no_digit_looks_like_has_no_z() {
    // A chequerboard of single pixels.
    let target: Vec<f32> =
        (0..784).map(|i| if (i % 28 + i / 28) % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let error = descend(&shipped(), &target, 100).best().error;
    assert!(error > saddle::mnist::explore::inversion::NONE, "{error}");
}

#[test]
fn a_discriminator_scores_each_image_by_itself() {
    // A D of random weights serves too: the pretrained file need not have one.
    let design = Design::of(Preset::Tiny);
    let weights = design.networks().discriminator.initial(&mut Rng::new(6));
    let discriminator = Discriminator::new(design, weights);
    let generator = shipped();
    let images = generator.images(&generator.noise(&mut Rng::new(2), 5));
    let scores = discriminator.probabilities(&images);
    assert!(scores.iter().all(|&d| d > 0.0 && d < 1.0));
    for (image, &score) in images.chunks_exact(784).zip(&scores) {
        assert!((discriminator.probabilities(image)[0] - score).abs() < 1e-5);
    }
    assert!(scores.iter().any(|d| (d - scores[0]).abs() > 1e-6));
}
