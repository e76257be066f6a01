//! The networks: layers, the parameters they need, and the presets built from them.
//!
//! A network is a list of [`Layer`]s. All its weights lie in one flat vector, so that an optimiser
//! step, a moving average, a gradient norm and a checkpoint are each one operation on one tensor
//! instead of one per parameter: on a GPU that is the difference between a few dispatches and
//! hundreds.

pub mod classifier;
pub mod init;
pub mod layer;
pub mod mlp;
pub mod network;
pub mod presets;
pub mod table;

pub use layer::{Activation, Layer};
pub use network::{Mode, Network, Parameter};
pub use presets::{Design, Pair, Preset};
