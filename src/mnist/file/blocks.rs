//! Flat vectors as named tensors in a safetensors file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;

use half::f16;
use safetensors::{Dtype, SafeTensors, View, tensor::TensorView};

use super::bytes::Outputs;
use super::error::{FileError, Kind, VERSION};
use crate::mnist::nets::network::flat_length;
use crate::mnist::nets::{Network, Parameter, Weights};

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

/// Note of what a file holds.
const KIND: &str = "saddle";
/// How a header with notes begins.
const NOTES: &str = "{\"__metadata__\":";

/// A safetensors file being written. It borrows its numbers: a run is several megabytes, of which each further
/// copy would make the memory of a browser's worker grow.
pub(super) struct Writer<'a> {
    precision: Precision,
    tensors: Vec<(String, Block<'a>)>,
    notes: Vec<(&'static str, String)>,
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
    pub(super) fn new(precision: Precision, kind: Kind) -> Self {
        let notes = vec![(KIND, kind.name().to_owned()), ("version", VERSION.to_string())];
        Self { precision, tensors: Vec::new(), notes }
    }

    pub(super) fn note(&mut self, key: &'static str, value: String) {
        self.notes.push((key, value));
    }

    /// Notes whole numbers, with spaces between them.
    pub(super) fn numbers<T: ToString>(&mut self, key: &'static str, values: &[T]) {
        let words: Vec<String> = values.iter().map(ToString::to_string).collect();
        self.note(key, words.join(" "));
    }

    /// Adds the blocks of a network.
    pub(super) fn network(&mut self, prefix: &str, network: &Network, weights: &'a Weights) {
        self.blocks(prefix, network.parameters(), &weights.parameters);
        self.blocks(prefix, network.statistics(), &weights.statistics);
    }

    /// Adds the blocks of `flat` as `prefix.name`.
    pub(super) fn blocks(&mut self, prefix: &str, parameters: &[Parameter], flat: &'a [f32]) {
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
        let block = Block { dtype, shape, numbers };
        self.tensors.push((name, block));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, block)| (name.as_str(), block));
        let json = |text: &str| serde_json::to_string(text).expect("a string");
        let notes = self.notes.iter().map(|(key, value)| format!("{}:{}", json(key), json(value)));
        let notes = format!("{{{}}}", notes.collect::<Vec<_>>().join(","));
        let metadata = self.notes.into_iter().map(|(key, value)| (key.to_owned(), value));
        let mut bytes = safetensors::serialize(views, Some(metadata.collect()))
            .expect("names are unique and lengths fit");
        // The library writes notes in no order, and the same weights should be the same bytes.
        let at = 8 + NOTES.len();
        assert!(bytes[8..].starts_with(NOTES.as_bytes()), "notes come first");
        bytes[at..at + notes.len()].copy_from_slice(notes.as_bytes());
        bytes
    }
}

/// A safetensors file being read.
pub(super) struct Reader<'a> {
    tensors: SafeTensors<'a>,
    metadata: HashMap<String, String>,
    /// Of the file's format.
    pub version: u32,
    /// What it holds.
    pub kind: Kind,
}

fn scale_name(name: &str) -> String {
    format!("{name}.scale")
}

