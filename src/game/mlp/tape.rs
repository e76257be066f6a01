//! The buffers of a batch.

use super::math::{LANES, Lanes, Scalar};
use super::shape::Shape;

/// What a batch leaves behind on its way through an [`Mlp`](super::Mlp). `[chunk][input]`, `[chunk][output]` or
/// `[layer][chunk][unit]`, flat.
#[derive(Clone, Debug)]
pub struct Tape<T> {
    /// Inputs; to be written before [`Mlp::forward`](super::Mlp::forward).
    pub x: Vec<Lanes<T>>,
    /// Outputs.
    pub y: Vec<Lanes<T>>,
    /// dy/dx by each input, after [`Mlp::tangent`](super::Mlp::tangent); laid out as x.
    pub slope: Vec<Lanes<T>>,
    /// Derivative of the objective by y; to be written before a backward pass, 0 in empty lanes.
    pub dy: Vec<Lanes<T>>,
    /// Derivative of the objective by `slope`; likewise, before
    /// [`Mlp::backward_with_slope`](super::Mlp::backward_with_slope).
    pub dslope: Vec<Lanes<T>>,
    /// Derivative of the objective by x, after [`Mlp::backward_input`](super::Mlp::backward_input).
    pub dx: Vec<Lanes<T>>,
    len: usize,
    shape: Shape,
    /// Activations of the hidden layers, and f' there.
    pub(super) a: Vec<Lanes<T>>,
    pub(super) f: Vec<Lanes<T>>,
    /// Derivatives of the objective by pre-activations.
    pub(super) e: Vec<Lanes<T>>,
    /// d/dx of activations and of pre-activations, and derivatives of the objective by the latter:
    /// `[input][layer][chunk][unit]`. Empty until they are asked for.
    pub(super) t: Vec<Lanes<T>>,
    pub(super) tu: Vec<Lanes<T>>,
    pub(super) s: Vec<Lanes<T>>,
}

impl<T: Scalar> Tape<T> {
    /// Buffers for `len` samples of a network of this shape.
    #[must_use]
    pub fn new(len: usize, shape: Shape) -> Self {
        let of = |count| vec![[T::default(); LANES]; count];
        let chunks = len.div_ceil(LANES);
        let (x, y) = (chunks * shape.inputs, chunks * shape.outputs);
        let units = chunks * shape.width * shape.layers;
        Self {
            x: of(x),
            y: of(y),
            slope: of(x),
            dy: of(y),
            dslope: of(x),
            dx: of(x),
            len,
            shape,
            a: of(units),
            f: of(units),
            e: of(units),
            t: Vec::new(),
            tu: Vec::new(),
            s: Vec::new(),
        }
    }

    /// Makes room for what slopes need.
    pub(super) fn slopes(&mut self) {
        let count = self.a.len() * self.shape.inputs;
        for buffer in [&mut self.t, &mut self.tu, &mut self.s] {
            buffer.resize(count, [T::default(); LANES]);
        }
    }

    /// Units of one hidden layer of all chunks.
    pub(super) fn layer(&self) -> usize {
        self.a.len() / self.shape.layers
    }

    /// Inputs of a sample.
    #[must_use]
    pub fn inputs_each(&self) -> usize {
        self.shape.inputs
    }

    /// Samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The inputs of a network with one input as a slice of `len` samples.
    pub fn inputs(&mut self) -> &mut [T] {
        debug_assert_eq!(self.shape.inputs, 1, "one number for each sample");
        &mut self.x.as_flattened_mut()[..self.len]
    }

    /// The outputs of a network with one output, likewise.
    #[must_use]
    pub fn outputs(&self) -> &[T] {
        debug_assert_eq!(self.shape.outputs, 1, "one number for each sample");
        &self.y.as_flattened()[..self.len]
    }

    /// Writes the inputs of a network with two, sample by sample.
    pub fn fill_pairs(&mut self, mut next: impl FnMut() -> [T; 2]) {
        debug_assert_eq!(self.shape.inputs, 2, "two numbers for each sample");
        for sample in 0..self.len {
            let (chunk, lane) = (sample / LANES, sample % LANES);
            for (x, value) in self.x[2 * chunk..].iter_mut().zip(next()) {
                x[lane] = value;
            }
        }
    }

    /// `values`, laid out as `x` or `y`, sample by sample: `len` times as many numbers as a sample has.
    #[must_use]
    pub fn rows(&self, values: &[Lanes<T>]) -> Vec<T> {
        let each = values.len() / self.len.div_ceil(LANES).max(1);
        let of = |sample: usize| {
            let chunk = &values[sample / LANES * each..][..each];
            chunk.iter().map(move |x| x[sample % LANES])
        };
        (0..self.len).flat_map(of).collect()
    }
}
