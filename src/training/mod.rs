//! Losses, optimisers, the one-dimensional game and the MNIST session.

#[cfg(feature = "mnist")]
pub mod average;
#[cfg(feature = "mnist")]
pub mod classifier;
#[cfg(feature = "mnist")]
pub mod critic;
pub mod game;
#[cfg(feature = "mnist")]
pub mod inversion;
#[cfg(feature = "mnist")]
pub mod known;
#[cfg(feature = "mnist")]
pub mod loss;
#[cfg(feature = "mnist")]
pub mod optimiser;
#[cfg(feature = "mnist")]
pub mod penalty;
#[cfg(feature = "mnist")]
pub mod player;
#[cfg(feature = "mnist")]
pub mod session;
#[cfg(feature = "mnist")]
pub mod settings;
#[cfg(feature = "mnist")]
pub mod trial;

#[cfg(feature = "mnist")]
pub use session::{Session, Statistics};
#[cfg(feature = "mnist")]
pub use settings::{Settings, SettingsError};
