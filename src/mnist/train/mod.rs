//! Losses, optimisers and the session that trains G and D; known runs of it; and the training of the classifier.

pub mod average;
pub mod classifier;
pub mod known;
pub mod loss;
pub mod optimiser;
pub mod penalty;
pub mod player;
mod read;
pub mod session;
pub mod settings;

pub use read::DeviceError;
pub use session::{Seen, Session, Statistics};
pub use settings::{Order, Settings, SettingsError};
