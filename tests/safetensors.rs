//! A generator alone, as Python's own `safetensors` reads it.
//!
//! The package comes from an interpreter that has it (named by SADDLE_PYTHON, or `python3`), else into a virtual
//! environment in the tests' own folder; where neither can be had, say offline, the test says so and passes.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use burn::tensor::Device;
use saddle::{
    checkpoint::{
        generator::{self, GeneratorFile},
        weights::Precision,
    },
    data::rng::Rng,
    models::{Design, Preset},
    training::session::Generator,
};

const PACKAGES: [&str; 2] = ["safetensors==0.8.0", "numpy==2.4.6"];
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/generator.py");

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// An interpreter with the package.
fn python() -> Option<PathBuf> {
    let has =
        |python: &Path| succeeds(Command::new(python).args(["-c", "import safetensors, numpy"]));
    let named = std::env::var_os("SADDLE_PYTHON").map_or("python3".into(), PathBuf::from);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("safetensors");
    let made = folder.join("bin/python");
    if let Some(python) = [&named, &made].into_iter().find(|python| has(python)) {
        return Some(python.clone());
    }
    let whole = succeeds(Command::new(&named).args(["-m", "venv"]).arg(&folder))
        && succeeds(
            Command::new(&made)
                .args(["-m", "pip", "install", "-q"])
                .args(PACKAGES),
        );
    (whole && has(&made)).then_some(made)
}

#[derive(serde::Deserialize)]
struct Seen {
    notes: BTreeMap<String, String>,
    tensors: BTreeMap<String, (String, Vec<usize>)>,
    image: Vec<f64>,
}

fn file(preset: Preset) -> GeneratorFile {
    let network = preset.networks().generator;
    let mut rng = Rng::new(3);
    let mut parameters = network.initial_parameters(&mut rng);
    // Biases start at 0, which a reader that leaves them out would not be caught by.
    for parameter in network.parameters() {
        if parameter.name.ends_with("bias") {
            let block = parameter.offset..parameter.offset + parameter.len();
            rng.fill_uniform(&mut parameters[block], -0.5, 0.5);
        }
    }
    GeneratorFile {
        design: Design::of(preset),
        step: 77,
        parameters,
        statistics: network.initial_statistics(),
    }
}

#[test]
fn python_reads_a_generator_by_names_and_shapes_and_draws_the_same_image() {
    let Some(python) = python() else {
        eprintln!("not tested: no Python with {}", PACKAGES.join(", "));
        return;
    };
    for preset in [Preset::Tiny, Preset::Article, Preset::Paper] {
        for (precision, of_weights, of_others) in [
            (Precision::Single, "float32", "float32"),
            (Precision::Half, "float16", "float16"),
            (Precision::Byte, "int8", "float16"),
        ] {
            let bytes = generator::encode(&file(preset), precision);
            let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("{}-{of_weights}.safetensors", preset.name()));
            std::fs::write(&path, &bytes).unwrap();
            let output = Command::new(&python)
                .arg(SCRIPT)
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            let seen: Seen = serde_json::from_slice(&output.stdout).unwrap();

            assert_eq!(seen.notes["preset"], preset.name());
            assert_eq!(seen.notes["step"], "77");
            let network = preset.networks().generator;
            let mut expected = BTreeMap::new();
            for block in network.parameters().iter().chain(network.statistics()) {
                let name = format!("generator.{}", block.name);
                let weight = name.ends_with("weight");
                let dtype = if weight { of_weights } else { of_others };
                if weight && precision == Precision::Byte {
                    let output_axis = usize::from(!name.contains(".conv."));
                    let shape = vec![block.shape[output_axis]];
                    expected.insert(format!("{name}.scale"), ("float32".to_owned(), shape));
                }
                expected.insert(name, (dtype.to_owned(), block.shape.clone()));
            }
            assert_eq!(seen.tensors, expected);

            if preset == Preset::Paper {
                let read = generator::decode(&bytes).unwrap();
                let (parameters, statistics) = (read.parameters, read.statistics);
                let ours = Generator::new(read.design, parameters, statistics, &Device::flex());
                let z: Vec<f32> = (-50..50).map(|i| i as f32 / 50.0).collect();
                let image = ours.images(&z);
                assert_eq!(image.len(), seen.image.len());
                for (a, b) in image.iter().zip(&seen.image) {
                    // Sums of 1200 products in f32.
                    assert!((f64::from(*a) - b).abs() < 1e-4, "{a}, in NumPy {b}");
                }
            }
        }
    }
}
