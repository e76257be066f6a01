//! Weight files: what is written is read, and what is damaged is refused by name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use saddle::mnist::file::classifier::ClassifierFile;
use saddle::mnist::file::generator::GeneratorFile;
use saddle::mnist::file::weights::WeightsFile;
use saddle::mnist::file::{
    FileError, Kind, Precision, check, classifier, generator, session, weights,
};
use saddle::mnist::nets::{Activation, Design, Network, Preset};
use saddle::mnist::train::Settings;
use saddle::num::rng::Rng;

use super::session::saved;

fn of_design(design: Design, seed: u64) -> WeightsFile {
    let pair = design.networks();
    let mut rng = Rng::new(seed);
    let mut random = |network: &Network| network.initial(&mut rng);
    let (average, discriminator) = (random(&pair.generator), random(&pair.discriminator));
    WeightsFile { design, step: 123, average, discriminator }
}

fn file(seed: u64) -> WeightsFile {
    of_design(Design::of(Preset::Tiny), seed)
}

fn alone(file: &WeightsFile) -> GeneratorFile {
    GeneratorFile { design: file.design, step: file.step, weights: file.average.clone() }
}

#[test]
fn single_precision_comes_back_exactly() {
    let file = file(1);
    assert_eq!(weights::decode(&weights::encode(&file, Precision::Single)).unwrap(), file);
}

#[test]
fn half_precision_comes_back_within_its_rounding() {
    let file = file(2);
    let back = weights::decode(&weights::encode(&file, Precision::Half)).unwrap();
    assert_eq!(back.average.parameters.len(), file.average.parameters.len());
    for (a, b) in file.average.parameters.iter().zip(&back.average.parameters) {
        // 11 bits of significand; below 2^-14 the spacing is 2^-24.
        assert!((a - b).abs() <= a.abs() / 2048.0 + 2f32.powi(-25), "{a} {b}");
    }
}

#[test]
fn bytes_come_back_within_half_a_step_of_their_scale() {
    let file = file(6);
    let whole = weights::encode(&file, Precision::Single);
    let bytes = weights::encode(&file, Precision::Byte);
    assert!(3 * bytes.len() < whole.len());
    let back = weights::decode(&bytes).unwrap();
    let pair = Preset::Tiny.networks();
    for (network, old, new) in [
        (&pair.generator, &file.average.parameters, &back.average.parameters),
        (&pair.discriminator, &file.discriminator.parameters, &back.discriminator.parameters),
    ] {
        for parameter in network.parameters() {
            let block = parameter.offset..parameter.offset + parameter.len();
            let largest = old[block.clone()].iter().fold(0.0f32, |m, v| m.max(v.abs()));
            for (a, b) in old[block.clone()].iter().zip(&new[block.clone()]) {
                // At most half a step of 1/127 of the largest, and what half precision does to the rest.
                assert!((a - b).abs() <= largest * 0.501 / 127.0, "{}: {a} {b}", parameter.name);
            }
        }
    }
}

#[test]
fn the_same_weights_are_the_same_bytes() {
    let file = file(9);
    let first = weights::encode(&file, Precision::Half);
    // Notes in the order of a hash map differ in most of so many tries.
    for _ in 0..20 {
        assert_eq!(weights::encode(&file, Precision::Half), first);
    }
    let saved = saved();
    assert_eq!(session::encode(&saved), session::encode(&saved.clone()));
}

#[test]
fn a_generator_is_read_from_each_kind_of_file() {
    let file = file(7);
    let alone = alone(&file);
    let alone_bytes = generator::encode(&alone, Precision::Single);
    let pair_bytes = weights::encode(&file, Precision::Single);
    assert_eq!(generator::decode(&alone_bytes).unwrap(), alone);
    assert_eq!(generator::decode(&pair_bytes).unwrap(), alone);
    assert_eq!(weights::decode_networks(&alone_bytes).unwrap(), (alone.clone(), None));
    let both = (alone, Some(file.discriminator));
    assert_eq!(weights::decode_networks(&pair_bytes).unwrap(), both);
    // A generator alone is not a pair.
    let error = weights::decode(&alone_bytes).unwrap_err();
    assert!(matches!(error, FileError::OtherKind { found: Kind::Generator, .. }), "{error}");
    assert!(!error.to_string().contains("not written by Saddle"), "{error}");
}

