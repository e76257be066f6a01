//! Losses, optimisers, the one-dimensional game and the MNIST session.

pub mod average;
pub mod classifier;
pub mod critic;
pub mod game;
pub mod inversion;
pub mod loss;
pub mod optimiser;
pub mod penalty;
pub mod player;
pub mod session;
pub mod settings;
pub mod trial;

pub use session::{Session, Statistics};
pub use settings::{Settings, SettingsError};
