//! Weights and whole runs to bytes and back: safetensors with named tensors, versioned and checked.
//!
//! A file is read completely before anything takes it up, so a damaged one changes nothing.

mod blocks;
mod bytes;
pub mod classifier;
pub mod generator;
pub mod session;
pub mod weights;

use crate::models::Design;

/// Written into every file; a reader refuses a greater one. Since 2, weights say of which design they are
/// and runs hold all settings; weights of version 1 are of the preset's own design.
pub const VERSION: u32 = 2;

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
    /// A run of an older version, which lacks what this one needs.
    #[error(
        "this run was saved in format {found}, which has fewer settings than this Saddle needs. Begin a new run"
    )]
    Older {
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
    #[error("this file is of the networks {}, not {}. Choose those, or another file", words(*found), words(*expected))]
    OtherNetwork {
        /// The file's.
        found: Design,
        /// The one in use.
        expected: Design,
    },
}

fn words(design: Design) -> String {
    let mut words = design.preset.name().to_owned();
    let usual = Design::of(design.preset);
    if design.activation_d != usual.activation_d {
        words += &format!(", D with {}", design.activation_d.name());
    }
    if design.activation_g != usual.activation_g {
        words += &format!(", G with {}", design.activation_g.name());
    }
    for (is, was, what) in [
        (design.batch_norm, usual.batch_norm, "batch normalisation"),
        (
            design.spectral_norm,
            usual.spectral_norm,
            "spectral normalisation",
        ),
    ] {
        if is != was {
            words += if is { ", with " } else { ", without " };
            words += what;
        }
    }
    words
}
