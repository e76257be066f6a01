//! What a product is of.

/// What is multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A convolution, from the large side to the small one.
    Conv,
    /// Its adjoint, from the small side to the large one.
    Transposed,
    /// A dense layer, large `[inputs, 1, 1]` to small `[outputs, 1, 1]`; weight `[inputs, outputs]`.
    Dense,
}

/// The product of a batch and a layer's weight. `[channels, height, width]` on both sides of a convolution with weight
/// `[small channels, large channels, kernel, kernel]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Product {
    pub kind: Kind,
    /// Examples.
    pub n: usize,
    pub large: [usize; 3],
    pub small: [usize; 3],
    /// Side of the square kernel.
    pub kernel: usize,
    pub stride: usize,
    pub padding: usize,
    /// Whether one number for each channel is added to the outputs.
    pub bias: bool,
}
