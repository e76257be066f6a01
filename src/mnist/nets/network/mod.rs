//! A list of layers as one function of a flat parameter vector.

mod forward;
mod spectral;

pub use forward::{Forward, Mode};
pub use spectral::Effective;

use burn::tensor::Tensor;

use super::layer::{Block, Convolution, Init, Layer, Role, Shape3};
use crate::mnist::kernels::{Doubling, gather, view};
use crate::num::rng::Rng;

/// Parameters start at multiples of this many floats (256 bytes), the strictest offset a WebGPU
/// binding may need: then a slice of the flat vector is a view, on every device.
const ALIGNMENT: usize = 64;

/// One named block of a flat vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Position in the list of layers, kind and role, such as `3.conv.weight`.
    pub name: String,
    /// Row-major shape.
    pub shape: Vec<usize>,
    /// What it is to its layer.
    pub role: Role,
    /// First element in the flat vector.
    pub offset: usize,
    init: Init,
}

impl Parameter {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Parameters and statistics of one network, each flat, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// In the order of [`Network::parameters`].
    pub parameters: Vec<f32>,
    /// In the order of [`Network::statistics`].
    pub statistics: Vec<f32>,
}

/// A feed-forward network on `[n, channels, height, width]`.
#[derive(Clone, Debug)]
pub struct Network {
    layers: Vec<Layer>,
    input: Shape3,
    parameters: Vec<Parameter>,
    statistics: Vec<Parameter>,
}

impl Network {
    /// Chains `layers` on examples of shape `input`.
    ///
    /// # Panics
    /// If two layers do not fit.
    pub fn new(input: Shape3, layers: Vec<Layer>) -> Self {
        let mut shape = input;
        let (mut parameters, mut statistics) = (Vec::new(), Vec::new());
        for (index, layer) in layers.iter().enumerate() {
            shape = layer.output(shape);
            place(&mut parameters, index, layer.kind(), layer.parameters());
            place(&mut statistics, index, layer.kind(), layer.statistics());
        }
        Self { layers, input, parameters, statistics }
    }

    /// Its layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Shape of one input example.
    pub fn input(&self) -> Shape3 {
        self.input
    }

    /// Shapes from the input to the output: one more than there are layers.
    pub fn shapes(&self) -> Vec<Shape3> {
        let mut shapes = vec![self.input];
        for layer in &self.layers {
            shapes.push(layer.output(shapes[shapes.len() - 1]));
        }
        shapes
    }

    /// Trainable parameters in the order of the flat vector.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Floats in the flat vector of parameters, padding included.
    pub fn length(&self) -> usize {
        flat_length(&self.parameters)
    }

    /// Running statistics in the order of their own flat vector.
    pub fn statistics(&self) -> &[Parameter] {
        &self.statistics
    }

    /// Multiply-adds of one forward pass of one example.
    pub fn multiply_adds(&self) -> usize {
        self.multiplications().into_iter().sum()
    }

    /// Those of each layer; of a doubling of pixels and the convolution behind it, as they are done together.
    pub fn multiplications(&self) -> Vec<usize> {
        let shapes = self.shapes();
        let each = (self.layers.iter().enumerate()).map(|(index, layer)| {
            let before = index.checked_sub(1).and_then(|i| self.doubling(i));
            match before {
                Some(doubling) => doubling.multiplications(shapes[index - 1]),
                None => layer.multiplications(shapes[index]),
            }
        });
        each.collect()
    }

    /// The layer at `index` and the next one, if they are a doubling of pixels and a convolution that keeps the side.
    fn doubling(&self, index: usize) -> Option<Doubling> {
        match *self.layers.get(index..index + 2)? {
            [Layer::Upsample, Layer::Conv(c)] if c.stride == 1 && c.kernel == 2 * c.padding + 1 => {
                let Convolution { inputs, outputs, kernel, bias, .. } = c;
                Some(Doubling { inputs, outputs, kernel, bias })
            }
            _ => None,
        }
    }

    /// Fresh parameters from `rng`, padding zero. Statistics: mean 0, variance 1; for spectral normalisation a
    /// random direction, always the same one.
    pub fn initial(&self, rng: &mut Rng) -> Weights {
        Weights {
            parameters: initial(&self.parameters, rng),
            statistics: initial(&self.statistics, &mut Rng::new(0)),
        }
    }

    /// Puts `values` in the place of the last bias of `weights`.
    ///
    /// # Panics
    /// If there is no bias of this length.
    pub fn set_last_bias(&self, weights: &mut Weights, values: &[f32]) {
        let bias = self.parameters.iter().rfind(|p| p.role == Role::Bias);
        let bias = bias.expect("the network has a bias");
        weights.parameters[bias.offset..bias.offset + bias.len()].copy_from_slice(values);
    }

    /// Gradients by the parameters, one tensor each, as one flat vector.
    ///
    /// # Panics
    /// If `parts` is not one tensor per parameter.
    pub fn flatten(&self, parts: Vec<Tensor<1>>) -> Tensor<1> {
        flatten(&self.parameters, parts)
    }

    /// Batch statistics of a forward pass as one flat vector in the order of [`Self::statistics`].
    pub fn flatten_statistics(&self, parts: Vec<Tensor<1>>) -> Tensor<1> {
        flatten(&self.statistics, parts)
    }
}

/// Appends the blocks of one layer behind those already placed, aligned.
fn place(all: &mut Vec<Parameter>, index: usize, kind: &str, blocks: Vec<Block>) {
    for (role, shape, init) in blocks {
        let offset = end(all);
        all.push(Parameter {
            name: format!("{index}.{kind}.{}", role.name()),
            role,
            shape,
            offset,
            init,
        });
    }
}

/// Floats in the flat vector of `parameters`, padding included. A device tensor may not be empty, so a
/// network without any block still has one of padding.
pub fn flat_length(parameters: &[Parameter]) -> usize {
    end(parameters).max(ALIGNMENT)
}

fn end(parameters: &[Parameter]) -> usize {
    parameters.last().map_or(0, |p| (p.offset + p.len()).next_multiple_of(ALIGNMENT))
}

fn initial(parameters: &[Parameter], rng: &mut Rng) -> Vec<f32> {
    let mut flat = vec![0.0; flat_length(parameters)];
    for parameter in parameters {
        parameter.init.fill(rng, &mut flat[parameter.offset..parameter.offset + parameter.len()]);
    }
    flat
}

fn views(parameters: &[Parameter], flat: &Tensor<1>) -> Vec<Tensor<1>> {
    parameters.iter().map(|p| view(flat, p.offset, p.len())).collect()
}

fn flatten(parameters: &[Parameter], parts: Vec<Tensor<1>>) -> Tensor<1> {
    assert_eq!(parameters.len(), parts.len(), "one part per block");
    let room = |p: &Parameter| p.len().next_multiple_of(ALIGNMENT);
    gather(parameters.iter().zip(parts).map(|(p, part)| (part, room(p))).collect())
}
