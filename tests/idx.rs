//! The IDX reader: the real files, every kind of damage, arbitrary bytes; and the order of batches.
//!
//! The real files are looked for in the folder that the environment variable SADDLE_DATA names, else in
//! `pkg/raw`. Tests that need them fail without them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use saddle::mnist::data::idx;
use saddle::mnist::data::idx::{IdxError, IdxFile, PIXELS};
use saddle::mnist::data::images::{Batches, Mnist};

fn real(file: IdxFile) -> Vec<u8> {
    let folder = std::env::var_os("SADDLE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pkg/raw"), PathBuf::from);
    let path = folder.join(file.name());
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. `cargo xtask test` puts the MNIST files there; or set SADDLE_DATA to their folder.",
            path.display()
        )
    })
}

/// A whole file of `n` images; pixel values count up.
fn image_file(n: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [idx::IMAGES_MAGIC, n, 28, 28] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend((0..n as usize * PIXELS).map(|i| (i % 256) as u8));
    bytes
}

/// A whole file of `n` labels, 0 1 2 .. 9 0 1 ..
fn label_file(n: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [idx::LABELS_MAGIC, n] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend((0..n).map(|i| (i % 10) as u8));
    bytes
}

fn images_error(bytes: &[u8]) -> IdxError {
    idx::images("i", bytes).expect_err("the file is damaged")
}

fn labels_error(bytes: &[u8]) -> IdxError {
    idx::labels("l", bytes).expect_err("the file is damaged")
}