#[test]
fn a_run_is_read_as_its_weights() {
    let saved = saved();
    let read = weights::decode(&session::encode(&saved)).unwrap();
    assert_eq!((read.design, read.step), (saved.settings.design(), saved.step));
    assert_eq!(read.average, saved.weights.average);
    assert_eq!(read.discriminator, saved.weights.discriminator);
}

#[test]
fn a_design_stays_with_its_weights() {
    let usual = Design::of(Preset::Tiny);
    for design in [
        Design { batch_norm: false, activation_g: Activation::Tanh, ..usual },
        Design { spectral_norm: true, activation_d: Activation::Sigmoid, ..usual },
    ] {
        let file = of_design(design, 8);
        assert_eq!(weights::decode(&weights::encode(&file, Precision::Single)).unwrap(), file);
    }
}

#[test]
fn the_pretrained_weights_are_of_the_networks_as_they_are() {
    let bytes = include_bytes!("../pretrained/compact.safetensors");
    let file = weights::decode(bytes).unwrap();
    assert_eq!(file.design, Design::of(Preset::Compact));
}

#[test]
fn training_starts_from_the_average() {
    let file = file(3);
    let start = file.clone().start();
    assert_eq!((&start.average, &start.generator), (&file.average, &file.average));
    assert_eq!(start.discriminator, file.discriminator);
}

/// `from` in the text of the header of `whole` replaced by `to` of the same length.
fn swapped(whole: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "lengths stand in the header");
    let at = whole.windows(from.len()).position(|w| w == from.as_bytes());
    let at = at.unwrap_or_else(|| panic!("no {from} in the file"));
    let mut bytes = whole.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

/// Each kind of damage: its code, what is said of it, and a file that has it.
fn damages() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let whole = weights::encode(&file(4), Precision::Half);
    let swap = |from: &str, to: &str| swapped(&whole, from, to);
    let mut nan = whole.clone();
    let end = nan.len();
    nan[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
    let run = session::encode(&saved());
    vec![
        ("damaged", "not a whole safetensors file", Vec::new()),
        ("damaged", "not a whole safetensors file", whole[..whole.len() - 1].to_vec()),
        ("damaged", "not a whole safetensors file", b"\x89PNG\r\n\x1a\n and so on".to_vec()),
        ("damaged", "step", swap("\"step\":\"123\"", "\"step\":\"abc\"")),
        ("foreign", "not written by Saddle", swap("\"saddle\":", "\"paddle\":")),
        ("unknown-network", "weighty", swap("\"saddle\":\"weights\"", "\"saddle\":\"weighty\"")),
        ("unknown-network", "tidy", swap("\"preset\":\"tiny\"", "\"preset\":\"tidy\"")),
        ("missing-tensor", "0.dense.weight", swap("0.dense.weight", "0.dense.height")),
        ("newer", "format 9", swap("\"version\":\"2\"", "\"version\":\"9\"")),
        ("older", "format 1", swapped(&run, "\"version\":\"2\"", "\"version\":\"1\"")),
        ("shape", "the network needs", swap("[24,12,4,4]", "[12,24,4,4]")),
        ("not-finite", "not finite", nan),
        ("settings", "rateD", swapped(&run, "\\\"rateD\\\":0.", "\\\"rateD\\\":9e")),
    ]
}

