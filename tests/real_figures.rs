//! `pretrained/real.json`, which the page judges by, is what this classifier makes of real images.

use saddle::mnist::data::idx::IdxFile;
use saddle::mnist::data::images::Mnist;
use saddle::mnist::file::classifier;
use saddle::mnist::judge::classifier::{Classifier, FEATURES};
use saddle::mnist::judge::frechet::Gaussian;
use saddle::mnist::judge::score;
use saddle::mnist::judge::score::Histogram;
use saddle::num::rng::Rng;
use serde_json::Value;

fn mnist(images: IdxFile, labels: IdxFile) -> Mnist {
    let folder = std::env::var("SADDLE_DATA").unwrap_or("pkg/raw".into());
    let read = |file: IdxFile| {
        std::fs::read(format!("{folder}/{}", file.name()))
            .expect("`cargo xtask test` fetches MNIST")
    };
    match images {
        IdxFile::TestImages => Mnist::test(read(images), read(labels)),
        _ => Mnist::train(read(images), read(labels)),
    }
    .unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let all = value.as_array().unwrap().iter();
    all.map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn the_page_judges_by_this_classifier() {
    let real: Value =
        serde_json::from_slice(&std::fs::read("pretrained/real.json").unwrap()).unwrap();
    let file =
        classifier::decode(&std::fs::read("pretrained/classifier.safetensors").unwrap()).unwrap();
    let judge = Classifier::new(&file.weights);
    let train = mnist(IdxFile::TrainImages, IdxFile::TrainLabels);
    let test = mnist(IdxFile::TestImages, IdxFile::TestLabels);

    let counts: Vec<f64> = Histogram::of_labels(&train.labels).0.map(|n| n as f64).to_vec();
    assert_eq!(numbers(&real["classes"]), counts);

    let all: Vec<u32> = (0..test.len() as u32).collect();
    let fitted = Gaussian::fit(&judge.judge(&test.images_at(&all)).features, FEATURES);
    let upper: Vec<f64> = (0..FEATURES)
        .flat_map(|i| (i..FEATURES).map(move |j| i * FEATURES + j))
        .map(|at| fitted.covariance[at])
        .collect();
    for (name, expected) in [("mean", &fitted.mean), ("covariance", &upper)] {
        let stored = numbers(&real[name]);
        assert_eq!(stored.len(), expected.len());
        // Kernels of other processors sum in other orders.
        let furthest = stored.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(furthest < 1e-4, "{name} differs by {furthest}");
    }

    // A draw of another seed lies within four deviations of the mean. (The files are not in random order:
    // the first or last so many images are no draw.)
    let mut order: Vec<u32> = (0..train.len() as u32).collect();
    Rng::new(2).shuffle(&mut order);
    for floor in real["floors"].as_array().unwrap() {
        let n = floor["samples"].as_u64().unwrap() as usize;
        let judged = judge.judge(&train.images_at(&order[..n]));
        let found = [
            ("frechet", Gaussian::fit(&judged.features, FEATURES).distance(&fitted)),
            ("mnistScore", score::mnist_score(&judged.probabilities).value),
        ];
        for (name, value) in found {
            let stored = numbers(&floor[name]);
            assert!(
                (value - stored[0]).abs() < 4.0 * stored[1],
                "{name} of {n}: {value}, {stored:?}"
            );
        }
    }
}
