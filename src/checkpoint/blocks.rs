//! Flat vectors as named tensors in a safetensors file.

use std::{collections::HashMap, str::FromStr};

use half::f16;
use safetensors::{Dtype, SafeTensors, View, tensor::TensorView};

use super::{CheckpointError, VERSION};
use crate::models::Parameter;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// IEEE half: 11 bits of significand.
    Half,
    /// IEEE single.
    Single,
}

/// A safetensors file being written.
pub(super) struct Writer {
    precision: Precision,
    tensors: Vec<(String, Block)>,
    metadata: HashMap<String, String>,
}

struct Block {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for &Block {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> std::borrow::Cow<'_, [u8]> {
        (&self.bytes).into()
    }
    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

impl Writer {
    pub fn new(precision: Precision, kind: &str) -> Self {
        let metadata = HashMap::from([
            ("saddle".to_owned(), kind.to_owned()),
            ("version".to_owned(), VERSION.to_string()),
        ]);
        Self {
            precision,
            tensors: Vec::new(),
            metadata,
        }
    }

    pub fn note(&mut self, key: &str, value: String) {
        self.metadata.insert(key.to_owned(), value);
    }

    /// Notes whole numbers, with spaces between them.
    pub fn numbers<T: ToString>(&mut self, key: &str, values: &[T]) {
        let words: Vec<String> = values.iter().map(ToString::to_string).collect();
        self.note(key, words.join(" "));
    }

    /// Adds the blocks of `flat` as `prefix.name`.
    pub fn blocks(&mut self, prefix: &str, parameters: &[Parameter], flat: &[f32]) {
        for parameter in parameters {
            let values = &flat[parameter.offset..parameter.offset + parameter.len()];
            self.tensor(
                format!("{prefix}.{}", parameter.name),
                parameter.shape.clone(),
                values,
            );
        }
    }

    fn tensor(&mut self, name: String, shape: Vec<usize>, values: &[f32]) {
        let (dtype, bytes) = match self.precision {
            Precision::Half => (
                Dtype::F16,
                values
                    .iter()
                    .flat_map(|&v| f16::from_f32(v).to_le_bytes())
                    .collect(),
            ),
            Precision::Single => (
                Dtype::F32,
                values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ),
        };
        self.tensors.push((
            name,
            Block {
                dtype,
                shape,
                bytes,
            },
        ));
    }

    pub fn finish(self) -> Vec<u8> {
        let views = self
            .tensors
            .iter()
            .map(|(name, block)| (name.as_str(), block));
        safetensors::serialize(views, Some(self.metadata))
            .expect("names are unique and lengths fit")
    }
}

/// A safetensors file being read.
pub(super) struct Reader<'a> {
    tensors: SafeTensors<'a>,
    metadata: HashMap<String, String>,
    /// Of the file's format.
    pub version: u32,
}

impl<'a> Reader<'a> {
    /// Checks format, origin and version.
    pub fn new(bytes: &'a [u8], kind: &str) -> Result<Self, CheckpointError> {
        let damaged =
            |error: safetensors::SafeTensorError| CheckpointError::Damaged(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let mut reader = Self {
            tensors,
            metadata,
            version: 0,
        };
        reader.version = reader
            .noted("version")?
            .parse()
            .map_err(|_| CheckpointError::Foreign("a version".to_owned()))?;
        if reader.version > VERSION {
            return Err(CheckpointError::Newer {
                found: reader.version,
            });
        }
        if reader.noted("saddle")? != kind {
            return Err(CheckpointError::Foreign(format!("the mark of {kind}")));
        }
        Ok(reader)
    }

    pub fn noted(&self, key: &str) -> Result<&str, CheckpointError> {
        self.metadata
            .get(key)
            .map(String::as_str)
            .ok_or_else(|| CheckpointError::Foreign(key.to_owned()))
    }

    /// The reverse of [`Writer::numbers`].
    pub fn numbers<T: FromStr + Copy + Default, const N: usize>(
        &self,
        key: &str,
    ) -> Result<[T; N], CheckpointError> {
        let damaged = || CheckpointError::Damaged(format!("{key} is not {N} whole numbers"));
        let mut values = [T::default(); N];
        let mut words = self.noted(key)?.split(' ');
        for value in &mut values {
            let word = words.next().and_then(|word| word.parse().ok());
            *value = word.ok_or_else(damaged)?;
        }
        Ok(values)
    }

    pub fn has(&self, prefix: &str, parameters: &[Parameter]) -> bool {
        parameters
            .iter()
            .all(|p| self.tensors.tensor(&format!("{prefix}.{}", p.name)).is_ok())
    }

    /// The reverse of [`Writer::blocks`]: a flat vector of `length` floats.
    pub fn blocks(
        &self,
        prefix: &str,
        parameters: &[Parameter],
        length: usize,
    ) -> Result<Vec<f32>, CheckpointError> {
        let mut flat = vec![0.0; length];
        for parameter in parameters {
            let name = format!("{prefix}.{}", parameter.name);
            let view = self
                .tensors
                .tensor(&name)
                .map_err(|_| CheckpointError::Foreign(name.clone()))?;
            let values = numbers(&name, &view, &parameter.shape)?;
            flat[parameter.offset..parameter.offset + parameter.len()].copy_from_slice(&values);
        }
        Ok(flat)
    }
}

fn numbers(
    name: &str,
    view: &TensorView<'_>,
    shape: &[usize],
) -> Result<Vec<f32>, CheckpointError> {
    let values: Option<Vec<f32>> = match view.dtype() {
        Dtype::F16 => Some(
            view.data()
                .as_chunks()
                .0
                .iter()
                .map(|&b| f16::from_le_bytes(b).to_f32())
                .collect(),
        ),
        Dtype::F32 => Some(
            view.data()
                .as_chunks()
                .0
                .iter()
                .map(|&b| f32::from_le_bytes(b))
                .collect(),
        ),
        _ => None,
    };
    let values =
        values
            .filter(|_| view.shape() == shape)
            .ok_or_else(|| CheckpointError::Shape {
                name: name.to_owned(),
                found: format!("{:?} {:?}", view.dtype(), view.shape()),
                expected: format!("F16 or F32 {shape:?}"),
            })?;
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(CheckpointError::NotFinite(name.to_owned()))
    }
}
