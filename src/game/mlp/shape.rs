//! How wide and how deep a network is, and where its parameters lie.

use std::ops::Range;

/// inputs -> width -> ... -> width -> outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// 1 or 2.
    pub inputs: usize,
    /// Units of each hidden layer, n; at least 1.
    pub width: usize,
    /// Hidden layers, 1 to 3.
    pub layers: usize,
    /// 1 or 2.
    pub outputs: usize,
}

impl Shape {
    /// A scalar function of a scalar with two hidden layers.
    #[must_use]
    pub const fn scalar(width: usize) -> Self {
        Self { inputs: 1, width, layers: 2, outputs: 1 }
    }

    /// Number of parameters.
    #[must_use]
    pub const fn size(self) -> usize {
        self.last().end
    }

    /// Of the first layer's parameters.
    pub(super) const fn first(self) -> Range<usize> {
        0..self.width * (self.inputs + 1)
    }

    /// Of the parameters between hidden layers `layer - 1` and `layer`, which is at least 1.
    pub(super) const fn hidden(self, layer: usize) -> Range<usize> {
        let each = self.width * (self.width + 1);
        let start = self.first().end + (layer - 1) * each;
        start..start + each
    }

    /// Of the last layer's.
    pub(super) const fn last(self) -> Range<usize> {
        let start = self.first().end + (self.layers - 1) * self.width * (self.width + 1);
        start..start + self.outputs * (self.width + 1)
    }
}
