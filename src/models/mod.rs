//! The networks: layers, the parameters they need, and the presets built from them.
//!
//! A network is a list of [`Layer`]s. All its weights lie in one flat vector, so that an optimiser
//! step, a moving average, a gradient norm and a checkpoint are each one operation on one tensor
//! instead of one per parameter: on a GPU that is the difference between a few dispatches and
//! hundreds.

#[cfg(feature = "mnist")]
pub mod classifier;
#[cfg(feature = "mnist")]
pub mod init;
#[cfg(feature = "mnist")]
pub mod layer;
pub mod mlp;
#[cfg(feature = "mnist")]
pub mod network;
#[cfg(feature = "mnist")]
pub mod presets;
#[cfg(feature = "mnist")]
pub mod table;

#[cfg(feature = "mnist")]
pub use layer::{Activation, Layer};
#[cfg(feature = "mnist")]
pub use network::{Mode, Network, Parameter};
#[cfg(feature = "mnist")]
pub use presets::{Design, Pair, Preset};
