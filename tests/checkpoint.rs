//! Weight files: what is written is read, and what is damaged is refused by name.

use proptest::prelude::*;
use saddle::{
    checkpoint::{
        CheckpointError,
        generator::{self, GeneratorFile},
        weights::{self, Precision, WeightsFile},
    },
    data::rng::Rng,
    models::{Activation, Design, Preset},
    training::session::Weights,
};

fn file(seed: u64) -> WeightsFile {
    let pair = Preset::Tiny.networks();
    let mut rng = Rng::new(seed);
    let (g, d) = (&pair.generator, &pair.discriminator);
    WeightsFile {
        design: Design::of(Preset::Tiny),
        step: 123,
        weights: Weights {
            average: g.initial_parameters(&mut rng),
            average_statistics: g.initial_statistics(),
            generator: g.initial_parameters(&mut rng),
            generator_statistics: g.initial_statistics(),
            discriminator: d.initial_parameters(&mut rng),
            discriminator_statistics: d.initial_statistics(),
        },
    }
}

#[test]
fn single_precision_comes_back_exactly() {
    let file = file(1);
    assert_eq!(
        weights::decode(&weights::encode(&file, Precision::Single, false)).unwrap(),
        file
    );
}

#[test]
fn half_precision_comes_back_within_its_rounding() {
    let file = file(2);
    let back = weights::decode(&weights::encode(&file, Precision::Half, false)).unwrap();
    for (a, b) in file.weights.average.iter().zip(&back.weights.average) {
        // 11 bits of significand; below 2^-14 the spacing is 2^-24.
        assert!(
            (a - b).abs() <= a.abs() / 2048.0 + 2f32.powi(-25),
            "{a} {b}"
        );
    }
}

#[test]
fn bytes_come_back_within_half_a_step_of_their_scale() {
    let file = file(6);
    let whole = weights::encode(&file, Precision::Single, false);
    let bytes = weights::encode(&file, Precision::Byte, false);
    assert!(3 * bytes.len() < whole.len());
    let back = weights::decode(&bytes).unwrap();
    let pair = Preset::Tiny.networks();
    for (network, old, new) in [
        (
            &pair.generator,
            &file.weights.generator,
            &back.weights.generator,
        ),
        (
            &pair.discriminator,
            &file.weights.discriminator,
            &back.weights.discriminator,
        ),
    ] {
        for parameter in network.parameters() {
            let block = parameter.offset..parameter.offset + parameter.len();
            let largest = old[block.clone()]
                .iter()
                .fold(0.0f32, |m, v| m.max(v.abs()));
            for (a, b) in old[block.clone()].iter().zip(&new[block.clone()]) {
                // At most half a step of 1/127 of the largest, and what half precision does to the rest.
                assert!(
                    (a - b).abs() <= largest * 0.501 / 127.0,
                    "{}: {a} {b}",
                    parameter.name
                );
            }
        }
    }
}

#[test]
fn a_generator_is_read_from_each_kind_of_file() {
    let file = file(7);
    let alone = GeneratorFile {
        design: file.design,
        step: file.step,
        parameters: file.weights.average.clone(),
        statistics: file.weights.average_statistics.clone(),
    };
    for bytes in [
        generator::encode(&alone, Precision::Single),
        weights::encode(&file, Precision::Single, false),
    ] {
        assert_eq!(generator::decode(&bytes).unwrap(), alone);
    }
    // A generator alone is not a pair.
    let alone = generator::encode(&alone, Precision::Single);
    assert!(matches!(
        weights::decode(&alone).unwrap_err(),
        CheckpointError::Foreign(_)
    ));
}

#[test]
fn a_design_stays_with_its_weights() {
    let usual = file(8);
    for design in [
        Design {
            batch_norm: false,
            activation_g: Activation::Tanh,
            ..usual.design
        },
        Design {
            spectral_norm: true,
            activation_d: Activation::Sigmoid,
            ..usual.design
        },
    ] {
        let pair = design.networks();
        let mut rng = Rng::new(8);
        let (g, d) = (&pair.generator, &pair.discriminator);
        let weights = Weights {
            average: g.initial_parameters(&mut rng),
            average_statistics: g.initial_statistics(),
            generator: g.initial_parameters(&mut rng),
            generator_statistics: g.initial_statistics(),
            discriminator: d.initial_parameters(&mut rng),
            discriminator_statistics: d.initial_statistics(),
        };
        let file = WeightsFile {
            design,
            step: 1,
            weights,
        };
        let bytes = weights::encode(&file, Precision::Single, false);
        assert_eq!(weights::decode(&bytes).unwrap(), file);
    }
}

#[test]
fn the_pretrained_weights_are_of_the_networks_as_they_are() {
    let bytes = include_bytes!("../pretrained/compact.safetensors");
    let file = weights::decode(bytes).unwrap();
    assert_eq!(file.design, Design::of(Preset::Compact));
}

#[test]
fn without_the_learning_copy_training_starts_from_the_average() {
    let file = file(3);
    let bytes = weights::encode(&file, Precision::Single, true);
    assert!(bytes.len() < weights::encode(&file, Precision::Single, false).len());
    assert_eq!(
        weights::decode(&bytes).unwrap().weights.generator,
        file.weights.average
    );
}

#[test]
fn each_kind_of_damage_has_its_error() {
    let whole = weights::encode(&file(4), Precision::Half, true);
    let error = |bytes: &[u8]| weights::decode(bytes).unwrap_err();
    assert!(matches!(error(&[]), CheckpointError::Damaged(_)));
    assert!(matches!(
        error(&whole[..whole.len() - 1]),
        CheckpointError::Damaged(_)
    ));
    assert!(matches!(
        error(b"\x89PNG\r\n\x1a\n and so on"),
        CheckpointError::Damaged(_)
    ));

    let swap = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len(), "lengths stand in the header");
        let at = whole
            .windows(from.len())
            .position(|w| w == from.as_bytes())
            .unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        weights::decode(&bytes).unwrap_err()
    };
    assert!(matches!(
        swap("\"version\":\"2\"", "\"version\":\"9\""),
        CheckpointError::Newer { found: 9 }
    ));
    assert!(matches!(
        swap("\"preset\":\"tiny\"", "\"preset\":\"tidy\""),
        CheckpointError::Foreign(_)
    ));
    assert!(matches!(
        swap("\"saddle\":", "\"paddle\":"),
        CheckpointError::Foreign(_)
    ));
    assert!(matches!(
        swap("0.dense.weight", "0.dense.height"),
        CheckpointError::Foreign(_)
    ));
    assert!(matches!(
        swap("[24,12,4,4]", "[12,24,4,4]"),
        CheckpointError::Shape { .. }
    ));

    let mut bytes = whole.clone();
    let end = bytes.len();
    bytes[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
    assert!(matches!(error(&bytes), CheckpointError::NotFinite(_)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(weights::decode(&bytes).is_err());
    }

    #[test]
    fn no_flipped_byte_makes_it_panic(at in 0usize..4000, to in any::<u8>()) {
        let mut bytes = weights::encode(&file(5), Precision::Half, true);
        bytes[at] = to;
        let _unused = weights::decode(&bytes);
    }
}
