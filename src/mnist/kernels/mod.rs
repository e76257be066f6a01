//! The operations in which a step spends its time, where the library's own are not the best way to them.

mod by;
mod doubling;
mod flex;
mod given;
mod operations;
mod products;
mod replay;
#[cfg(feature = "gpu")]
mod shader;
mod step;

pub(super) use by::{By, Numbers};
pub(super) use doubling::Doubling;
pub(super) use given::Given;
pub(super) use operations::{Adam, BETA_2, adam, blend, descend, keeping, velocity};
pub(super) use products::{convolution, dense, transposed};
pub(super) use replay::Recorder;
pub(super) use step::{
    Curve, NORM_EPSILON, copy, curve, gather, join, logit_loss, mean_square, norm, replace, view,
};
