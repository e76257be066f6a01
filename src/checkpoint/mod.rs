//! Weights and whole runs to bytes and back: safetensors with named tensors, versioned and checked.
//!
//! A file is read completely before anything takes it up, so a damaged one changes nothing.

mod blocks;
pub mod classifier;
pub mod session;
pub mod weights;

use crate::models::Preset;

/// Written into every file; a reader refuses a greater one.
pub const VERSION: u32 = 1;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Not safetensors, or cut short.
    #[error("this is not a whole safetensors file ({0}). Download or save it again")]
    Damaged(String),
    /// safetensors, but not written by this program.
    #[error(
        "this safetensors file was not written by Saddle: {0} is missing. Choose one that Saddle saved"
    )]
    Foreign(String),
    /// Written by a newer version.
    #[error("this file has format {found}, this program reads up to {VERSION}. Use a newer Saddle")]
    Newer {
        /// The file's version.
        found: u32,
    },
    /// A tensor of the wrong size or type.
    #[error(
        "tensor {name} is {found}, but the network needs {expected}. Choose a file of this network"
    )]
    Shape {
        /// Its name.
        name: String,
        /// What the file has.
        found: String,
        /// What the network needs.
        expected: String,
    },
    /// Not a number among the weights.
    #[error(
        "tensor {0} holds values that are not finite: that run had diverged. Choose an earlier file"
    )]
    NotFinite(String),
    /// For another pair of networks.
    #[error(
        "this file is of the network {found:?}, not {expected:?}. Choose that network, or another file"
    )]
    OtherNetwork {
        /// The file's.
        found: Preset,
        /// The one in use.
        expected: Preset,
    },
}
