//! The digit classifier: its file, its input, and that it learns.

use burn::tensor::Device;
use saddle::mnist::data::images::Mnist;
use saddle::mnist::file::classifier::ClassifierFile;
use saddle::mnist::file::{FileError, classifier};
use saddle::mnist::judge::classifier::Classifier;
use saddle::mnist::nets::Weights;
use saddle::mnist::nets::classifier::{CLASSES, FEATURES, network};
use saddle::mnist::train::classifier::{Recipe, Training, accuracy, shifted};
use saddle::num::rng::Rng;

/// Ten patterns of 7 x 7 random blocks, each seen eight times under a little noise.
fn patterns() -> Mnist {
    let mut rng = Rng::new(6);
    let blocks: Vec<u8> = (0..CLASSES * 49).map(|_| 255 * rng.below(2) as u8).collect();
    let labels: Vec<u8> = (0..80).map(|i| i % 10).collect();
    let mut images = Vec::new();
    for &label in &labels {
        let pattern = &blocks[usize::from(label) * 49..];
        images.extend((0..784).map(|i| pattern[i / 112 * 7 + i % 28 / 4] ^ (rng.below(32) as u8)));
    }
    Mnist { images, labels }
}

fn taught(recipe: Recipe, data: &Mnist) -> (Weights, f32) {
    let mut training = Training::new(recipe, data, &Device::flex());
    let mut last = f32::NAN;
    for _ in 0..training.length() {
        last = training.step().into_data().try_into_vec::<f32>().unwrap()[0];
    }
    (training.weights(), last)
}

const RECIPE: Recipe = Recipe { epochs: 15, batch: 40, rate: 3e-3, shift: 1, seed: 1 };

#[test]
fn it_learns_and_repeats_itself() {
    let data = patterns();
    let (weights, loss) = taught(RECIPE, &data);
    let right = accuracy(&Classifier::new(&weights), &data);
    assert!(right > 0.95 && loss < 1.0, "accuracy {right}, loss {loss}");
    let short = Recipe { epochs: 1, ..RECIPE };
    assert_eq!(taught(short, &data), taught(short, &data));
    assert_ne!(taught(short, &data).0, taught(Recipe { seed: 2, ..short }, &data).0);
}

#[test]
fn a_judgement_is_of_each_image_alone() {
    let mut rng = Rng::new(3);
    let weights = network().initial(&mut rng);
    let classifier = Classifier::new(&weights);
    let mut images = vec![0.0; 3 * 784];
    rng.fill_uniform(&mut images, -1.0, 1.0);
    let all = classifier.judge(&images);
    assert_eq!((all.probabilities.len(), all.features.len()), (3 * CLASSES, 3 * FEATURES));
    for row in all.probabilities.chunks_exact(CLASSES) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{row:?}");
    }
    assert!(all.features.iter().all(|&v| v >= 0.0) && all.features.iter().any(|&v| v > 0.0));
    let last = classifier.judge(&images[2 * 784..]);
    let apart = last.features.iter().zip(&all.features[2 * FEATURES..]).map(|(a, b)| (a - b).abs());
    assert!(apart.fold(0.0, f32::max) < 1e-4);
}

#[test]
fn a_file_keeps_it_in_150_kb_and_refuses_others() {
    let weights = network().initial(&mut Rng::new(3));
    let bytes = classifier::encode(&ClassifierFile { test_accuracy: 0.9937, weights });
    assert!(bytes.len() <= 150_000, "{} bytes", bytes.len());
    let read = classifier::decode(&bytes).unwrap();
    assert_eq!(read.test_accuracy, 0.9937);
    // Rounded to halves once, it stays what it is.
    assert_eq!(classifier::decode(&classifier::encode(&read)).unwrap(), read);
    assert!(matches!(classifier::decode(&bytes[..bytes.len() - 1]), Err(FileError::Damaged(_))));
    let weights_of_a_pair = saddle::mnist::file::weights::decode(&bytes);
    assert!(matches!(weights_of_a_pair, Err(FileError::OtherKind { .. })), "{weights_of_a_pair:?}");
}

#[test]
fn a_shift_moves_and_fills_with_black() {
    let image: [f32; 784] = std::array::from_fn(|i| i as f32);
    assert_eq!(shifted(&image, 0, 0), image);
    let moved = shifted(&image, 2, -1);
    assert_eq!((moved[2 * 28], moved[27 * 28 + 26]), (1.0, (25 * 28 + 27) as f32));
    assert!(moved[..2 * 28].iter().all(|&v| v == -1.0) && moved[5 * 28 + 27] == -1.0);
}
