//! Activations that are one number's function of one number.

/// Which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Curve {
    /// None.
    Nothing,
    Relu,
    /// x, or x / 5 below 0.
    Leaky,
    Tanh,
    Sigmoid,
}