#[test]
fn each_kind_of_damage_has_its_error() {
    for (code, words, bytes) in damages() {
        let error = check(&bytes).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn every_error_has_a_code_of_its_own() {
    let design = Design::of(Preset::Tiny);
    let wrong = Settings { k: 0, ..Settings::of(Preset::Tiny) }.validate().unwrap_err();
    let all = [
        FileError::Damaged(String::new()),
        FileError::Foreign,
        FileError::OtherKind { found: Kind::Weights, wanted: String::new() },
        FileError::Unknown { what: "preset", name: String::new() },
        FileError::Missing(String::new()),
        FileError::Newer { found: 9 },
        FileError::Older { found: 1 },
        FileError::Shape { name: "a".into(), found: "b".into(), expected: "c".into() },
        FileError::NotFinite(String::new()),
        FileError::OtherNetwork { found: design, expected: design },
        FileError::Settings(wrong),
    ];
    let codes: BTreeSet<&str> = all.iter().map(FileError::code).collect();
    assert_eq!(codes.len(), all.len());
    // What to do next.
    for error in &all {
        let said = error.to_string();
        let next = ["again", "Choose", "Use a newer", "Begin a new"];
        assert!(next.iter().any(|word| said.contains(word)), "{said}");
    }
}

#[test]
fn a_whole_generator_beside_a_damaged_discriminator_is_refused() {
    let network = Preset::Tiny.networks().discriminator;
    let mut broken = file(5);
    let last = network.parameters().last().unwrap();
    broken.discriminator.parameters[last.offset] = f32::NAN;
    let bytes = weights::encode(&broken, Precision::Single);
    // G by itself is readable.
    assert_eq!(generator::decode(&bytes).unwrap(), alone(&broken));
    assert_eq!(check(&bytes).unwrap_err().code(), "not-finite");

    let mut run = saved();
    run.optimisers[1].memory[0][0] = f32::INFINITY;
    assert_eq!(check(&session::encode(&run)).unwrap_err().code(), "not-finite");
}

#[test]
fn a_check_says_kind_step_and_settings() {
    let file = file(10);
    let found = check(&weights::encode(&file, Precision::Half)).unwrap();
    assert_eq!((found.kind, found.step), ("weights", 123));
    assert_eq!(found.settings, Some(Settings::of(Preset::Tiny)));
    let found = check(&generator::encode(&alone(&file), Precision::Half)).unwrap();
    assert_eq!((found.kind, found.step), ("generator", 123));
    let run = saved();
    let found = check(&session::encode(&run)).unwrap();
    assert_eq!((found.kind, found.step), ("session", run.step));
    assert_eq!(found.settings, Some(run.settings));
    let weights = saddle::mnist::nets::classifier::network().initial(&mut Rng::new(1));
    let found =
        check(&classifier::encode(&ClassifierFile { test_accuracy: 0.5, weights })).unwrap();
    assert_eq!((found.kind, found.step, found.settings), ("classifier", 0, None));
}

/// One whole file of each kind.
static FILES: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    let weights = saddle::mnist::nets::classifier::network().initial(&mut Rng::new(1));
    [
        session::encode(&saved()),
        weights::encode(&file(5), Precision::Byte),
        generator::encode(&alone(&file(5)), Precision::Half),
        classifier::encode(&ClassifierFile { test_accuracy: 0.5, weights }),
    ]
});

/// Length of the header of a safetensors file, with the 8 bytes that tell it.
fn header(bytes: &[u8]) -> usize {
    8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(check(&bytes).is_err());
    }

    /// Of whole files of each kind, some bytes of the header or of the body are changed, and some of the end is cut.
    #[test]
    fn no_damage_to_a_real_file_makes_it_panic(
        kind in 0..4_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 0..6),
        cut in prop_oneof![Just(None), any::<prop::sample::Index>().prop_map(Some)],
    ) {
        let mut bytes = FILES[kind].clone();
        let header = header(&bytes);
        for (at, to, in_body) in changes {
            let at = if in_body { header + at.index(bytes.len() - header) } else { at.index(header) };
            bytes[at] = to;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(check(&bytes).is_err(), "a file that was cut is whole");
        } else if let Err(error) = check(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