impl<'a> Reader<'a> {
    /// Checks format, origin, version, and that it is of one of these kinds.
    pub(super) fn new(bytes: &'a [u8], kinds: &[Kind]) -> Result<Self, FileError> {
        let damaged = |error: safetensors::SafeTensorError| FileError::Damaged(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let name = metadata.get(KIND).ok_or(FileError::Foreign)?.clone();
        let mut reader = Self { tensors, metadata, version: 0, kind: Kind::Session };
        [reader.version] = reader.numbers("version")?;
        if reader.version > VERSION {
            return Err(FileError::Newer { found: reader.version });
        }
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        reader.kind = kind.ok_or(FileError::Unknown { what: "contents called", name })?;
        if !kinds.contains(&reader.kind) {
            let wanted: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            return Err(FileError::OtherKind { found: reader.kind, wanted: wanted.join(" or ") });
        }
        Ok(reader)
    }

    /// Whether there is such a note.
    pub(super) fn notes(&self, key: &str) -> bool {
        self.metadata.contains_key(key)
    }

    pub(super) fn noted(&self, key: &str) -> Result<&str, FileError> {
        self.metadata
            .get(key)
            .map(String::as_str)
            .ok_or_else(|| FileError::Missing(format!("the note {key}")))
    }

    /// The reverse of [`Writer::numbers`].
    pub(super) fn numbers<T: FromStr + Copy + Default, const N: usize>(
        &self,
        key: &str,
    ) -> Result<[T; N], FileError> {
        let damaged = || FileError::Damaged(format!("{key} is not {N} numbers"));
        let mut values = [T::default(); N];
        let mut words = self.noted(key)?.split(' ');
        for value in &mut values {
            let word = words.next().and_then(|word| word.parse().ok());
            *value = word.ok_or_else(damaged)?;
        }
        if words.next().is_some() {
            return Err(damaged());
        }
        Ok(values)
    }

    /// The reverse of [`Writer::network`].
    pub(super) fn network(&self, prefix: &str, network: &Network) -> Result<Weights, FileError> {
        Ok(Weights {
            parameters: self.blocks(prefix, network.parameters())?,
            statistics: self.blocks(prefix, network.statistics())?,
        })
    }

    /// The reverse of [`Writer::blocks`]: a flat vector.
    pub(super) fn blocks(
        &self,
        prefix: &str,
        parameters: &[Parameter],
    ) -> Result<Vec<f32>, FileError> {
        let mut flat = vec![0.0; flat_length(parameters)];
        for parameter in parameters {
            let name = format!("{prefix}.{}", parameter.name);
            let view = self.view(&name)?;
            let out = &mut flat[parameter.offset..parameter.offset + parameter.len()];
            if view.dtype() == Dtype::I8 {
                self.scaled(&name, &view, parameter, out)?;
            } else {
                numbers(&name, &view, &parameter.shape, out)?;
            }
        }
        Ok(flat)
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>, FileError> {
        self.tensors.tensor(name).map_err(|_| FileError::Missing(format!("tensor {name}")))
    }

    /// 8-bit integers times their scales.
    fn scaled(
        &self,
        name: &str,
        view: &TensorView<'_>,
        parameter: &Parameter,
        out: &mut [f32],
    ) -> Result<(), FileError> {
        let outputs = Outputs::of(parameter).filter(|_| view.shape() == parameter.shape);
        let outputs = outputs.ok_or_else(|| misshapen(name, view, &parameter.shape))?;
        let scale = scale_name(name);
        let mut scales = vec![0.0; outputs.count];
        numbers(&scale, &self.view(&scale)?, &[outputs.count], &mut scales)?;
        for (i, (out, &byte)) in out.iter_mut().zip(view.data()).enumerate() {
            *out = f32::from(byte.cast_signed()) * scales[outputs.at(i)];
        }
        Ok(())
    }
}

/// The numbers of a tensor of this shape.
fn numbers(
    name: &str,
    view: &TensorView<'_>,
    shape: &[usize],
    out: &mut [f32],
) -> Result<(), FileError> {
    let data = view.data();
    match view.dtype() {
        _ if view.shape() != shape => return Err(misshapen(name, view, shape)),
        Dtype::F16 => {
            for (out, &bytes) in out.iter_mut().zip(data.as_chunks().0) {
                *out = f16::from_le_bytes(bytes).to_f32();
            }
        }
        Dtype::F32 => {
            for (out, &bytes) in out.iter_mut().zip(data.as_chunks().0) {
                *out = f32::from_le_bytes(bytes);
            }
        }
        _ => return Err(misshapen(name, view, shape)),
    }
    if out.iter().all(|v| v.is_finite()) {
        Ok(())
    } else {
        Err(FileError::NotFinite(name.to_owned()))
    }
}

fn misshapen(name: &str, view: &TensorView<'_>, shape: &[usize]) -> FileError {
    FileError::Shape {
        name: name.to_owned(),
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
        expected: format!("numbers {shape:?}"),
    }
}
