//! Flat vectors as named tensors in a safetensors file.

use std::{borrow::Cow, collections::HashMap, str::FromStr};

use half::f16;
use safetensors::{Dtype, SafeTensors, View, tensor::TensorView};

use super::{CheckpointError, VERSION, bytes::Outputs};
use crate::models::Parameter;

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Precision {
    /// IEEE half: 11 bits of significand.
    Half,
    /// IEEE single.
    Single,
    /// Weights as 8-bit integers with one scale for each output, in a tensor of its own called
    /// `NAME.scale`: the weight is their product. Everything else half.
    Byte,
}

impl Precision {
    fn dtype(self) -> Dtype {
        match self {
            Self::Single => Dtype::F32,
            Self::Half | Self::Byte => Dtype::F16,
        }
    }
}

/// A safetensors file being written. It borrows its numbers: a run is several megabytes, of which each further
/// copy would make the memory of a browser's worker grow.
pub(super) struct Writer<'a> {
    precision: Precision,
    tensors: Vec<(String, Block<'a>)>,
    metadata: HashMap<String, String>,
}

struct Block<'a> {
    dtype: Dtype,
    shape: Vec<usize>,
    numbers: Numbers<'a>,
}

enum Numbers<'a> {
    /// Written as the block's type.
    Floats(Cow<'a, [f32]>),
    /// As they are written.
    Bytes(Vec<u8>),
}

impl View for &Block<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        match &self.numbers {
            Numbers::Bytes(bytes) => bytes.into(),
            Numbers::Floats(values) if self.dtype == Dtype::F16 => {
                let halves = values.iter().map(|&v| f16::from_f32(v));
                halves.flat_map(f16::to_le_bytes).collect()
            }
            Numbers::Floats(values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        }
    }
    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * self.dtype.bitsize() / 8
    }
}

impl<'a> Writer<'a> {
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
    pub fn blocks(&mut self, prefix: &str, parameters: &[Parameter], flat: &'a [f32]) {
        for parameter in parameters {
            let values = &flat[parameter.offset..parameter.offset + parameter.len()];
            let name = format!("{prefix}.{}", parameter.name);
            let shape = parameter.shape.clone();
            match Outputs::of(parameter) {
                Some(outputs) if self.precision == Precision::Byte => {
                    let scales = outputs.scales(values);
                    let bytes = Numbers::Bytes(outputs.bytes(values, &scales));
                    let scale = scale_name(&name);
                    self.add(name, Dtype::I8, shape, bytes);
                    let (count, scales) = (scales.len(), Numbers::Floats(scales.into()));
                    self.add(scale, Dtype::F32, vec![count], scales);
                }
                _ => {
                    let dtype = self.precision.dtype();
                    self.add(name, dtype, shape, Numbers::Floats(values.into()));
                }
            }
        }
    }

    fn add(&mut self, name: String, dtype: Dtype, shape: Vec<usize>, numbers: Numbers<'a>) {
        let block = Block {
            dtype,
            shape,
            numbers,
        };
        self.tensors.push((name, block));
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

fn scale_name(name: &str) -> String {
    format!("{name}.scale")
}

impl<'a> Reader<'a> {
    /// Checks format, origin, version, and that it is of one of these kinds.
    pub fn new(bytes: &'a [u8], kinds: &[&str]) -> Result<Self, CheckpointError> {
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
        if !kinds.contains(&reader.noted("saddle")?) {
            let kinds = kinds.join(" or ");
            return Err(CheckpointError::Foreign(format!("the mark of {kinds}")));
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
            let view = self.view(&name)?;
            let values = if view.dtype() == Dtype::I8 {
                self.scaled(&name, &view, parameter)?
            } else {
                numbers(&name, &view, &parameter.shape)?
            };
            flat[parameter.offset..parameter.offset + parameter.len()].copy_from_slice(&values);
        }
        Ok(flat)
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>, CheckpointError> {
        self.tensors
            .tensor(name)
            .map_err(|_| CheckpointError::Foreign(name.to_owned()))
    }

    /// 8-bit integers times their scales.
    fn scaled(
        &self,
        name: &str,
        view: &TensorView<'_>,
        parameter: &Parameter,
    ) -> Result<Vec<f32>, CheckpointError> {
        let outputs = Outputs::of(parameter).filter(|_| view.shape() == parameter.shape);
        let outputs = outputs.ok_or_else(|| misshapen(name, view, &parameter.shape))?;
        let scale = scale_name(name);
        let scales = numbers(&scale, &self.view(&scale)?, &[outputs.count])?;
        let values = view.data().iter().enumerate();
        Ok(values
            .map(|(i, &byte)| f32::from(byte.cast_signed()) * scales[outputs.at(i)])
            .collect())
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
    let values = values.filter(|_| view.shape() == shape);
    let values = values.ok_or_else(|| misshapen(name, view, shape))?;
    if values.iter().all(|v| v.is_finite()) {
        Ok(values)
    } else {
        Err(CheckpointError::NotFinite(name.to_owned()))
    }
}

fn misshapen(name: &str, view: &TensorView<'_>, shape: &[usize]) -> CheckpointError {
    CheckpointError::Shape {
        name: name.to_owned(),
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
        expected: format!("numbers {shape:?}"),
    }
}
