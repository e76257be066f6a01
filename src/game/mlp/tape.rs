//! The buffers of a batch.

use super::math::{LANES, Lanes, Scalar};

/// What a batch leaves behind on its way through an [`Mlp`]. `[chunk]` or `[chunk][unit]`, flat.
#[derive(Clone, Debug, Default)]
pub struct Tape<T> {
    /// Inputs; to be written before [`Mlp::forward`].
    pub x: Vec<Lanes<T>>,
    /// Outputs.
    pub y: Vec<Lanes<T>>,
    /// dy/dx, after [`Mlp::tangent`].
    pub slope: Vec<Lanes<T>>,
    /// Derivative of the objective by y; to be written before a backward pass, 0 in empty lanes.
    pub dy: Vec<Lanes<T>>,
    /// Derivative of the objective by `slope`; likewise, before [`Mlp::backward_with_slope`].
    pub dslope: Vec<Lanes<T>>,
    /// Derivative of the objective by x, after [`Mlp::backward_input`].
    pub dx: Vec<Lanes<T>>,
    pub(super) len: usize,
    /// Activations of both layers, and f' there.
    pub(super) a1: Vec<Lanes<T>>,
    pub(super) f1: Vec<Lanes<T>>,
    pub(super) a2: Vec<Lanes<T>>,
    pub(super) f2: Vec<Lanes<T>>,
    /// d/dx of both activations, and of the second pre-activation.
    pub(super) t1: Vec<Lanes<T>>,
    pub(super) t2: Vec<Lanes<T>>,
    pub(super) tu2: Vec<Lanes<T>>,
    /// Derivatives of the objective by pre-activations, and by their d/dx.
    pub(super) e1: Vec<Lanes<T>>,
    pub(super) e2: Vec<Lanes<T>>,
    pub(super) s1: Vec<Lanes<T>>,
    pub(super) s2: Vec<Lanes<T>>,
}

impl<T: Scalar> Tape<T> {
    /// Buffers for `len` samples of a network of this width.
    #[must_use]
    pub fn new(len: usize, width: usize) -> Self {
        let mut tape = Self::default();
        tape.resize(len, width);
        tape
    }

    /// Makes room for `len` samples; what was in the buffers is lost.
    pub fn resize(&mut self, len: usize, width: usize) {
        let chunks = len.div_ceil(LANES);
        self.len = len;
        let Self {
            x, y, slope, dy, dslope, dx, a1, f1, a2, f2, t1, t2, tu2, e1, e2, s1, s2, ..
        } = self;
        for buffer in [x, y, slope, dy, dslope, dx] {
            buffer.clear();
            buffer.resize(chunks, [T::default(); LANES]);
        }
        for buffer in [a1, f1, a2, f2, t1, t2, tu2, e1, e2, s1, s2] {
            buffer.clear();
            buffer.resize(chunks * width, [T::default(); LANES]);
        }
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

    /// The inputs as one slice of `len` samples.
    pub fn inputs(&mut self) -> &mut [T] {
        &mut self.x.as_flattened_mut()[..self.len]
    }

    /// The outputs, likewise.
    #[must_use]
    pub fn outputs(&self) -> &[T] {
        &self.y.as_flattened()[..self.len]
    }
}