#[test]
fn the_real_files_are_read() {
    let train = Mnist::train(real(IdxFile::TrainImages), real(IdxFile::TrainLabels)).unwrap();
    let test = Mnist::test(real(IdxFile::TestImages), real(IdxFile::TestLabels)).unwrap();
    assert_eq!((train.len(), test.len()), (60_000, 10_000));
    assert_eq!(train.images.len(), 60_000 * PIXELS);
    // The first labels as on LeCun's page, and the classes of the training set as in any tutorial.
    assert_eq!(train.labels[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(test.labels[..10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    let mut classes = [0; 10];
    for &label in &train.labels {
        classes[usize::from(label)] += 1;
    }
    assert_eq!(classes, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    // Mean grey of the training set, 0.1307 of white: the constant of PyTorch's MNIST example.
    let sum: u64 = train.images.iter().map(|&v| u64::from(v)).sum();
    let mean = sum as f64 / (255.0 * train.images.len() as f64);
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
}

#[test]
fn an_altered_file_is_told_by_its_digest() {
    let mut bytes = real(IdxFile::TestLabels);
    assert_eq!(IdxFile::TestLabels.check(&bytes), Ok(()));
    bytes[100] = (bytes[100] + 1) % 10;
    let error = IdxFile::TestLabels.check(&bytes).expect_err("one label differs");
    assert!(
        matches!(&error, IdxError::Digest { file, .. } if file == "t10k-labels-idx1-ubyte"),
        "{error}"
    );
    let images = image_file(2);
    let error = Mnist::test(images, label_file(2)).expect_err("well formed, but not MNIST");
    assert!(matches!(error, IdxError::Digest { .. }));
}

#[test]
fn files_have_their_names() {
    for file in IdxFile::ALL {
        assert_eq!(IdxFile::from_name(file.name()), Ok(file));
    }
    let error = IdxFile::from_name("train-images.gz").expect_err("no such file");
    assert_eq!(error, IdxError::Unknown { file: "train-images.gz".into() });
}

#[test]
fn each_damage_to_images_has_its_error() {
    let whole = image_file(3);
    assert_eq!(idx::images("i", &whole).unwrap().len(), 3 * PIXELS);
    let length = whole.len() as u64;

    let e = images_error(&whole[..15]);
    assert_eq!(e, IdxError::NoHeader { file: "i".into(), bytes: 15, header: 16 });
    assert!(matches!(images_error(&[]), IdxError::NoHeader { bytes: 0, .. }));

    let e = images_error(&label_file(3));
    assert_eq!(e, IdxError::Magic { file: "i".into(), found: 0x801, expected: 0x803 });
    // A gzip file, and the start of a page of HTML shorter than a header.
    assert!(matches!(images_error(&[0x1f, 0x8b, 8, 0, 0]), IdxError::Magic { .. }));
    assert!(matches!(images_error(b"<html>"), IdxError::Magic { .. }));

    let mut wide = whole.clone();
    wide[15] = 29;
    let e = images_error(&wide);
    assert_eq!(e, IdxError::Size { file: "i".into(), rows: 28, columns: 29 });

    let e = images_error(&whole[..whole.len() - 1]);
    assert_eq!(e, IdxError::Short { file: "i".into(), found: length - 1, expected: length });

    let mut long = whole.clone();
    long.push(0);
    let e = images_error(&long);
    assert_eq!(e, IdxError::Long { file: "i".into(), found: length + 1, expected: length });

    let mut many = whole;
    many[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
    let expected = 16 + u64::from(u32::MAX) * 784;
    assert_eq!(images_error(&many), IdxError::Short { file: "i".into(), found: length, expected });
}

#[test]
fn each_damage_to_labels_has_its_error() {
    let whole = label_file(12);
    assert_eq!(idx::labels("l", &whole).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    assert!(matches!(labels_error(&whole[..7]), IdxError::NoHeader { header: 8, .. }));
    assert!(matches!(labels_error(&image_file(1)), IdxError::Magic { found: 0x803, .. }));
    assert!(matches!(labels_error(&whole[..19]), IdxError::Short { expected: 20, .. }));
    let mut long = whole.clone();
    long.push(3);
    assert!(matches!(labels_error(&long), IdxError::Long { expected: 20, .. }));
    let mut wrong = whole;
    wrong[8 + 5] = 10;
    assert_eq!(labels_error(&wrong), IdxError::Label { file: "l".into(), index: 5, label: 10 });
}

#[test]
fn counts_must_agree() {
    let error = Mnist::from_idx("i", image_file(3), "l", label_file(4)).expect_err("3 and 4");
    let expected = IdxError::Counts {
        images: "i".into(),
        labels: "l".into(),
        found_images: 3,
        found_labels: 4,
    };
    assert_eq!(error, expected);
    assert!(Mnist::from_idx("i", image_file(0), "l", label_file(0)).unwrap().is_empty());
}

#[test]
fn messages_name_the_file_and_the_remedy() {
    let whole = image_file(2);
    let cut = idx::images("train-images-idx3-ubyte", &whole[..100]);
    assert_eq!(
        cut.expect_err("cut off").to_string(),
        "train-images-idx3-ubyte: 100 bytes where its header promises 1584. \
         The download was cut off: fetch the file again."
    );
    let page = idx::labels("t10k-labels-idx1-ubyte", b"<!doctype html>");
    assert!(page.expect_err("HTML").to_string().starts_with(
        "t10k-labels-idx1-ubyte: starts with 0x3c21646f where 0x00000801 is expected"
    ));
}

#[test]
fn pixels_go_from_minus_one_to_one() {
    let data = Mnist::from_idx("i", image_file(3), "l", label_file(3)).unwrap();
    let batch = data.images_at(&[2, 0]);
    assert_eq!(batch.len(), 2 * PIXELS);
    // Image 2 begins at byte 2 * 784, which is 32 modulo 256.
    assert_eq!(batch[0], 2.0 * 32.0 / 255.0 - 1.0);
    assert_eq!((batch[PIXELS], batch[PIXELS + 255]), (-1.0, 1.0));
    assert_eq!(data.image(1).unwrap()[0], 16);
    assert_eq!(data.image(3), None);
}

#[test]
fn the_first_images_are_a_set_of_their_own() {
    let whole = || Mnist::from_idx("i", image_file(3), "l", label_file(3)).unwrap();
    let first = whole().first(2);
    assert_eq!((first.len(), first.image(1), first.image(2)), (2, whole().image(1), None));
    assert_eq!(first.images_in(0..2), whole().images_in(0..2));
    assert_eq!(whole().first(9), whole());
}

#[test]
fn logits_of_the_mean_image() {
    let mut images = vec![0; 2 * PIXELS];
    (images[0], images[PIXELS]) = (255, 255);
    images[1] = 255;
    images[PIXELS + 2] = 51;
    let logits = Mnist { images, labels: vec![0; 2] }.mean_logits();
    // Means 1, 1/2, 1/10 and 0; the ends are moved in by 1e-7.
    let end = (1e7f64 - 1.0).ln();
    for (found, expected) in logits.iter().zip([end, 0.0, (1f64 / 9.0).ln(), -end]) {
        assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn an_epoch_shows_each_image_once_at_most() {
    let mut batches = Batches::new(103, 10, 7);
    let mut orders = BTreeSet::new();
    for epoch in 1..=3 {
        let order: Vec<u32> = (0..10).flat_map(|_| batches.next_batch().to_vec()).collect();
        let distinct: BTreeSet<u32> = order.iter().copied().collect();
        assert_eq!(distinct.len(), 100);
        assert!(distinct.iter().all(|&i| i < 103));
        assert_eq!(batches.seen(), epoch * 100);
        orders.insert(order);
    }
    assert_eq!(orders.len(), 3, "each epoch has an order of its own");
    let first = |seed| Batches::new(103, 10, seed).next_batch().to_vec();
    assert_ne!(first(8), first(7));
}

#[test]
fn a_batch_is_at_least_one_and_at_most_all() {
    assert_eq!(Batches::new(5, 0, 1).next_batch().len(), 1);
    let mut all = Batches::new(5, 9, 1).next_batch().to_vec();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4]);
}

proptest! {
    #[test]
    fn batches_go_on_exactly_where_they_stopped(
        images in 1_usize..200, batch in 1_usize..50, seed: u64, steps in 0_usize..60,
    ) {
        let mut whole = Batches::new(images, batch, seed);
        for _ in 0..steps {
            whole.next_batch();
        }
        let resumed = Batches::resume(images, batch, seed, whole.seen());
        prop_assert_eq!(resumed.seen(), whole.seen());
        let next = |mut batches: Batches| {
            (0..20).map(|_| batches.next_batch().to_vec()).collect::<Vec<_>>()
        };
        prop_assert_eq!(next(resumed), next(whole));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..2000), magic in 0..3, count in 0_u32..4) {
        let mut bytes = bytes;
        // Random bytes alone would never pass the magic.
        let mut start = Vec::new();
        if magic < 2 {
            start.extend([idx::IMAGES_MAGIC, idx::LABELS_MAGIC][magic as usize].to_be_bytes());
            start.extend(count.to_be_bytes());
            if magic == 0 && count > 0 {
                start.extend([0, 0, 0, 28, 0, 0, 0, 28]);
            }
        }
        let n = start.len().min(bytes.len());
        bytes[..n].copy_from_slice(&start[..n]);
        if let Ok(pixels) = idx::images("i", &bytes) {
            prop_assert_eq!(pixels.len() % PIXELS, 0);
        }
        if let Ok(labels) = idx::labels("l", &bytes) {
            prop_assert!(labels.iter().all(|&label| label <= 9));
        }
        for file in IdxFile::ALL {
            prop_assert!(file.check(&bytes).is_err());
        }
    }
}
