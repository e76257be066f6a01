//! What a file is, and why one cannot be used.

use std::fmt;

use crate::mnist::nets::Design;
use crate::mnist::train::settings::SettingsError;

/// Written into every file; a reader refuses a greater one. Since 2, weights say of which design they are
/// and runs hold all settings; weights of version 1 are of the preset's own design.
pub const VERSION: u32 = 2;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole run.
    Session,
    /// The averaged generator, and the discriminator.
    Weights,
    /// A generator alone.
    Generator,
    /// The digit classifier.
    Classifier,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Session, Self::Weights, Self::Generator, Self::Classifier];

    /// As it stands in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Weights => "weights",
            Self::Generator => "generator",
            Self::Classifier => "classifier",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "a run",
            Self::Weights => "weights of G and D",
            Self::Generator => "a generator alone",
            Self::Classifier => "the digit classifier",
        })
    }
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not safetensors, cut short, or a note that cannot be read.
    #[error("this is not a whole safetensors file ({0}). Download or save it again")]
    Damaged(String),
    /// safetensors, but not written by this program.
    #[error("this safetensors file was not written by Saddle. Choose one that Saddle saved")]
    Foreign,
    /// Ours, but not what was asked for.
    #[error("this file holds {found}, where {wanted} is asked for. Choose another file")]
    OtherKind {
        /// What it holds.
        found: Kind,
        /// What was asked for, in words.
        wanted: String,
    },
    /// It names something that this program has not.
    #[error(
        "this file is of a network with {what} {name:?}, which this Saddle does not know. Use a newer Saddle"
    )]
    Unknown {
        /// What is named.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A tensor or a note is not there.
    #[error("{0} is missing in this file. Download or save it again")]
    Missing(String),
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
    /// A run whose settings no run can have.
    #[error("the run in this file cannot be played: {0}. Choose another file")]
    Settings(#[from] SettingsError),
}

impl FileError {
    /// For programs: one word for each kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "damaged",
            Self::Foreign => "foreign",
            Self::OtherKind { .. } => "other-kind",
            Self::Unknown { .. } => "unknown-network",
            Self::Missing(_) => "missing-tensor",
            Self::Newer { .. } => "newer",
            Self::Older { .. } => "older",
            Self::Shape { .. } => "shape",
            Self::NotFinite(_) => "not-finite",
            Self::OtherNetwork { .. } => "other-network",
            Self::Settings(_) => "settings",
        }
    }
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
        (design.spectral_norm, usual.spectral_norm, "spectral normalisation"),
    ] {
        if is != was {
            words += if is { ", with " } else { ", without " };
            words += what;
        }
    }
    words
}
