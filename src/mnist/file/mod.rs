//! Weights and whole runs to bytes and back: safetensors with named tensors, versioned and checked.
//!
//! A file is read completely before anything takes it up, so a damaged one changes nothing.

mod blocks;
mod bytes;
mod check;
pub mod classifier;
mod design;
mod error;
pub mod generator;
pub mod session;
pub mod weights;

pub use blocks::Precision;
pub use check::{Summary, check};
pub use error::{FileError, Kind, VERSION};
