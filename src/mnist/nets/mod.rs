//! The networks: layers, the parameters they need, and the presets built from them.
//!
//! A network is a list of [`Layer`]s. All its weights lie in one flat vector, so that an optimiser
//! step, a moving average, a gradient norm and a file are each one operation on one tensor
//! instead of one per parameter: on a GPU that is the difference between a few dispatches and
//! hundreds.

pub mod classifier;
pub mod layer;
pub mod network;
pub mod presets;
pub mod table;

pub use layer::{Activation, Convolution, Init, Layer};
pub use network::{Effective, Mode, Network, Parameter, Weights};
pub use presets::{Design, Pair, Preset};
