//! A generator alone, read by the definition of the safetensors format and by nothing else: eight bytes of length,
//! JSON, and tensors at their offsets. Whoever loads such a file in another language does the same.

use std::collections::BTreeMap;

use saddle::mnist::file::generator;
use saddle::mnist::file::generator::GeneratorFile;
use saddle::mnist::file::{Precision, generator::encode};
use saddle::mnist::nets::{Design, Preset};
use saddle::num::rng::Rng;
use serde_json::Value;

/// A tensor in f64.
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    values: Vec<f64>,
}

/// Notes and tensors of a file.
fn read(bytes: &[u8]) -> (BTreeMap<String, String>, BTreeMap<String, Tensor>) {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let data = &bytes[8 + length..];
    let mut tensors = BTreeMap::new();
    let mut end = 0;
    for (name, entry) in header.as_object().unwrap() {
        if name == "__metadata__" {
            continue;
        }
        let numbers = |key: &str| -> Vec<usize> {
            let list = entry[key].as_array().unwrap().iter();
            list.map(|v| v.as_u64().unwrap() as usize).collect()
        };
        let (offsets, shape) = (numbers("data_offsets"), numbers("shape"));
        let block = &data[offsets[0]..offsets[1]];
        end = end.max(offsets[1]);
        let dtype = entry["dtype"].as_str().unwrap().to_owned();
        let values: Vec<f64> = match dtype.as_str() {
            "F32" => {
                let words = block.chunks_exact(4);
                words.map(|w| f64::from(f32::from_le_bytes(w.try_into().unwrap()))).collect()
            }
            "F16" => block.chunks_exact(2).map(|w| half_precision(w.try_into().unwrap())).collect(),
            "I8" => block.iter().map(|&byte| f64::from(byte.cast_signed())).collect(),
            other => panic!("{name} is {other}"),
        };
        assert_eq!(values.len(), shape.iter().product::<usize>(), "{name}");
        tensors.insert(name.clone(), Tensor { dtype, shape, values });
    }
    assert_eq!(end, data.len(), "the tensors fill the file");
    let notes = serde_json::from_value(header["__metadata__"].clone()).unwrap();
    (notes, tensors)
}

/// IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction.
fn half_precision(bytes: [u8; 2]) -> f64 {
    let bits = u16::from_le_bytes(bytes);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let size = match exponent {
        0 => fraction * 2f64.powi(-14),
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// Where integers are stored, each output has a scale: the last axis of a dense weight, the first of a
/// convolution's, the second of a transposed one's.
fn output_axis(name: &str) -> usize {
    usize::from(!name.contains(".conv."))
}

fn file(preset: Preset) -> GeneratorFile {
    let network = preset.networks().generator;
    let mut rng = Rng::new(3);
    let mut weights = network.initial(&mut rng);
    // Biases start at 0, which a reader that leaves them out would not be caught by.
    for parameter in network.parameters() {
        if parameter.name.ends_with("bias") {
            let block = parameter.offset..parameter.offset + parameter.len();
            rng.fill_uniform(&mut weights.parameters[block], -0.5, 0.5);
        }
    }
    GeneratorFile { design: Design::of(preset), step: 77, weights }
}

#[test]
fn tensors_have_the_names_shapes_and_types_that_the_networks_say() {
    for preset in Preset::ALL {
        for (precision, of_weights, of_others) in [
            (Precision::Single, "F32", "F32"),
            (Precision::Half, "F16", "F16"),
            (Precision::Byte, "I8", "F16"),
        ] {
            let (notes, tensors) = read(&encode(&file(preset), precision));
            assert_eq!(notes["preset"], preset.name());
            assert_eq!(notes["step"], "77");
            let network = preset.networks().generator;
            let mut expected = BTreeMap::new();
            for block in network.parameters().iter().chain(network.statistics()) {
                let name = format!("generator.{}", block.name);
                let weight = name.ends_with("weight");
                if weight && precision == Precision::Byte {
                    let shape = vec![block.shape[output_axis(&name)]];
                    expected.insert(format!("{name}.scale"), ("F32".to_owned(), shape));
                }
                let dtype = if weight { of_weights } else { of_others };
                expected.insert(name, (dtype.to_owned(), block.shape.clone()));
            }
            let found: BTreeMap<_, _> =
                tensors.into_iter().map(|(name, t)| (name, (t.dtype, t.shape))).collect();
            assert_eq!(found, expected);
        }
    }
}

/// The paper's G, whose layers are all dense, in f64 by the file's tensors and its note of the layers.
fn draw(bytes: &[u8], z: &[f64]) -> Vec<f64> {
    let (notes, tensors) = read(bytes);
    let mut x = z.to_vec();
    for (i, kind) in notes["layers"].split(' ').enumerate() {
        x = match kind {
            "dense" => {
                let tensor = |role: &str| &tensors[&format!("generator.{i}.dense.{role}")];
                let (weight, bias) = (tensor("weight"), tensor("bias"));
                let outputs = weight.shape[1];
                let scale = tensors.get(&format!("generator.{i}.dense.weight.scale"));
                let scale = |j: usize| scale.map_or(1.0, |scale| scale.values[j]);
                let sum = |j: usize| -> f64 {
                    let column = weight.values.iter().skip(j).step_by(outputs);
                    x.iter().zip(column).map(|(x, w)| x * w).sum()
                };
                (0..outputs).map(|j| scale(j) * sum(j) + bias.values[j]).collect()
            }
            "relu" => x.into_iter().map(|v| v.max(0.0)).collect(),
            "sigmoid" => x.into_iter().map(|v| 1.0 / (1.0 + (-v).exp())).collect(),
            "affine" => x.into_iter().map(|v| 2.0 * v - 1.0).collect(),
            "reshape" => x,
            other => panic!("a layer called {other}"),
        };
    }
    x
}

#[test]
fn a_reader_of_its_own_draws_the_same_image() {
    let z: Vec<f64> = (-50..50).map(|i| f64::from(i) / 50.0).collect();
    for precision in [Precision::Single, Precision::Half, Precision::Byte] {
        let bytes = encode(&file(Preset::Paper), precision);
        let ours = generator::decode(&bytes).unwrap().load();
        let image = ours.images(&z.iter().map(|&v| v as f32).collect::<Vec<_>>());
        let expected = draw(&bytes, &z);
        assert_eq!(image.len(), expected.len());
        for (a, b) in image.iter().zip(&expected) {
            // Sums of 1200 products in f32.
            assert!((f64::from(*a) - b).abs() < 1e-4, "{precision:?}: {a}, expected {b}");
        }
    }
}
